internal import Synchronization

/// A wish to stop that one thread voices and another obeys.
final class StopFlag: Sendable {
    private let flag = Atomic(false)

    /// Whether somebody wishes to stop.
    var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Wishes to stop, for good.
    func set() {
        flag.store(true, ordering: .relaxed)
    }
}
