import Dispatch
import Glibc
import Synchronization

/// Accepts connections and hands them to the network threads.
///
/// The library could do this itself, but to make it stop again races with its own threads and can
/// end the process; here it is the cancellation of one dispatch source.
final class Listener: Sendable {
    /// The port that is listened on.
    let port: Int
    private let source: Mutex<any DispatchSourceRead>

    /// Listens at once and calls `accepted` for every connection; throws if the address is taken.
    init(
        host: String, port: Int,
        accepted: @escaping @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Void
    ) throws(ServerError) {
        let socket = try Address.bind(host: host, port: port)
        guard listen(socket, 1024) == 0 else {
            let code = errno
            Glibc.close(socket)
            throw code == EADDRINUSE
                ? .addressInUse(host: host, port: port)
                : .cannotListen(host: host, port: port, reason: String(cString: strerror(code)))
        }
        self.port = Address.port(of: socket)
        let queue = DispatchQueue(label: "frontdesk.listener")
        let source = DispatchSource.makeReadSource(fileDescriptor: socket, queue: queue)
        source.setCancelHandler { Glibc.close(socket) }
        source.setEventHandler { while Self.acceptOne(socket, accepted) {} }
        source.activate()
        self.source = Mutex(source)
    }

    /// Stops listening; who connects from now on is refused by the system.
    func close() {
        source.withLock { $0.cancel() }
    }

    private static func acceptOne(
        _ socket: Int32, _ accepted: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Void
    ) -> Bool {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let client = accept(socket, address, &length)
                guard client >= 0 else { return errno == EINTR || errno == ECONNABORTED }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                accepted(client, address, length)
                return true
            }
        }
    }
}
