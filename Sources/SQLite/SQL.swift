/// One SQL statement and the values bound to it.
///
/// A literal with interpolations: `"SELECT name FROM users WHERE id = \(id)"` binds `id`, so a
/// value can never become syntax. Another `SQL` is spliced, bindings included:
/// `"SELECT \(columns) FROM users"`, and so is fixed text after `raw:`.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The statement, with a `?` for every value.
    public let text: String
    /// What is bound, in the order of the placeholders.
    public let values: [SQLValue]

    /// Makes a statement that binds nothing.
    @inlinable public init(stringLiteral text: String) {
        self.text = text
        values = []
    }

    /// Makes a statement of an interpolated literal.
    @inlinable public init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    /// Makes a statement of parts already checked.
    @usableFromInline init(text: String, values: [SQLValue]) {
        self.text = text
        self.values = values
    }

    /// Two pieces, one after the other.
    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(text: left.text + right.text, values: left.values + right.values)
    }

    /// Collects the pieces of an interpolated literal.
    public struct Interpolation: StringInterpolationProtocol {
        @usableFromInline var text: String
        @usableFromInline var values: [SQLValue]

        /// Makes room for a literal with these sizes.
        @inlinable public init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity + interpolationCount)
            values = []
            values.reserveCapacity(interpolationCount)
        }

        /// Takes literal text as it stands.
        @inlinable public mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        /// Binds a value.
        @inlinable public mutating func appendInterpolation(_ value: some SQLBindable) {
            text += "?"
            values.append(value.sqlValue)
        }

        /// Binds a value, or NULL.
        @inlinable public mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            text += "?"
            values.append(value?.sqlValue ?? .null)
        }

        /// Splices another piece of SQL with its bindings.
        @inlinable public mutating func appendInterpolation(_ piece: SQL) {
            text += piece.text
            values += piece.values
        }

        /// Splices another piece of SQL with its bindings.
        @inlinable public mutating func appendInterpolation(raw piece: SQL) {
            appendInterpolation(piece)
        }

        /// Splices text that is part of the program.
        @inlinable public mutating func appendInterpolation(raw piece: StaticString) {
            text += piece.description
        }

        /// Binds every element, for `IN (\(list: ids))`; nothing matches an empty list.
        @inlinable public mutating func appendInterpolation(list: [some SQLBindable]) {
            guard !list.isEmpty else {
                // `IN ()` is SQLite's own; this form is standard and as empty.
                text += "SELECT NULL WHERE FALSE"
                return
            }
            text += String(repeating: "?, ", count: list.count - 1) + "?"
            values += list.map(\.sqlValue)
        }
    }
}

extension Sequence<SQL> {
    /// All pieces in one, with `separator` between them; empty when there are none.
    public func joined(by separator: SQL) -> SQL {
        var text = ""
        var values: [SQLValue] = []
        var isFirst = true
        for piece in self {
            if !isFirst {
                text += separator.text
                values += separator.values
            }
            isFirst = false
            text += piece.text
            values += piece.values
        }
        return SQL(text: text, values: values)
    }
}
