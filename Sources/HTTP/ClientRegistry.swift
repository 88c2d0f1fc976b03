import Synchronization

/// The open connections of a server.
final class ClientRegistry: Sendable {
    private struct State {
        var clients: [ObjectIdentifier: Client] = [:]
        var isAbandoned = false
        var isGivenUp = false
        var emptied: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The number of open connections.
    var count: Int { state.withLock { $0.clients.count } }

    /// Makes the entry of a new connection.
    func open(_ handle: OpaquePointer, socket: Int32) -> Client {
        state.withLock { state in
            let client = Client(handle: handle, socket: socket, isAbandoned: state.isAbandoned)
            state.clients[ObjectIdentifier(client)] = client
            return client
        }
    }

    /// Takes a connection off the list. It returns before the library closes the socket, so nobody
    /// who found the client here can meet another connection under its number.
    func close(_ client: Client) {
        let waiters = state.withLock { state in
            state.clients.removeValue(forKey: ObjectIdentifier(client))
            guard state.clients.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.emptied = [] }
            return state.emptied
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Parks no connection any more, those that come later included, and wakes those that are.
    func abandonAll() {
        let clients = state.withLock { state in
            state.isAbandoned = true
            return Array(state.clients.values)
        }
        for client in clients { client.abandon() }
    }

    /// Calls `body` with every client, and then `finally`, while none can be closed.
    func forEach(_ body: (Client) -> Void, finally: () -> Void) {
        state.withLock { state in
            for client in state.clients.values { body(client) }
            finally()
        }
    }

    /// Ends waits for an empty list, later ones too, although it is not empty.
    func giveUpWaiting() {
        let waiters = state.withLock { state in
            state.isGivenUp = true
            defer { state.emptied = [] }
            return state.emptied
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when no connection is open or `giveUpWaiting` was called.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.clients.isEmpty || state.isGivenUp { return true }
                state.emptied.append(continuation)
                return false
            }
            if isEmpty { continuation.resume() }
        }
    }
}
