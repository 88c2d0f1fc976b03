import Foundation
import Testing

/// The README's commands, run as a reader would, one after the other on one server.
struct ReadmeTests {
    /// A command of a `console` block and what the README says that it prints.
    struct Command {
        let text: String
        let output: [String]
    }

    @Test(.timeLimit(.minutes(5)))
    func `every command of the README prints what it says`() async throws {
        let readme = try String(contentsOf: Self.file, encoding: .utf8)
        let commands = Self.commands(in: readme)
        #expect(commands.count >= 10)
        let world = try World()
        let server = try await world.serve(demo: true)
        for command in commands {
            let text = command.text
                .replacing("localhost:9080", with: "127.0.0.1:\(server.port)")
                .replacing("data/frontdesk.db", with: world.database)
                .replacing("data/copy.db", with: world.database + ".copy")
                .replacing(".build/release/frontdesk", with: Program.path)
            let child = try await Child(
                ["bash", "-c", Self.keepingVariables(text, in: world.folder)],
                environment: Program.environment(["FRONTDESK_DATABASE_PATH": world.database]),
                errors: world.folder.appending(path: "errors"))
            let lines = await child.output().split(separator: "\n").map(String.init)
            #expect(await child.end() == .exit(0), "\(command.text)")
            #expect(lines.count == command.output.count, "\(command.text)\n\(lines)")
            for (line, expected) in zip(lines, command.output) {
                #expect(Self.matches(line, expected), "\(line)\nis not\n\(expected)")
            }
        }
        #expect(await server.stop() == .exit(0))
    }

    /// A command as a shell of its own runs it that knows what the earlier ones have set.
    private static func keepingVariables(_ text: String, in folder: URL) -> String {
        let file = folder.appending(path: "variables").path
        // The last line of an answer has no end of its own.
        return """
            [ -f '\(file)' ] && . '\(file)'
            \(text); code=$?; echo
            declare -p | grep -E '^declare -- [a-z]+=' > '\(file)'
            exit $code
            """
    }

    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "../../README.md")

    /// The commands of all `console` blocks: a line that begins with `$ `, then what it prints.
    private static func commands(in readme: String) -> [Command] {
        var commands: [Command] = []
        var isInside = false
        for line in readme.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                commands.append(Command(text: String(line.dropFirst(2)), output: []))
            } else if isInside, let last = commands.popLast() {
                commands.append(Command(text: last.text, output: last.output + [String(line)]))
            }
        }
        return commands
    }

    /// Whether a line is the expected one, in which `…` stands for any text.
    private static func matches(_ line: String, _ expected: String) -> Bool {
        var rest = Substring(line)
        let parts = expected.components(separatedBy: "…")
        for (index, part) in parts.enumerated() where !part.isEmpty {
            guard let range = rest.range(of: part), index > 0 || range.lowerBound == rest.startIndex
            else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.isEmpty || expected.hasSuffix("…")
    }
}
