import Dispatch
import Glibc
import Synchronization

/// Serves a router over HTTP/1.1, from `start` to `stop`.
public final class Server: Sendable {
    private struct Running: Sendable {
        let daemon: Daemon
        let listener: Listener
        let watch: SlowClientWatch
    }

    private enum State {
        case new
        case running(Running)
        case stopped
    }

    private let context: ServerContext
    private let state = Mutex(State.new)
    private let stopped = StopSignal()

    /// A server that does not listen yet.
    public init(_ configuration: Configuration = Configuration(), router: Router) {
        context = ServerContext(configuration: configuration, router: router)
    }

    /// Begins to serve and returns the port. Throws when the address is taken or unknown, when
    /// certificate or key are refused, and when the server has been started before.
    @discardableResult
    public func start() throws(ServerError) -> Int {
        try state.withLock { state throws(ServerError) in
            guard case .new = state else { throw .alreadyStarted }
            Self.raiseFileLimit()
            let running = try run()
            state = .running(running)
            return running.listener.port
        }
    }

    private func run() throws(ServerError) -> Running {
        let daemon = try Daemon(context)
        let context = context
        let door = Listener.Door(
            hasRoom: { context.registry.count < context.configuration.maximumConnections },
            enter: { socket, address, length in daemon.add(socket, address, length) },
            log: context.configuration.log)
        do throws(ServerError) {
            let listener = try Listener(
                host: context.configuration.host, port: context.configuration.port, door: door)
            return Running(daemon: daemon, listener: listener, watch: SlowClientWatch(context))
        } catch {
            daemon.stop()
            throw error
        }
    }

    /// Raised when `stop` begins.
    public var stopping: StopSignal { context.stopping }

    /// The number of open connections.
    public var connectionCount: Int { context.registry.count }

    /// Stops listening, lets requests in progress and streams come to their end for at most
    /// `deadline`, breaks off what is left, and returns when no network thread runs any more.
    public func stop(within deadline: Duration) async {
        let before = state.withLock { state in
            defer { state = .stopped }
            return state
        }
        switch before {
        case .new: stopped.raise()
        case .stopped: await stopped.wait()
        case .running(let running): await stop(running, within: deadline)
        }
    }

    private func stop(_ running: Running, within deadline: Duration) async {
        await running.listener.close()
        context.stopping.raise()
        running.watch.hurry()
        let registry = context.registry
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .milliseconds(deadline.milliseconds)
        ) { registry.giveUpWaiting() }
        await registry.waitUntilEmpty()
        registry.abandonAll()
        await withCheckedContinuation { continuation in
            // It waits for threads, which a task must not do.
            DispatchQueue.global().async {
                running.daemon.stop()
                running.watch.cancel()
                continuation.resume()
            }
        }
        stopped.raise()
    }

    /// Allows as many open files as the system lets this process have: each connection is one.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
