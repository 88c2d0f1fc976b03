/// Asks other servers over HTTP, as libcurl speaks it: streaming, with limits of time and size,
/// and with a guard over where a connection may lead.
///
/// It follows no redirects, verifies every certificate, keeps no cookies, and takes neither a proxy
/// nor a password from the environment. One thread serves all transfers; it starts with the first.
public final class HTTPClient: Sendable {
    /// What all requests share.
    public struct Configuration: Sendable {
        /// Transfers at once; what comes on top waits its turn, which counts into its `timeout`.
        public var maxConnections = 256
        /// Transfers at once to one scheme, host and port.
        public var maxConnectionsPerHost = 32
        /// The `User-Agent` field; empty sends none.
        public var userAgent = ""
        /// A file of PEM certificates that are trusted beside the system's own.
        public var certificateAuthorities: String?

        /// A configuration with the defaults above.
        public init() {}
    }

    /// Where a connection may lead; looked at when it is made, after the name is resolved.
    public enum AddressPolicy: Sendable {
        /// Anywhere.
        case any
        /// Only to addresses of the public Internet: not to this machine nor to its networks.
        case publicOnly
    }

    /// What all requests share.
    public let configuration: Configuration
    private let loop: TransferLoop

    /// A client that connects only when it is used.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        loop = TransferLoop(configuration)
    }

    deinit { loop.stop() }

    /// Sends a request and returns the whole answer, whatever its status; throws
    /// `HTTPClientError`.
    public func send(_ request: Request) async throws -> Response {
        let transfer = try begin(request, isStreamed: false)
        let (head, body) = try await transfer.whole()
        return Response(status: head.status, headers: head.headers, body: body)
    }

    /// Sends a request and returns as soon as the answer's head is there; throws
    /// `HTTPClientError`. The transfer ends with the body's last reader.
    public func stream(_ request: Request) async throws -> StreamedResponse {
        let transfer = try begin(request, isStreamed: true)
        let body = StreamedResponse.Body(transfer, of: self)
        let head = try await transfer.head()
        return StreamedResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Breaks off what is under way and refuses what comes, as cancelled.
    public func shutdown() {
        loop.stop()
    }

    private func begin(_ request: Request, isStreamed: Bool) throws -> Transfer {
        let transfer = Transfer(
            request.bounded, origin: try WebAddress.origin(of: request.url),
            isStreamed: isStreamed, loop: loop)
        try request.checkHeaders()
        try loop.start(transfer)
        return transfer
    }
}

extension HTTPClient {
    /// What to ask, of whom, and for how long.
    public struct Request: Sendable {
        /// `GET`, `POST`, …
        public var method: String
        /// An absolute `http` or `https` URL.
        public var url: String
        /// The header's fields in order; `Host` and `Content-Length` come by themselves.
        public var headers: [(name: String, value: String)]
        /// The body; nil sends none.
        public var body: [UInt8]?
        /// How long everything may take, waiting in line and reading the body included.
        public var timeout: Duration = .seconds(30)
        /// How long the connection may take, TLS included.
        public var connectTimeout: Duration = .seconds(10)
        /// How long the other side may be silent once it is connected; a reader's own pauses do
        /// not count.
        public var idleTimeout: Duration = .seconds(30)
        /// The most bytes of body that are read.
        public var maxResponseBytes = 10_485_760
        /// Whether a connection that an earlier request has opened may do. When such a one breaks
        /// before an answer, libcurl sends the request again; over its own it never does.
        public var reusesConnections = true
        /// Where the connection may lead.
        public var addresses = AddressPolicy.publicOnly

        /// A request with the limits above.
        public init(
            _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
            body: [UInt8]? = nil
        ) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    /// A whole answer.
    public struct Response: Sendable {
        /// 200 to 999.
        public let status: Int
        /// The header's fields in order, with names as they were sent.
        public let headers: [(name: String, value: String)]
        /// The body.
        public let body: [UInt8]

        /// The first field of this name, in whatever case.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// An answer whose body is still coming.
    public struct StreamedResponse: Sendable {
        /// 200 to 999.
        public let status: Int
        /// The header's fields in order, with names as they were sent.
        public let headers: [(name: String, value: String)]
        /// The body, for one reader; when it reads slowly, the other side sends slowly.
        public let body: Body

        /// The first field of this name, in whatever case.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }
}

extension HTTPClient.StreamedResponse {
    /// The chunks of a body as they come, however the other side cut them.
    public struct Body: AsyncSequence, Sendable {
        /// Ends the transfer when nobody can read it any more.
        private final class Reader: Sendable {
            let transfer: Transfer
            /// Shuts down with the last who needs it.
            private let client: HTTPClient

            init(_ transfer: Transfer, of client: HTTPClient) {
                self.transfer = transfer
                self.client = client
            }

            deinit { transfer.cancel() }
        }

        /// Reads one chunk after the other.
        public struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let read: @Sendable () async throws -> [UInt8]?

            /// The next bytes, nil at the body's end; throws `HTTPClientError`.
            public mutating func next() async throws -> [UInt8]? {
                try await read()
            }
        }

        private let reader: Reader

        /// The body of `transfer`, which ends with the last copy of this.
        init(_ transfer: Transfer, of client: HTTPClient) {
            reader = Reader(transfer, of: client)
        }

        /// An iterator over what is still to come.
        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator { [reader] in try await reader.transfer.chunk() }
        }
    }
}

extension HTTPClient.Request {
    /// The request with times that can be counted with: ten years are as good as for ever.
    fileprivate var bounded: HTTPClient.Request {
        let ever = Duration.seconds(315_360_000)
        var request = self
        request.timeout = min(timeout, ever)
        request.connectTimeout = min(connectTimeout, .seconds(86_400))
        request.idleTimeout = min(idleTimeout, ever)
        return request
    }

    /// Throws when the header cannot be written: nothing may look like a second field or request.
    fileprivate func checkHeaders() throws {
        let signs = Set("!#$%&'*+-.^_`|~".utf8)
        func isToken(_ text: String) -> Bool {
            !text.isEmpty
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "a")...UInt8(ascii: "z"):
                        true
                    default: signs.contains(byte)
                    }
                }
        }
        guard isToken(method) else {
            throw HTTPClientError(kind: .malformed, message: "the method is no token")
        }
        for (name, value) in headers
        where !isToken(name) || value.utf8.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) {
            throw HTTPClientError(
                kind: .malformed, message: "the header field '\(name)' cannot be sent")
        }
    }
}
