import JSON

/// One key of the configuration: its name, its limits, and where its value lives.
struct Setting: Sendable {
    /// The key as the file spells it: `server.port`.
    let name: String
    /// The value now in `configuration`, as the file would hold it.
    let read: @Sendable (Configuration) -> JSONValue
    /// Puts a value from the file in place, or says what is wrong with it ("must be …").
    let write: @Sendable (inout Configuration, JSONValue) throws(Problem) -> Void
    /// The value that a text from the environment or a flag means.
    let parse: @Sendable (String) -> JSONValue

    /// What is wrong with a value, to be read after the key's name.
    struct Problem: Error {
        let text: String
        /// Where within the value, to be read right after the key's name: `[2]`.
        var place = ""
    }

    /// The environment variable that sets the key: `FRONTDESK_SERVER_PORT`.
    var environmentName: String {
        "FRONTDESK_" + name.uppercased().split(separator: ".").joined(separator: "_")
    }
}

// MARK: - The kinds of value

extension Setting {
    /// Where a value lives in the configuration.
    typealias Path<Value> = any WritableKeyPath<Configuration, Value> & Sendable

    /// A whole number within limits.
    static func integer(
        _ name: String, _ path: Path<Int>,
        _ range: ClosedRange<Int>
    ) -> Setting {
        Setting(
            name: name,
            read: { JSONValue($0[keyPath: path]) },
            write: { (configuration, value) throws(Problem) in
                guard let number = value.int, range.contains(number) else {
                    throw Problem(
                        text: "must be a whole number from \(range.lowerBound) "
                            + "to \(range.upperBound)")
                }
                configuration[keyPath: path] = number
            },
            parse: { text in Int(text).map { JSONValue($0) } ?? .string(text) })
    }

    /// A number, whole or not, within limits.
    static func number(
        _ name: String, _ path: Path<Double>,
        _ range: ClosedRange<Double>
    ) -> Setting {
        Setting(
            name: name,
            read: { configuration in
                let number = configuration[keyPath: path]
                return Int(exactly: number).map { JSONValue($0) }
                    ?? JSONValue(number)
            },
            write: { (configuration, value) throws(Problem) in
                guard let number = value.double, range.contains(number) else {
                    throw Problem(
                        text: "must be a number from \(range.lowerBound) to \(range.upperBound)")
                }
                configuration[keyPath: path] = number
            },
            parse: { text in
                Double(text).flatMap { $0.isFinite ? JSONValue($0) : nil }
                    ?? .string(text)
            })
    }

    /// True or false.
    static func flag(
        _ name: String, _ path: Path<Bool>
    ) -> Setting {
        Setting(
            name: name,
            read: { .bool($0[keyPath: path]) },
            write: { (configuration, value) throws(Problem) in
                guard let flag = value.bool else { throw Problem(text: "must be true or false") }
                configuration[keyPath: path] = flag
            },
            parse: { text in
                switch text.lowercased() {
                case "true", "1", "yes", "on": .bool(true)
                case "false", "0", "no", "off": .bool(false)
                default: .string(text)
                }
            })
    }

    /// A text that `check` accepts, of one line unless more are allowed; `check` returns what is
    /// wrong with it.
    static func text(
        _ name: String, _ path: Path<String>, allowsLines: Bool = false,
        check: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Setting {
        Setting(
            name: name,
            read: { .string($0[keyPath: path]) },
            write: { (configuration, value) throws(Problem) in
                guard let text = value.string else { throw Problem(text: "must be a string") }
                let isLine = { (scalar: Unicode.Scalar) in
                    allowsLines && (scalar == "\n" || scalar == "\r" || scalar == "\t")
                }
                guard !text.unicodeScalars.contains(where: { $0.value < 32 && !isLine($0) })
                else { throw Problem(text: "must not hold control characters") }
                if let problem = check(text) { throw Problem(text: problem) }
                configuration[keyPath: path] = text
            },
            parse: { .string($0) })
    }

    /// A list of texts, from the environment separated by commas, each accepted by `check`.
    static func list(
        _ name: String, _ path: Path<[String]>,
        check: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Setting {
        Setting(
            name: name,
            read: { .array($0[keyPath: path].map { .string($0) }) },
            write: { (configuration, value) throws(Problem) in
                guard let items = value.array else { throw Problem(text: "must be an array") }
                var texts: [String] = []
                for item in items {
                    guard let text = item.string, !text.isEmpty else {
                        throw Problem(text: "must hold only non-empty strings")
                    }
                    if let problem = check(text) { throw Problem(text: problem) }
                    texts.append(text)
                }
                configuration[keyPath: path] = texts
            },
            parse: { text in
                .array(
                    text.split(separator: ",").map { part in
                        let text = part.drop { $0 == " " }.reversed().drop { $0 == " " }
                        return .string(String(text.reversed()))
                    })
            })
    }

    /// One of a closed set of words.
    static func choice<Choice>(
        _ name: String, _ path: Path<Choice>
    ) -> Setting
    where
        Choice: RawRepresentable<String> & CaseIterable & SendableMetatype
    {
        Setting(
            name: name,
            read: { .string($0[keyPath: path].rawValue) },
            write: { (configuration, value) throws(Problem) in
                guard let word = value.string, let choice = Choice(rawValue: word) else {
                    let words = Choice.allCases.map { "'\($0.rawValue)'" }
                    throw Problem(text: "must be \(words.joined(separator: " or "))")
                }
                configuration[keyPath: path] = choice
            },
            parse: { .string($0) })
    }
}
