import Glibc

/// A port that takes connections and never says a word, until it is closed.
///
/// A turn that checks the mail server hangs on it, for as long as a test wants.
public final class SilentMailServer: Sendable {
    /// The loopback port.
    public let port: Int
    private let socket: Int32

    /// Listens on a free port of the loopback address.
    public init() {
        let socket = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                // The system completes connections by itself: nobody needs to accept them.
                bind(socket, address, length) == 0 && listen(socket, 64) == 0
                    && getsockname(socket, address, &length) == 0
            }
        }
        precondition(code, "no free port")
        self.socket = socket
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Breaks off every connection: whoever waits for a greeting gets an error now.
    public func hangUp() {
        shutdown(socket, Int32(SHUT_RDWR))
    }

    deinit {
        close(socket)
    }
}
