import JSON

/// Reads a body that was checked against a schema, and collects what else is wrong with it.
struct BodyReader {
    private let body: JSONValue
    private(set) var problems: [Failure.Field]

    /// A reader of a body, which notes what a schema finds.
    init(_ body: JSONValue, _ schema: JSONSchema) throws {
        self.body = body
        problems = schema.problems(in: body).map {
            Failure.Field(field: $0.field, problem: $0.problem)
        }
    }

    /// A text member; nil when it is missing, null or no text.
    func text(_ name: String) -> String? { body[name]?.string }

    /// The members as texts, as far as they are there and not null: JSON for all but texts.
    func texts(of names: [String]) -> [String: String] {
        var texts: [String: String] = [:]
        for name in names {
            guard let value = body[name], !value.isNull else { continue }
            texts[name] = value.string ?? value.text
        }
        return texts
    }

    /// The day asked about, by either of its names; notes when they differ or are no day.
    mutating func day() -> CalendarDay? {
        guard let text = dayText() else { return nil }
        let day = CalendarDay.sellable(text)
        if day == nil {
            refuse(
                self.text("event_date") == nil ? "travel_date" : "event_date", CalendarDay.problem)
        }
        return day
    }

    /// The day's text, by either of its names; notes when they differ.
    mutating func dayText() -> String? {
        if let day = text("event_date"), let other = text("travel_date"), day != other {
            refuse("travel_date", "names another day than 'event_date'")
        }
        return text("event_date") ?? text("travel_date")
    }

    /// Notes a problem, unless one with the field is known already.
    mutating func refuse(_ name: String, _ problem: String) {
        if !problems.contains(where: { $0.field == name }) {
            problems.append(Failure.Field(field: name, problem: problem))
        }
    }

    /// Throws a validation failure with everything found.
    func check() throws {
        if !problems.isEmpty { throw Failure(invalid: problems) }
    }
}
