/// One SQL statement and the values bound to it.
///
/// A literal with interpolations: `"SELECT name FROM users WHERE id = \(id)"` binds `id`, so a
/// value can never become syntax. Another `SQL` is spliced, bindings included:
/// `"SELECT \(columns) FROM users"`, and so is fixed text after `raw:`.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The statement in UTF-8, with a `?` for every value.
    ///
    /// Bytes, because a statement is put together at every call: appending to a string costs
    /// several times as much.
    private(set) var code: [UInt8]
    /// What is bound, in the order of the placeholders.
    public private(set) var values: [SQLValue]

    /// Makes a statement that binds nothing.
    public init(stringLiteral text: String) {
        self.init(text: text, values: [])
    }

    /// Makes a statement of an interpolated literal.
    public init(stringInterpolation: Interpolation) {
        self = stringInterpolation.sql
    }

    /// Makes a statement of parts already checked.
    init(text: String, values: [SQLValue]) {
        code = Array(text.utf8)
        self.values = values
    }

    /// The statement, with a `?` for every value.
    public var text: String { String(decoding: code, as: UTF8.self) }

    /// Two pieces, one after the other.
    public static func + (left: SQL, right: SQL) -> SQL {
        var whole = left
        whole.append(right)
        return whole
    }

    fileprivate mutating func append(_ piece: SQL) {
        code += piece.code
        values += piece.values
    }

    /// Collects the pieces of an interpolated literal.
    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(text: "", values: [])

        /// Makes room for a literal with these sizes.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.code.reserveCapacity(literalCapacity + interpolationCount)
            sql.values.reserveCapacity(interpolationCount)
        }

        /// Takes literal text as it stands.
        public mutating func appendLiteral(_ literal: String) {
            sql.code += literal.utf8
        }

        /// Binds a value.
        @inlinable public mutating func appendInterpolation(_ value: some SQLBindable) {
            bind(value.sqlValue)
        }

        /// Binds a value, or NULL.
        @inlinable public mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            bind(value?.sqlValue ?? .null)
        }

        /// Splices another piece of SQL with its bindings.
        public mutating func appendInterpolation(_ piece: SQL) {
            sql.append(piece)
        }

        /// Splices another piece of SQL with its bindings.
        public mutating func appendInterpolation(raw piece: SQL) {
            sql.append(piece)
        }

        /// Splices text that is part of the program.
        public mutating func appendInterpolation(raw piece: StaticString) {
            appendLiteral(piece.description)
        }

        /// Binds every element, for `IN (\(list: ids))`; nothing matches an empty list.
        @inlinable public mutating func appendInterpolation(list: [some SQLBindable]) {
            // `IN ()` is SQLite's own; this form is standard and as empty.
            if list.isEmpty { appendLiteral("SELECT NULL WHERE FALSE") }
            for (index, value) in list.enumerated() {
                if index > 0 { appendLiteral(", ") }
                bind(value.sqlValue)
            }
        }

        /// Binds what the database stores for a value.
        @usableFromInline mutating func bind(_ value: SQLValue) {
            sql.code.append(UInt8(ascii: "?"))
            sql.values.append(value)
        }
    }
}

extension Sequence<SQL> {
    /// All pieces in one, with `separator` between them; empty when there are none.
    public func joined(by separator: SQL) -> SQL {
        var whole: SQL = ""
        for (index, piece) in enumerated() {
            if index > 0 { whole.append(separator) }
            whole.append(piece)
        }
        return whole
    }
}
