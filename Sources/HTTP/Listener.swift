import Dispatch
import Glibc
import Synchronization

/// Accepts connections and hands them to the network threads.
///
/// The library could do this itself, but to make it stop again races with its own threads and can
/// end the process; here it is the cancellation of one dispatch source.
final class Listener: Sendable {
    /// What is asked and told about connections.
    struct Door: Sendable {
        /// Whether one more may come in now.
        let hasRoom: @Sendable () -> Bool
        /// Takes an accepted connection.
        let enter: @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Void
        /// Takes a line for the log.
        let log: @Sendable (String) -> Void
    }

    /// The port that is listened on.
    let port: Int
    private let source: Mutex<any DispatchSourceRead>
    private let closed = StopSignal()

    /// How long nothing is accepted when there is no room.
    private static let pause = DispatchTimeInterval.milliseconds(100)

    /// Listens at once; throws if the address is taken or unknown.
    init(host: String, port: Int, door: Door) throws(ServerError) {
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
        let timer = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler {
            guard !Self.acceptAll(socket, door) else { return }
            // Whoever waits stays in the system's line meanwhile.
            source.suspend()
            timer.schedule(deadline: .now() + Self.pause)
        }
        timer.setEventHandler { source.resume() }
        source.setCancelHandler { [closed] in
            // Without their handlers the two no longer keep each other alive.
            source.setEventHandler(handler: nil)
            timer.setEventHandler(handler: nil)
            timer.cancel()
            Glibc.close(socket)
            closed.raise()
        }
        timer.schedule(deadline: .distantFuture)
        timer.activate()
        source.activate()
        self.source = Mutex(source)
    }

    /// Stops listening: who connects from now on is refused by the system. Returns when the last
    /// connection has been handed over.
    func close() async {
        source.withLock { $0.cancel() }
        await closed.wait()
    }

    /// Accepts until nobody waits; false when there is no room for more.
    private static func acceptAll(_ socket: Int32, _ door: Door) -> Bool {
        while true {
            guard door.hasRoom() else { return false }
            if let failure = acceptOne(socket, door) {
                switch failure {
                case EAGAIN: return true
                case EINTR, ECONNABORTED: continue
                default:
                    door.log("cannot accept a connection: \(String(cString: strerror(failure)))")
                    return false
                }
            }
        }
    }

    /// Accepts one connection; returns the system's error code if there is none.
    private static func acceptOne(_ socket: Int32, _ door: Door) -> Int32? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let client = accept(socket, address, &length)
                guard client >= 0 else { return errno }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                door.enter(client, address, length)
                return nil
            }
        }
    }
}
