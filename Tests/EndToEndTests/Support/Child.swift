import Dispatch
import Foundation
import Subprocess
import Synchronization

/// A process that a test starts, talks to by signals, and never leaves behind.
///
/// It lives for a few minutes at most, even when the tests themselves are killed.
final class Child: Sendable {
    /// How a process ended.
    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)

        fileprivate init(_ end: Subprocess.End) {
            switch end {
            case .exit(let code): self = .exit(code)
            case .signal(let number): self = .signal(number)
            }
        }
    }

    private struct State {
        var lines: [String] = []
        var isSilent = false
        var end: End?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The process' own number.
    let pid: pid_t
    private let state: Watched

    /// What is known of the process, and who waits to know more.
    private final class Watched: Sendable {
        private let state = Mutex(State())

        func change(_ body: (inout State) -> Void) {
            let waiters = state.withLock { state in
                body(&state)
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }

        func look<Value: Sendable>(_ body: (State) -> Value) -> Value {
            state.withLock { body($0) }
        }

        func wait<Value: Sendable>(for body: (State) -> Value?) async -> Value {
            while true {
                if let value = look(body) { return value }
                await withCheckedContinuation { continuation in
                    let isKnown = state.withLock { state in
                        if body(state) != nil { return true }
                        state.waiters.append(continuation)
                        return false
                    }
                    if isKnown { continuation.resume() }
                }
            }
        }
    }

    /// How many seconds a process may live.
    private static let life = "240"

    /// Starts `words`; standard error goes to the file `errors`.
    init(_ words: [String], environment: [String: String], errors: URL) async throws {
        try Data().write(to: errors)
        let output = Pipe()
        let state = Watched()
        // The shell tells its number and becomes the program, which keeps it.
        _ = try Subprocess(
            ["/usr/bin/env", "timeout", "--foreground", "--signal=KILL", Child.life]
                + ["/bin/sh", "-c", #"echo "$$"; exec "$0" "$@""#] + words,
            environment: environment, output: output,
            errors: try FileHandle(forWritingTo: errors),
            onEnd: { end in state.change { $0.end = End(end) } })
        DispatchQueue(label: "child.output").async {
            Child.read(output.fileHandleForReading, into: state)
        }
        self.state = state
        let first = await state.wait { $0.lines.first ?? ($0.isSilent ? "" : nil) }
        guard let pid = pid_t(first) else { throw Failure(text: "\(words) did not start") }
        self.pid = pid
    }

    deinit {
        send(SIGKILL)
    }

    /// What went wrong with a process.
    struct Failure: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    /// Sends a signal, if the process still runs.
    func send(_ signal: Int32) {
        if state.look({ $0.end == nil }) { kill(pid, signal) }
    }

    /// The first line of its output that begins with `start`; nil if it ends without one.
    func line(beginningWith start: String) async -> String? {
        await state.wait { state -> String?? in
            if let line = state.lines.first(where: { $0.hasPrefix(start) }) { return .some(line) }
            return state.isSilent ? .some(nil) : nil
        }
    }

    /// Everything it has printed, once it has ended.
    func output() async -> String {
        await state.wait { state in
            state.isSilent && state.end != nil
                ? state.lines.dropFirst().map { $0 + "\n" }.joined() : nil
        }
    }

    /// How it ended, once it has.
    @discardableResult
    func end() async -> End {
        await state.wait { $0.end }
    }

    private static func read(_ handle: FileHandle, into state: Watched) {
        var rest = Data()
        while case let more = handle.availableData, !more.isEmpty {
            rest += more
            var lines: [String] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(String(decoding: rest[..<end], as: UTF8.self))
                rest = Data(rest[rest.index(after: end)...])
            }
            state.change { [lines] in $0.lines += lines }
        }
        state.change { $0.isSilent = true }
    }
}

// MARK: - What the system knows of it

extension Child {
    /// Bytes of memory that it holds.
    var residentBytes: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            let number = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return (number ?? 0) * 1024
        }
    }

    /// How many descriptors it holds.
    var descriptors: Int {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        }
    }
}
