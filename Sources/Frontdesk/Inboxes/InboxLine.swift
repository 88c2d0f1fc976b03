import Synchronization

/// Those who wait for messages, in a line for each inbox: first come, first served.
///
/// Only the first of a line looks for messages. It is rung whenever something may have become
/// ready, and whoever leaves rings the one behind, so as long as messages are ready and somebody
/// waits, somebody has been rung.
final class InboxLine: Sendable {
    /// Somebody's place in the line, with the bell that wakes whoever waits there.
    final class Place: Sendable {
        let inbox: Mapping.Key
        let bell = Bell()

        fileprivate init(_ inbox: Mapping.Key) {
            self.inbox = inbox
        }
    }

    private struct State {
        var lines: [Mapping.Key: [Place]] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Whether nobody is to wait any longer, because the server stops.
    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Takes the last place of an inbox' line.
    func enter(_ inbox: Mapping.Key) -> Place {
        let place = Place(inbox)
        state.withLock { $0.lines[inbox, default: []].append(place) }
        return place
    }

    /// Whether this is the first of its line.
    func isFirst(_ place: Place) -> Bool {
        state.withLock { $0.lines[place.inbox]?.first === place }
    }

    /// Gives a place up and rings the one who is first now.
    func leave(_ place: Place) {
        state.withLock { state in
            var line = state.lines[place.inbox] ?? []
            line.removeAll { $0 === place }
            state.lines[place.inbox] = line.isEmpty ? nil : line
        }
        ring(place.inbox)
    }

    /// Rings the first of an inbox' line: something may have become ready, or will be sooner.
    func ring(_ inbox: Mapping.Key) {
        state.withLock { $0.lines[inbox]?.first }?.bell.ring()
    }

    /// Ends all waiting, for ever.
    func stop() {
        let places = state.withLock { state in
            state.isStopped = true
            return state.lines.values.flatMap(\.self)
        }
        for place in places { place.bell.ring() }
    }

    /// How many wait.
    var count: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }
}
