/// One command of the program: its words, its options and what it does.
struct Command: Sendable {
    /// The word that names it.
    let name: String
    /// What it does, in a line.
    let summary: String
    /// How it is called, after the program's name.
    let usage: String
    /// What its options mean, a line each.
    var details: [String] = []
    /// Options with a value, beside `--config`.
    var valued: [String] = []
    /// Options with a value that may be given several times; the values are joined by commas.
    var repeated: [String] = []
    /// Options without a value.
    var switches: [String] = []
    /// The most operands it takes.
    var operands = 0
    /// Does it; throws what `Main` turns into an exit code.
    let run: @Sendable (Arguments, Console) async throws -> Void

    /// All commands, in the order in which `--help` lists them.
    static let all: [Command] = [
        .serve, .migrate, .backup, .restore, .verify, .cleanup, .demoData, .importing, .emails,
        .user, .key, .config, .openapi, .version,
    ]

    /// The text of `frontdesk <command> --help`.
    var help: String {
        var text = "\(summary)\n\nUsage: frontdesk [--config FILE] \(usage)\n"
        if !details.isEmpty {
            text += "\n" + details.map { "  \($0)\n" }.joined()
        }
        return text
    }

    /// The text of `frontdesk --help`.
    static var overview: String {
        let width = all.map(\.name.count).max() ?? 0
        let lines = all.map { command in
            let padding = String(repeating: " ", count: width - command.name.count)
            return "  \(command.name)\(padding)  \(command.summary)\n"
        }
        return """
            Frontdesk: conversations and their agent, inboxes of agents, and upgrades of tickets,
            in one server and one file.

            Usage: frontdesk [--config FILE] <command> [--help]

            \(lines.joined())
            Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.

            """
    }
}

/// Where a command writes: results to standard output, everything else to standard error.
struct Console: Sendable {
    /// Writes a line of the result.
    let out: @Sendable (String) -> Void
    /// Writes a line about the work.
    let note: @Sendable (String) -> Void
    /// The environment of the program.
    let environment: [String: String]
    /// Shows how far the work is, in place of what it showed before; nil without a terminal.
    var progress: (@Sendable (String) -> Void)?
    /// The next line of standard input, nil at its end.
    var input: @Sendable () -> String? = { readLine(strippingNewline: true) }
}

/// The work failed for a reason that is told in one sentence; exit code 1.
struct CommandFailure: Error {
    let text: String
}
