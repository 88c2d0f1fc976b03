/// What is wrong with a text that should be JSON, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Equatable {
        /// Nothing but white space.
        case empty
        /// The text stops where `expected` should come.
        case unexpectedEnd(expected: String)
        /// Something else stands where `expected` should come.
        case unexpected(found: String, expected: String)
        /// Bytes that are not UTF-8.
        case invalidUTF8
        /// A control character in a string that should have been escaped.
        case controlCharacter
        /// A backslash followed by what is no escape.
        case invalidEscape
        /// An escaped half of a surrogate pair without its other half.
        case loneSurrogate
        /// A number that RFC 8259 does not allow.
        case malformedNumber
        /// A number that is too long or too great to be kept.
        case numberOutOfRange
        /// A name that occurs twice in one object.
        case duplicateKey(String)
        /// More arrays and objects inside each other than `limit`.
        case tooDeep(limit: Int)
        /// Something behind the value.
        case trailingText
    }

    /// What is wrong.
    public let reason: Reason
    /// The byte where it is wrong, from 0.
    public let offset: Int
    /// The line of that byte, from 1.
    public let line: Int
    /// The character of that line, from 1.
    public let column: Int

    /// What is wrong, without the place, beginning in lower case.
    public var problem: String {
        switch reason {
        case .empty: "there is no JSON value"
        case .unexpectedEnd(let expected): "the text ends where \(expected) should come"
        case .unexpected(let found, let expected): "found \(found) where \(expected) should come"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .controlCharacter: "a control character in a string must be escaped"
        case .invalidEscape: "a backslash is followed by what is no escape"
        case .loneSurrogate: "an escaped surrogate stands without its other half"
        case .malformedNumber: "a number is not written as JSON writes numbers"
        case .numberOutOfRange: "a number is too long or too great"
        case .duplicateKey(let key): "the name '\(shortened(key))' occurs twice in one object"
        case .tooDeep(let limit): "more than \(limit) arrays and objects are inside each other"
        case .trailingText: "something follows the JSON value"
        }
    }

    /// What is wrong and where, as one sentence without a full stop.
    public var description: String {
        "\(problem) (line \(line), column \(column), byte \(offset))"
    }
}

extension JSONError {
    /// An error at a byte of `bytes`, with its line and column.
    init(_ reason: Reason, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(reason: reason, offset: offset, line: line, column: column)
    }
}
