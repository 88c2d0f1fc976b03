import Synchronization

/// A number that several tasks add to.
final class Counter: Sendable {
    private let number = Mutex(0)

    /// The sum so far.
    var value: Int { number.withLock(\.self) }

    /// Adds.
    func add(_ more: Int = 1) { number.withLock { $0 += more } }
}

/// Texts that several tasks write down.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    /// What was written so far.
    var all: [String] { lines.withLock(\.self) }

    /// Writes a line.
    func write(_ line: String) { lines.withLock { $0.append(line) } }
}
