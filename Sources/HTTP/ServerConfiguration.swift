import Glibc

extension Server {
    /// What a server is started with.
    public struct Configuration: Sendable {
        /// A host name or address to listen on; `0.0.0.0` and `::` mean all.
        public var host = "127.0.0.1"
        /// The port; 0 picks a free one.
        public var port = 0
        /// Network threads; 0 means as many as cores, never fewer than 2.
        public var threads = 0
        /// The largest body in bytes.
        public var maximumBodyBytes = 1_048_576
        /// The most open connections; more wait until one closes.
        public var maximumConnections = 10_000
        /// The most open connections of one address; 0 means no such limit.
        public var maximumConnectionsPerAddress = 0
        /// How long a connection may stay open between two requests.
        public var idleTimeout: Duration = .seconds(60)
        /// How long a request may take from its first to its last byte.
        public var readTimeout: Duration = .seconds(10)
        /// How long a client may take nothing of an answer.
        public var writeTimeout: Duration = .seconds(30)
        /// Memory for header and buffers of one connection, in bytes; bounds the header.
        public var memoryPerConnection = 16_384
        /// The certificate chain as PEM text; nil serves without TLS.
        public var certificate: String?
        /// The certificate's private key as PEM text.
        public var key: String?
        /// Takes the lines that the network library logs; from any thread.
        public var log: @Sendable (String) -> Void = { _ in }

        /// The defaults: loopback, a free port, 1 MiB bodies.
        public init() {}

        /// The number of network threads that this comes to.
        var effectiveThreads: Int {
            threads > 0 ? max(2, threads) : max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        }
    }
}
