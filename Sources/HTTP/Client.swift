internal import CMicrohttpd
import Glibc
import Synchronization

/// A connection as others than its own network thread see it: tasks that answer, producers of
/// streams, the watch over slow clients, the stop of the server.
final class Client: Sendable {
    private struct State {
        /// The `MHD_Connection` as a number, because a pointer is not `Sendable`. It is used only
        /// while `isSuspended`: the library keeps a suspended connection until it is resumed.
        let handle: UInt
        var isSuspended = false
        var isAbandoned = false
        var ticket = 0
        var answer: Response?
    }

    /// The connection's socket; open until the registry has let this client go.
    let socket: Int32
    /// What the connection is doing and since when.
    let phase: PhaseMark
    private let acknowledged = Atomic<UInt64>(0)
    private let state: Mutex<State>

    /// A connection that has just been accepted, or that is given up from the start.
    init(handle: OpaquePointer, socket: Int32, isAbandoned: Bool) {
        self.socket = socket
        phase = PhaseMark()
        state = Mutex(State(handle: UInt(bitPattern: handle), isAbandoned: isAbandoned))
    }

    /// Parks the connection until `answer` or `wake`; only on its network thread. The number goes
    /// with either, so that a late one cannot meet the next request. Nil when the server no longer
    /// waits for this connection.
    func suspend() -> Int? {
        state.withLock { state in
            guard !state.isAbandoned, let pointer = OpaquePointer(bitPattern: state.handle) else {
                return nil
            }
            state.isSuspended = true
            state.ticket += 1
            state.answer = nil
            MHD_suspend_connection(pointer)
            return state.ticket
        }
    }

    /// Hands over the answer to the request that was parked under `ticket`.
    func answer(_ response: Response, ticket: Int) {
        state.withLock { state in
            guard state.isSuspended, state.ticket == ticket else { return }
            state.answer = response
            Self.resume(&state)
        }
    }

    /// The answer that came while the connection was parked.
    func takeAnswer() -> Response? {
        state.withLock { state in
            defer { state.answer = nil }
            return state.answer
        }
    }

    /// Lets the connection go on that was parked under `ticket`.
    func wake(_ ticket: Int) {
        state.withLock { state in
            if state.isSuspended, state.ticket == ticket { Self.resume(&state) }
        }
    }

    /// Never parks the connection again, and lets it go on if it is parked.
    func abandon() {
        state.withLock { state in
            state.isAbandoned = true
            if state.isSuspended { Self.resume(&state) }
        }
    }

    /// Whether the client has closed its end while its connection is parked, or the connection is
    /// no longer parked.
    var hasVanished: Bool {
        state.withLock { state in
            // Only a parked connection is kept, and with it the socket's number.
            guard state.isSuspended else { return true }
            var socket = pollfd(fd: socket, events: Self.halfClosed, revents: 0)
            return poll(&socket, 1, 0) > 0
        }
    }

    /// POLLRDHUP, which the C library shows only to programs that ask for all of GNU.
    static let halfClosed: Int16 = 0x2000

    /// Closes the connection; only while the registry holds this client. The network thread learns
    /// of it as of any lost connection and cleans up.
    func hangUp() {
        shutdown(socket, Int32(SHUT_RDWR))
    }

    /// Whether the client has taken bytes since this was last asked.
    func hasTakenMore() -> Bool {
        let now = frontdesk_tcp_acknowledged(socket)
        return acknowledged.exchange(now, ordering: .relaxed) != now
    }

    private static func resume(_ state: inout State) {
        state.isSuspended = false
        // Only the one who clears the mark resumes, so the connection is still there.
        if let pointer = OpaquePointer(bitPattern: state.handle) {
            MHD_resume_connection(pointer)
        }
    }
}
