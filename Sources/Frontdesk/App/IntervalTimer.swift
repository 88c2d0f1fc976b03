import Dispatch
import Synchronization

/// Does the same work at an interval, never twice at once: a turn that comes while the last one
/// still runs is left out.
final class IntervalTimer: Sendable {
    private let isWorking = Atomic<Bool>(false)
    private let source = Mutex<(any DispatchSourceTimer)?>(nil)

    /// Begins, `atOnce` or an interval from now. A second start replaces the first.
    func start(
        every seconds: Double, atOnce: Bool = false, _ work: @escaping @Sendable () async -> Void
    ) {
        source.withLock { source in
            let timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
            timer.setEventHandler { [weak self] in
                guard let self else { return }
                Task { await self.turn(work) }
            }
            timer.schedule(
                deadline: .now() + (atOnce ? 0 : seconds), repeating: seconds,
                leeway: .milliseconds(100))
            timer.activate()
            source?.cancel()
            source = timer
        }
    }

    /// Begins no other turn; one that runs goes on to its end.
    func stop() {
        source.withLock { source in
            source?.cancel()
            source = nil
        }
    }

    private func turn(_ work: @Sendable () async -> Void) async {
        let (begins, _) = isWorking.compareExchange(
            expected: false, desired: true, ordering: .acquiringAndReleasing)
        guard begins else { return }
        defer { isWorking.store(false, ordering: .releasing) }
        await work()
    }
}
