import JSON

/// Reads a tool call's arguments as typed values and collects everything that is wrong with them.
///
/// A value that is wrong is noted and replaced by a placeholder; `check()` throws before anyone
/// uses it.
struct ArgumentReader {
    /// The arguments without nulls, with texts trimmed.
    let values: JSONObject
    /// The instant that counts as now, for dates that must not lie in the future.
    let now: Timestamp
    private(set) var problems: [JSONProblem]

    /// Prepares the arguments and checks them against the schema; throws `ToolError` if they are
    /// no object.
    init(
        _ arguments: JSONValue, schema: JSONSchema, inAnyCase: Set<String> = [], now: Timestamp
    ) throws {
        self.now = now
        switch arguments {
        case .object(let object): values = Self.prepared(object, inAnyCase)
        case .null: values = JSONObject()
        default: throw ToolError.noObject
        }
        problems = schema.problems(in: .object(values))
    }

    /// Throws one `ToolError` that names all problems, if there are any.
    func check() throws {
        try ToolError.check(problems)
    }

    /// Notes that an argument is wrong; once only, since its first problem explains the rest.
    mutating func note(_ key: String, _ problem: String) {
        guard !problems.contains(where: { $0.field == key }) else { return }
        problems.append(JSONProblem(field: key, problem: problem))
    }

    private static func prepared(_ object: JSONObject, _ inAnyCase: Set<String>) -> JSONObject {
        var result = JSONObject()
        for member in object.members {
            switch member.value {
            case .null: continue
            case .string(let text):
                let trimmed = text.trimmed
                result[member.key] = .string(
                    inAnyCase.contains(member.key) ? trimmed.asChoice : trimmed)
            default: result[member.key] = member.value
            }
        }
        return result
    }
}

// MARK: - Texts and numbers

extension ArgumentReader {
    /// A text without control characters, nil when absent.
    mutating func text(_ key: String) -> String? {
        guard let text = values[key]?.string else { return nil }
        if text.hasControlCharacters { note(key, "must not contain control characters") }
        return text
    }

    /// A text that must be there.
    mutating func requiredText(_ key: String) -> String {
        text(key) ?? ""
    }

    /// A name that must be there: a text with at least one letter of any script.
    mutating func name(_ key: String) -> String {
        let name = requiredText(key)
        if !name.unicodeScalars.contains(where: \.properties.isAlphabetic) {
            note(key, "must contain a letter")
        }
        return name
    }

    /// A part of a text to be searched for, nil when absent.
    mutating func part(_ key: String) -> String? {
        guard let text = text(key) else { return nil }
        // Accents alone fold to nothing, and nothing would be found everywhere.
        if text.folded.isEmpty { note(key, "must contain a letter, a digit or a sign") }
        return text
    }

    /// A part of a name to be searched for, which has a letter as names do; nil when absent.
    mutating func partOfName(_ key: String) -> String? {
        guard let part = part(key) else { return nil }
        return name(key).isEmpty ? nil : part
    }

    /// A whole number that must be there, unless there is a default.
    func integer(_ key: String, default usual: Int = 0) -> Int {
        values[key]?.int ?? usual
    }

    /// A truth value, false when absent.
    func flag(_ key: String) -> Bool {
        values[key]?.bool ?? false
    }

    /// A day of the calendar written `YYYY-MM-DD`, nil when absent.
    mutating func day(_ key: String) -> CalendarDay? {
        guard let text = values[key]?.string else { return nil }
        let day = CalendarDay(parsing: text)
        if day == nil { note(key, "must be a date that exists, written YYYY-MM-DD") }
        return day
    }

    /// One of a closed list of words, nil when absent; the schema names them.
    mutating func choice<Choice: RawRepresentable<String>>(_ key: String) -> Choice? {
        guard let text = values[key]?.string else { return nil }
        let choice = Choice(rawValue: text)
        if choice == nil { note(key, "must be one of the listed words") }
        return choice
    }

    /// Money in cents, exact; zero when absent. The schema limits it.
    mutating func cents(_ key: String) -> Int {
        guard case .number(let number)? = values[key] else { return 0 }
        let cents = Money.cents(of: number.text)
        if cents == nil { note(key, "must have at most 2 decimal places") }
        return cents ?? 0
    }
}
