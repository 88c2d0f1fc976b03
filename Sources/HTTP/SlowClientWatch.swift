internal import CMicrohttpd
import Dispatch
import Glibc
import Synchronization

/// Cuts off clients that keep a connection and do nothing with it.
///
/// The library's own timeout starts again with every byte, so a client that sends one now and then
/// would hold its connection for ever.
final class SlowClientWatch: Sendable {
    private let context: ServerContext
    private let timer: Mutex<any DispatchSourceTimer>

    /// Begins to watch, several times within the shortest patience.
    init(_ context: ServerContext) {
        self.context = context
        let configuration = context.configuration
        let shortest = min(
            configuration.readTimeout, configuration.idleTimeout, configuration.writeTimeout)
        let tick = max(10, min(1000, shortest.milliseconds / 4))
        let timer = DispatchSource.makeTimerSource(
            queue: DispatchQueue(label: "frontdesk.slow-clients"))
        timer.schedule(deadline: .now() + .milliseconds(tick), repeating: .milliseconds(tick))
        timer.setEventHandler { Self.sweep(context, tick: tick) }
        timer.activate()
        self.timer = Mutex(timer)
    }

    /// Looks at all connections at once and then often: what is idle has to go.
    func hurry() {
        timer.withLock {
            $0.schedule(deadline: .now(), repeating: .milliseconds(20))
        }
    }

    /// Ends the watch.
    func cancel() {
        timer.withLock { $0.cancel() }
    }

    private static func sweep(_ context: ServerContext, tick: Int) {
        let now = MonotonicClock.milliseconds
        let isStopping = context.stopping.isRaised
        var unwatched: [Client] = []
        context.registry.forEach { client in
            let moment = client.phase.current
            let age = now > moment.since ? Int(now - moment.since) : 0
            if isTooOld(client, moment, age: age, tick: tick, context.configuration)
                || (isStopping && (moment.phase == .idle || moment.phase == .fresh))
            {
                client.hangUp()
            } else if age > tick, moment.phase != .working, moment.phase != .writing {
                unwatched.append(client)
            }
        } finally: {
            for client in vanished(unwatched) { letGo(client) }
        }
    }

    /// Those of the clients that have closed their end. The library does not look at a parked
    /// connection, and it misses an end that comes together with the last bytes.
    private static func vanished(_ clients: [Client]) -> [Client] {
        guard !clients.isEmpty else { return [] }
        var sockets = clients.map { pollfd(fd: $0.socket, events: Client.halfClosed, revents: 0) }
        guard poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return [] }
        return zip(clients, sockets).filter { $0.1.revents != 0 }.map(\.0)
    }

    /// Ends the connection of a client that has closed its end, unless it has sent something that
    /// is still to be read.
    private static func letGo(_ client: Client) {
        if client.phase.current.phase == .producing {
            client.abandon()
        } else if !LingeringSocket.hasUnread(client.socket) {
            client.hangUp()
        }
    }

    private static func isTooOld(
        _ client: Client, _ moment: PhaseMark.Moment, age: Int, tick: Int,
        _ configuration: Server.Configuration
    ) -> Bool {
        switch moment.phase {
        case .fresh, .reading:
            return age > configuration.readTimeout.milliseconds
        case .idle:
            return age > configuration.idleTimeout.milliseconds
        case .working, .producing:
            return false
        case .writing:
            guard age > tick else { return false }
            if client.hasTakenMore() {
                client.phase.renew(moment)
                return false
            }
            return age > configuration.writeTimeout.milliseconds
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
