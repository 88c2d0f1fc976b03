/// A command line taken apart: a command, its operands and its options.
struct Arguments {
    /// The words that are no options, the command's own names first.
    private(set) var operands: [String] = []
    /// The options given, by name; a switch has an empty value.
    private(set) var options: [String: String] = [:]

    /// A command line that cannot be understood; exit code 2.
    struct Misuse: Error {
        let text: String
    }

    /// The options that any command takes, with a value.
    static let common = ["config"]

    /// Takes `words` apart; `valued` options take a value, `switches` none. Throws `Misuse`.
    ///
    /// `repeated` options take one value each time, joined by commas in the end.
    init(
        _ words: [String], valued: [String], repeated: [String] = [], switches: [String]
    ) throws {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word != "--" else {
                operands.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard options[name] == nil || repeated.contains(name) else {
                throw Misuse(text: "--\(name) is given twice")
            }
            if switches.contains(name) {
                guard parts.count == 1 else { throw Misuse(text: "--\(name) takes no value") }
                options[name] = ""
            } else if (valued + repeated).contains(name) {
                if parts.count == 1, rest.first.map({ $0.hasPrefix("--") }) ?? true {
                    throw Misuse(text: "--\(name) needs a value")
                }
                let value = parts.count == 2 ? String(parts[1]) : rest.removeFirst()
                options[name] = options[name].map { "\($0),\(value)" } ?? value
            } else {
                let known = (valued + repeated + switches).map { "--\($0)" }
                let hint = Spelling.suggestion(for: "--\(name)", among: known)
                throw Misuse(text: "unknown option '--\(name)'\(hint)")
            }
        }
    }

    /// Whether a switch is given.
    func has(_ name: String) -> Bool { options[name] != nil }

    /// The value of an option, nil when it is not given.
    subscript(name: String) -> String? { options[name] }
}
