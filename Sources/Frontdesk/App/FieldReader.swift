/// Reads the fields of a new record from texts and collects what is wrong with them.
///
/// A body and a line of a CSV file give the same texts, so both obey the same rules.
struct FieldReader {
    /// The texts by the names of their fields; a field that was left out is missing.
    let texts: [String: String]
    /// What is wrong, in the order in which it was found.
    private(set) var problems: [Failure.Field] = []

    /// A reader of these texts.
    init(_ texts: [String: String]) {
        self.texts = texts
    }

    /// Notes what is wrong with a field.
    mutating func note(_ field: String, _ problem: String) {
        problems.append(Failure.Field(field: field, problem: problem))
    }

    /// The text of a field without white space around it, if it was given.
    func trimmed(_ field: String) -> String? {
        texts[field]?.trimmed
    }

    /// What `parse` makes of a field; notes `problem` when that is nothing, nil without the field.
    mutating func value<Value>(
        _ field: String, _ problem: String, _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = trimmed(field) else { return nil }
        let value = parse(text)
        if value == nil { note(field, problem) }
        return value
    }

    /// As `value`, for a field that must be there.
    mutating func required<Value>(
        _ field: String, _ problem: String, _ parse: (String) -> Value?
    ) -> Value? {
        if texts[field] == nil { note(field, "is required") }
        return value(field, problem, parse)
    }

    /// An id that the caller chose, if they did.
    mutating func id(_ field: String) -> String? {
        guard let id = trimmed(field) else { return nil }
        let isPath = id == "." || id == ".."
        if let problem = isPath ? "must not be '\(id)'" : identifierProblem(id) {
            note(field, problem)
            return nil
        }
        return id
    }

    /// A text of 1 to `limit` characters without control characters.
    mutating func words(_ field: String, upTo limit: Int, required isRequired: Bool) -> String? {
        let problem = "must be 1 to \(limit) characters without control characters"
        func parse(_ text: String) -> String? {
            (1...limit).contains(text.unicodeScalars.count) && !text.hasControlCharacters
                ? text : nil
        }
        return isRequired ? required(field, problem, parse) : value(field, problem, parse)
    }
}

extension String {
    /// The text with ASCII letters in upper case.
    var uppercasedASCII: String {
        String(
            decoding: utf8.map { (0x61...0x7A).contains($0) ? $0 & 0xDF : $0 }, as: UTF8.self)
    }
}
