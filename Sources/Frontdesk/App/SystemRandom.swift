import Glibc
import Synchronization

/// Numbers of the system's CSPRNG for ids, drawn many at a time: a turn needs eight of them, and to
/// ask the system takes longer than all the rest of an id.
final class SystemRandom: Sendable {
    /// The numbers of this process.
    static let shared = SystemRandom()

    /// The most that the system gives at once without being interrupted.
    private static let drawn = 256 / MemoryLayout<UInt64>.size

    private let numbers = Mutex<[UInt64]>([])

    /// A number that is given to nobody else.
    func next() -> UInt64 {
        numbers.withLock { numbers in
            if numbers.isEmpty { numbers = Self.draw() }
            return numbers.removeLast()
        }
    }

    /// Two numbers that are given to nobody else.
    func nextTwo() -> (UInt64, UInt64) {
        numbers.withLock { numbers in
            if numbers.count < 2 { numbers = Self.draw() }
            return (numbers.removeLast(), numbers.removeLast())
        }
    }

    private static func draw() -> [UInt64] {
        var numbers = [UInt64](repeating: 0, count: drawn)
        let result = numbers.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        // The system refuses only what is too large; then one by one, as Swift itself draws them.
        return result == 0 ? numbers : numbers.map { _ in UInt64.random(in: .min ... .max) }
    }
}
