import Testing

@testable import Frontdesk

/// What a command line may be, and what is said of one that may not.
struct UsageTests {
    private let terminal: Terminal

    init() throws {
        terminal = try Terminal()
    }

    @Test(arguments: [["--help"], ["-h"], ["help"], ["--config", "none.json", "--help"]])
    func `the overview lists all commands`(_ words: [String]) async throws {
        let outcome = await terminal.run(words)
        #expect(outcome.code == 0)
        #expect(outcome.notes == "")
        try Golden("help/frontdesk.txt").expect(outcome.output)
        for command in Command.all { #expect(outcome.output.contains("  \(command.name) ")) }
    }

    @Test(arguments: Command.all.map(\.name))
    func `every command has a help of its own`(_ name: String) async throws {
        let outcome = await terminal.run(name, "--help")
        #expect(outcome.code == 0)
        #expect(outcome.notes == "")
        try Golden("help/\(name).txt").expect(outcome.output)
        #expect(await terminal.run(name, "-h") == outcome)
        #expect(await terminal.run(name, "--nonsense", "--help") == outcome)
    }

    @Test(arguments: Command.all.map(\.name))
    func `a command's help names every option that it takes`(_ name: String) throws {
        let command = try #require(Command.all.first { $0.name == name })
        for option in command.valued + command.switches {
            #expect(command.usage.contains("--\(option)"))
            #expect(command.details.contains { $0.hasPrefix("--\(option)") })
        }
    }

    @Test(
        arguments: [
            ([], "a command is needed"),
            (["--config", "x.json"], "a command is needed"),
            (["sreve"], "unknown command 'sreve'; did you mean 'serve'?"),
            (["completely-different"], "unknown command 'completely-different'"),
            (["--verbose", "serve"], "unknown option '--verbose' before the command"),
            (["--confg", "x.json", "serve"], "unknown option '--confg' before the command"),
            (["config", "--yaml"], "unknown option '--yaml'"),
            (["serve", "--prot", "80"], "unknown option '--prot'; did you mean '--port'?"),
            (["serve", "-p", "80"], "unexpected '-p'"),
            (["serve", "now"], "unexpected 'now'"),
            (["serve", "--port"], "--port needs a value"),
            (["serve", "--port", "--demo"], "--port needs a value"),
            (["serve", "--port", "1", "--port", "2"], "--port is given twice"),
            (["serve", "--port=1", "--port=1"], "--port is given twice"),
            (["--config", "a.json", "config", "--config", "b.json"], "--config is given twice"),
            (["serve", "--demo", "--demo"], "--demo is given twice"),
            (["serve", "--demo=yes"], "--demo takes no value"),
            (["--config"], "--config needs a value"),
            (["config", "--config"], "--config needs a value"),
            (["migrate", "down"], "'migrate' takes up, status or verify, not 'down'"),
            (["migrate", "up", "now"], "unexpected 'now'"),
            (["migrate", "up", "--to", "nope"], "there is no migration 'nope'"),
            (["migrate", "status", "--to", "0001"], "--to goes with 'migrate up'"),
            (["migrate", "verify", "--dry-run"], "--dry-run goes with 'migrate up'"),
            (["emails"], "'emails' needs the word 'release'"),
            (["emails", "send"], "'emails' needs the word 'release'"),
            (["emails", "release", "--tenant", "a b"], "--tenant 'a b' is no tenant's name"),
        ] as [([String], String)])
    func `what is wrong is said in a sentence`(_ words: [String], _ sentence: String) async {
        let outcome = await terminal.run(words)
        #expect(
            outcome
                == Terminal.Outcome(
                    code: 2, notes: "frontdesk: \(sentence)\nTry 'frontdesk --help'.\n"))
    }

    @Test func `an option's value may follow in the next word or after =`() async {
        let outcome = await terminal.run("serve", "--port=70000")
        #expect(outcome == (await terminal.run("serve", "--port", "70000")))
        #expect(
            outcome
                == Terminal.Outcome(
                    code: 2,
                    notes: "frontdesk: '--port' must be a whole number from 0 to 65535\n"))
    }
}
