import Synchronization

/// The lines in which messages wait: first in, first out, one turn at a time per session.
///
/// A place is taken the moment a request is complete, before anything is looked up, so that
/// arrival decides. Limits hold for each lane and for the whole server.
final class Lanes: Sendable {
    /// How many may run and wait.
    struct Limits: Sendable {
        /// Places that may wait behind the running one of a session.
        var depth = 32
        /// What happens to a second message of a session.
        var admission = Configuration.Sessions.Admission.queue
        /// Turns that run at once in the whole server.
        var running = 64
        /// Places that wait in the whole server.
        var waiting = 1024
    }

    private struct State {
        var lanes: [Session.Key: [Place]] = [:]
        /// First in their lane, waiting only for one of the server's turns.
        var ready: [Place] = []
        var running = 0
        var waiting = 0
    }

    private let limits: Limits
    private let state = Mutex(State())

    /// Empty lanes with these limits.
    init(limits: Limits) {
        self.limits = limits
    }

    /// How many turns run and wait now.
    var load: (running: Int, waiting: Int) {
        state.withLock { ($0.running, $0.waiting) }
    }

    /// Whether a turn of the session waits or runs.
    func isBusy(_ key: Session.Key) -> Bool {
        state.withLock { $0.lanes[key] != nil }
    }

    /// How many turns of the session wait or run.
    func count(_ key: Session.Key) -> Int {
        state.withLock { $0.lanes[key]?.count ?? 0 }
    }

    /// Takes the next place in the session's lane.
    ///
    /// Throws 409 `session_busy` or 503 `overloaded`, both with `Retry-After`.
    func enter(_ key: Session.Key) throws -> Place {
        let place = Place(key: key)
        try state.withLock { state in
            let ahead = state.lanes[key]?.count ?? 0
            if limits.admission == .reject && ahead > 0 {
                throw Failure(
                    .sessionBusy, "Session '\(key.id)' is answering another message.",
                    retryAfter: 1)
            }
            if ahead > limits.depth {
                throw Failure(
                    .overloaded, "Too many messages wait in session '\(key.id)'.", retryAfter: 1)
            }
            if ahead == 0 && state.running < limits.running {
                state.running += 1
                place.begin()
            } else {
                guard state.waiting < limits.waiting else {
                    throw Failure(
                        .overloaded, "Too many messages wait in this server.", retryAfter: 1)
                }
                state.waiting += 1
                if ahead == 0 { state.ready.append(place) }
            }
            state.lanes[key, default: []].append(place)
        }
        return place
    }

    /// Notes that the agent has done its work for this place, which keeps its lane until the reply
    /// is stored: other sessions' turns may begin, to be stored together with many.
    func settle(_ place: Place) {
        let begun = state.withLock { state -> [Place] in
            guard place.isRunning else { return [] }
            place.markSettling()
            state.running -= 1
            return next(in: &state)
        }
        for place in begun { place.begin() }
    }

    /// Gives the place up, running or not, and lets the next ones begin.
    func leave(_ place: Place) {
        let begun = state.withLock { state in
            remove(place, from: &state)
            return next(in: &state)
        }
        for place in begun { place.begin() }
    }

    private func remove(_ place: Place, from state: inout State) {
        guard var lane = state.lanes[place.key],
            let index = lane.firstIndex(where: { $0 === place })
        else { return }
        lane.remove(at: index)
        state.lanes[place.key] = lane.isEmpty ? nil : lane
        if place.isRunning { state.running -= 1 }
        if !place.hasBegun {
            state.waiting -= 1
            state.ready.removeAll { $0 === place }
        }
        if index == 0, let head = lane.first { state.ready.append(head) }
    }

    /// Moves ready places to running ones as far as the server's limit allows.
    private func next(in state: inout State) -> [Place] {
        let count = min(max(0, limits.running - state.running), state.ready.count)
        let begun = Array(state.ready.prefix(count))
        state.ready.removeFirst(count)
        state.running += count
        state.waiting -= count
        for place in begun { place.markBegun() }
        return begun
    }
}
