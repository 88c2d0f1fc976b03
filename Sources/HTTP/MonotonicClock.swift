import Glibc

/// A clock that never jumps, coarse because it is read several times per request.
enum MonotonicClock {
    /// Milliseconds since the machine started, exact to some four of them.
    static var milliseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
