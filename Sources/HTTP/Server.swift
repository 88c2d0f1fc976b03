import Glibc
import Synchronization

/// Serves a router over HTTP/1.1, from `start` to `stop`.
public final class Server: Sendable {
    private struct Running: Sendable {
        let daemon: Daemon
        let listener: Listener
    }

    private let context: ServerContext
    private let running = Mutex<Running?>(nil)

    /// A server that does not listen yet.
    public init(_ configuration: Configuration = Configuration(), router: Router) {
        context = ServerContext(configuration: configuration, router: router)
    }

    /// Begins to serve and returns the port; throws when the address is taken or unknown.
    @discardableResult
    public func start() throws(ServerError) -> Int {
        Self.raiseFileLimit()
        let daemon = try Daemon(context)
        let listener: Listener
        do throws(ServerError) {
            listener = try Listener(
                host: context.configuration.host, port: context.configuration.port
            ) { socket, address, length in
                _ = daemon.add(socket, address, length)
            }
        } catch {
            daemon.stop()
            throw error
        }
        running.withLock { $0 = Running(daemon: daemon, listener: listener) }
        return listener.port
    }

    /// Raised when `stop` begins.
    public var stopping: StopSignal { context.stopping }

    /// The number of open connections.
    public var connectionCount: Int { context.registry.count }

    /// Stops listening, lets requests in progress finish for at most `deadline`, closes what is
    /// left, and returns when nothing of the server runs any more.
    public func stop(within deadline: Duration) async {
        let taken = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let taken else { return }
        taken.listener.close()
        context.stopping.raise()
        context.registry.abandonAll()
        taken.daemon.stop()
    }

    /// Allows as many open files as the system lets this process have: each connection is one.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
