/// A value as SQLite stores it.
public enum SQLValue: Sendable, Equatable {
    /// SQL's NULL.
    case null
    /// A 64-bit integer.
    case integer(Int64)
    /// A floating-point number; SQLite stores NaN as NULL.
    case real(Double)
    /// Text, kept byte for byte as UTF-8.
    case text(String)
}

/// A type whose values can be bound by an `SQL` interpolation.
public protocol SQLBindable {
    /// What the database stores for this value.
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable {
    /// The value itself.
    @inlinable public var sqlValue: SQLValue { self }
}

extension String: SQLBindable {
    /// The text.
    @inlinable public var sqlValue: SQLValue { .text(self) }
}

extension Substring: SQLBindable {
    /// The text.
    @inlinable public var sqlValue: SQLValue { .text(String(self)) }
}

extension Int: SQLBindable {
    /// The integer.
    @inlinable public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
    /// The integer.
    @inlinable public var sqlValue: SQLValue { .integer(self) }
}

extension Double: SQLBindable {
    /// The number.
    @inlinable public var sqlValue: SQLValue { .real(self) }
}

extension Bool: SQLBindable {
    /// 1 for true, 0 for false.
    @inlinable public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}
