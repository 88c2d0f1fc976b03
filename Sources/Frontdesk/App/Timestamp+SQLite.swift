import SQLite

extension Timestamp: SQLBindable {
    /// The text form that every timestamp column holds.
    var sqlValue: SQLValue { .text(text) }
}

extension Row {
    /// The instant in a timestamp column. Throws when the text is none.
    func timestamp(_ index: Int) throws -> Timestamp {
        let text = try text(index)
        guard let instant = Timestamp(parsing: text) else {
            throw InvalidTimestamp(text: text)
        }
        return instant
    }

    /// The instant in a timestamp column that may be NULL.
    func timestampOrNil(_ index: Int) throws -> Timestamp? {
        try textOrNil(index) == nil ? nil : timestamp(index)
    }
}

/// A timestamp column holds something else: the file was changed by hand.
struct InvalidTimestamp: Error {
    let text: String
}
