import Dispatch
import Foundation
import Synchronization

/// Writes one line per event to standard error, as text or JSON (operations.md).
///
/// Events are `noun.verb`; a line never holds a message's text, a token or a password.
/// Lines are gathered for up to a tenth of a second, warnings and errors go out at once.
final class Log: Sendable {
    /// The value of a field.
    enum Value: Sendable {
        case text(String)
        case integer(Int)
        /// Milliseconds or another decimal, printed with two digits.
        case decimal(Double)
    }

    private struct Buffer {
        var bytes: [UInt8] = []
        var dropped = 0
        var isFlushPlanned = false
    }

    private let level: Configuration.Log.Level
    private let isJSON: Bool
    private let clock: Clock
    private let output: Int32
    private let buffer = Mutex(Buffer())
    private let queue = DispatchQueue(label: "log")

    /// A log at `level` to the file descriptor `output`.
    init(
        level: Configuration.Log.Level = .info, format: Configuration.Log.Format = .auto,
        clock: Clock = .system, output: Int32 = 2
    ) {
        self.level = level
        self.clock = clock
        self.output = output
        isJSON = format == .json || (format == .auto && isatty(output) == 0)
    }

    /// Whether a line of `level` would be written; lets hot paths skip making its fields.
    func writes(_ level: Configuration.Log.Level) -> Bool {
        level.rank >= self.level.rank
    }

    /// What developers want to know.
    func debug(_ event: StaticString, _ fields: @autoclosure () -> [(StaticString, Value)] = []) {
        if writes(.debug) { write("debug", event, fields()) }
    }

    /// What happened, in the normal course of things.
    func info(_ event: StaticString, _ fields: @autoclosure () -> [(StaticString, Value)] = []) {
        if writes(.info) { write("info", event, fields()) }
    }

    /// What an operator should look at some day.
    func warning(_ event: StaticString, _ fields: @autoclosure () -> [(StaticString, Value)] = []) {
        if writes(.warning) { write("warning", event, fields(), atOnce: true) }
    }

    /// What an operator should look at now.
    func error(_ event: StaticString, _ fields: @autoclosure () -> [(StaticString, Value)] = []) {
        write("error", event, fields(), atOnce: true)
    }

    /// Writes out what is gathered and returns when it is out.
    func flush() {
        queue.sync { drain() }
    }

    private func write(
        _ level: String, _ event: StaticString, _ fields: [(StaticString, Value)],
        atOnce: Bool = false
    ) {
        let line = LogLine(
            time: clock.now(), level: level, event: event, fields: fields, isJSON: isJSON)
        let plan = buffer.withLock { buffer in
            // A reader that has stopped must not make the log eat the memory.
            if buffer.bytes.count > 4_194_304 {
                buffer.dropped += 1
                return false
            }
            buffer.bytes += line.bytes
            if buffer.isFlushPlanned && !atOnce { return false }
            buffer.isFlushPlanned = true
            return true
        }
        guard plan else { return }
        if atOnce {
            queue.async { self.drain() }
        } else {
            queue.asyncAfter(deadline: .now() + .milliseconds(100)) { self.drain() }
        }
    }

    private func drain() {
        var (bytes, dropped) = buffer.withLock { buffer in
            let taken = (buffer.bytes, buffer.dropped)
            buffer = Buffer()
            return taken
        }
        if dropped > 0 {
            bytes +=
                LogLine(
                    time: clock.now(), level: "warning", event: "log.dropped",
                    fields: [("count", .integer(dropped))], isJSON: isJSON
                ).bytes
        }
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(
                    output, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno != EINTR { return }
                rest = rest.dropFirst(max(0, written))
            }
        }
    }
}

extension Configuration.Log.Level {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Log.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// A text written in the source.
    init(stringLiteral value: String) { self = .text(value) }
    /// A number written in the source.
    init(integerLiteral value: Int) { self = .integer(value) }
}
