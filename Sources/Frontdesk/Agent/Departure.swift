import Synchronization

/// Whether a call has left this process.
final class Departure: Sendable {
    private let mark = Atomic(false)

    /// Whether it has.
    var hasBegun: Bool { mark.load(ordering: .acquiring) }

    /// Notes that it leaves now.
    func note() {
        mark.store(true, ordering: .releasing)
    }
}
