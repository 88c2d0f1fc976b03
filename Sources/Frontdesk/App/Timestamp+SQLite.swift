import SQLite

extension Timestamp: SQLBindable {
    /// The text form that every timestamp column holds.
    var sqlValue: SQLValue { .text(text) }
}

extension Row {
    /// The instant in a timestamp column. Throws when the text is none.
    func timestamp(_ index: Int) throws -> Timestamp {
        try utf8(index) { bytes in
            guard let instant = Timestamp(utf8: bytes) else {
                throw InvalidTimestamp(text: String(decoding: bytes, as: UTF8.self))
            }
            return instant
        }
    }

    /// The instant in a timestamp column that may be NULL.
    func timestampOrNil(_ index: Int) throws -> Timestamp? {
        isNull(index) ? nil : try timestamp(index)
    }
}

/// A timestamp column holds something else: the file was changed by hand.
struct InvalidTimestamp: Error {
    let text: String
}
