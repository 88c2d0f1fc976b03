import Foundation
import SQLite
import Synchronization

/// The `frontdesk` program.
@main
enum Main {
    /// Runs the command that the arguments name and exits with its code.
    static func main() async {
        let lost = Mutex<(any Error)?>(nil)
        var console = Console(
            out: { line in
                do {
                    try write(line, to: .standardOutput)
                } catch {
                    lost.withLock { $0 = error }
                }
            }, note: { try? write($0, to: .standardError) },
            environment: ProcessInfo.processInfo.environment)
        if isatty(STDERR_FILENO) == 1 { console.progress = { show($0, on: .standardError) } }
        let code = await run(Array(CommandLine.arguments.dropFirst()), console)
        guard code == 0, let error = lost.withLock({ $0 }) else { exit(code) }
        console.note("frontdesk: the result could not be written: \(error.localizedDescription)")
        exit(1)
    }

    /// Runs a command line and returns the exit code: 0 done, 1 failed, 2 wrong usage.
    static func run(_ words: [String], _ console: Console) async -> Int32 {
        do {
            try await dispatch(words, console)
            return 0
        } catch let misuse as Arguments.Misuse {
            console.note("frontdesk: \(misuse.text)")
            console.note("Try 'frontdesk --help'.")
            return 2
        } catch let invalid as ConfigurationLoader.Invalid {
            for problem in invalid.problems { console.note("frontdesk: \(problem)") }
            return 2
        } catch let failure as CommandFailure {
            console.note("frontdesk: \(failure.text)")
        } catch let error as DatabaseError {
            console.note("frontdesk: \(error.message)")
            if let hint = error.hint { console.note("Hint: \(hint)") }
        } catch {
            console.note("frontdesk: \(error)")
        }
        return 1
    }

    private static func dispatch(_ words: [String], _ console: Console) async throws {
        var rest = words[...]
        let common = try takeCommonOptions(from: &rest)
        guard let name = rest.first, name != "--help", name != "-h", name != "help" else {
            if rest.isEmpty { throw Arguments.Misuse(text: "a command is needed") }
            return console.out(Command.overview)
        }
        guard let command = Command.all.first(where: { $0.name == name }) else {
            let hint = Spelling.suggestion(for: name, among: Command.all.map(\.name))
            throw Arguments.Misuse(text: "unknown command '\(name)'\(hint)")
        }
        let tail = Array(rest.dropFirst())
        if tail.contains("--help") || tail.contains("-h") { return console.out(command.help) }
        let arguments = try Arguments(
            common + tail, valued: Arguments.common + command.valued,
            repeated: command.repeated, switches: command.switches)
        guard arguments.operands.count <= command.operands else {
            throw Arguments.Misuse(
                text: "unexpected '\(arguments.operands[command.operands])'")
        }
        try await command.run(arguments, console)
    }

    /// Takes the options that may stand before the command, each with its value.
    private static func takeCommonOptions(
        from rest: inout ArraySlice<String>
    ) throws -> [String] {
        var common: [String] = []
        while let word = rest.first, word.hasPrefix("--"), word != "--help" {
            guard word == "--config" || word.hasPrefix("--config=") else {
                throw Arguments.Misuse(text: "unknown option '\(word)' before the command")
            }
            common.append(rest.removeFirst())
            guard word == "--config" else { continue }
            guard let value = rest.popFirst() else {
                throw Arguments.Misuse(text: "--config needs a value")
            }
            common.append(value)
        }
        return common
    }

    /// Shows a text on the present line of a terminal; an empty one clears it.
    private static func show(_ text: String, on handle: FileHandle) {
        try? handle.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
    }

    private static func write(_ line: String, to handle: FileHandle) throws {
        let text = line.hasSuffix("\n") ? line : line + "\n"
        try handle.write(contentsOf: Data(text.utf8))
    }
}
