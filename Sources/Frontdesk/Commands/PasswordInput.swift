import Foundation

/// Where a command gets what a person types, or another program writes.
enum PasswordInput {
    /// The new password of a user, from the first line of standard input where `isPiped`, else
    /// asked for twice on the terminal.
    static func read(isPiped: Bool, _ console: Console) throws -> String {
        if isPiped {
            guard let line = console.input() else {
                throw CommandFailure(text: "standard input holds no password")
            }
            return line
        }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Arguments.Misuse(
                text: "a password is asked for on a terminal; use --password-stdin elsewhere")
        }
        let first = try ask("Password: ")
        guard try ask("Again: ") == first else {
            throw CommandFailure(text: "the two passwords are not the same")
        }
        return first
    }

    /// Asks without showing what is typed.
    private static func ask(_ question: String) throws -> String {
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        try? FileHandle.standardError.write(contentsOf: Data(question.utf8))
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            try? FileHandle.standardError.write(contentsOf: Data("\n".utf8))
        }
        guard let line = readLine(strippingNewline: true) else {
            throw CommandFailure(text: "no password was typed")
        }
        return line
    }
}
