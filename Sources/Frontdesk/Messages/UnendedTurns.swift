import Synchronization

/// Turns that are over although their rows say that they run, because the database could not be
/// written when they ended; they are marked as interrupted as soon as it can be.
final class UnendedTurns: Sendable {
    private struct State {
        /// The turns' ids, each with the number of its entry.
        var entries: [String: Int] = [:]
        var count = 0
        var isRunning = false
    }

    /// How long after a try the next one follows.
    private static let pause = Duration.seconds(1)

    private let store: TurnStore
    private let state = Mutex(State())

    /// None yet.
    init(store: TurnStore) {
        self.store = store
    }

    /// Whether a turn's row still says that it runs.
    func contains(_ turnID: String) -> Bool {
        state.withLock { $0.entries[turnID] != nil }
    }

    /// Notes a turn whose end could not be stored.
    func add(_ turnID: String) {
        let starts = state.withLock { state in
            state.count += 1
            state.entries[turnID] = state.count
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard starts else { return }
        Task { [weak self] in
            repeat {
                try? await Task.sleep(for: Self.pause)
            } while await self?.endAll() == true
        }
    }

    /// Lets a turn of an earlier request run again, whose end may not have been stored.
    func resume(_ turn: Turn) async throws {
        let wasUnended = state.withLock { $0.entries.removeValue(forKey: turn.id) != nil }
        do {
            try await store.resume(turn)
        } catch {
            if wasUnended { add(turn.id) }
            throw error
        }
    }

    /// Marks all that can be marked now, and returns whether some are left.
    private func endAll() async -> Bool {
        let entries = state.withLock { $0.entries }
        // Whoever was taken up meanwhile runs again and is not to be touched.
        let ended = try? await store.interrupt(Array(entries.keys)) { [self] id in
            state.withLock { $0.entries[id] == entries[id] }
        }
        return state.withLock { state in
            for id in ended ?? [] where state.entries[id] == entries[id] {
                state.entries[id] = nil
            }
            state.isRunning = !state.entries.isEmpty
            return state.isRunning
        }
    }
}
