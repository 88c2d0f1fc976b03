import HTTP
import Synchronization
import Testing

/// A door that opens once; whoever waits before it goes on then.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Opens for ever.
    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once it is open.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Returns when a number has not changed for a while.
func settle(_ number: () -> Int) async throws {
    var last = -1
    var rounds = 0
    while rounds < 10 {
        let now = number()
        rounds = now == last ? rounds + 1 : 0
        last = now
        try await Task.sleep(for: .milliseconds(20))
    }
}

extension Server {
    /// Returns when so many connections are open; fails after half a minute.
    func waitForConnections(_ count: Int) async throws {
        for _ in 1...3000 where connectionCount != count {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(connectionCount == count)
    }
}
