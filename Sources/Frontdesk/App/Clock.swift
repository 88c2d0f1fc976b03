import Glibc

/// Where the program takes the time from, so that a test can set it.
struct Clock: Sendable {
    /// The present instant.
    let now: @Sendable () -> Timestamp
    /// Waits for so long; throws when the task is cancelled.
    let sleep: @Sendable (Duration) async throws -> Void

    /// A clock that shows `now` and waits by `sleep`.
    init(
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        }
    ) {
        self.now = now
        self.sleep = sleep
    }

    /// The machine's real-time clock.
    static let system = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
