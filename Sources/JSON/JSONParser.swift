/// Reads one JSON value out of bytes, strictly as RFC 8259 writes it.
struct JSONParser {
    /// The whole text.
    let bytes: UnsafeBufferPointer<UInt8>
    /// How many arrays and objects may be inside each other.
    let maximumDepth: Int
    /// The next byte to be read.
    var position = 0

    /// Deeper nesting is refused whatever the caller allows: values are read and freed recursively.
    static let deepest = 512

    /// Reads the one value of `bytes`.
    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int
    ) -> Result<JSONValue, JSONError> {
        var parser = JSONParser(bytes: bytes, maximumDepth: min(max(maximumDepth, 0), deepest))
        do throws(JSONError) {
            return .success(try parser.document())
        } catch {
            return .failure(error)
        }
    }

    /// The value between optional white space, up to the end of the text.
    private mutating func document() throws(JSONError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw failure(.empty) }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure(.trailingText) }
        return value
    }

    /// The value that begins at the next byte.
    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected("a value")
        }
    }

    /// The object that begins at the next byte, its names checked to be different.
    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        guard depth < maximumDepth else { throw failure(.tooDeep(limit: maximumDepth)) }
        position += 1
        skipSpace()
        var object = JSONObject()
        if take("}") { return object }
        object.reserve(4)
        while true {
            guard current == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            let start = position
            let key = try string()
            skipSpace()
            guard take(":") else { throw unexpected("':'") }
            skipSpace()
            let value = try value(depth: depth + 1)
            guard object.append(key, value) else { throw failure(.duplicateKey(key), at: start) }
            skipSpace()
            if take("}") { return object }
            guard take(",") else { throw unexpected("',' or '}'") }
            skipSpace()
        }
    }

    /// The array that begins at the next byte.
    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth < maximumDepth else { throw failure(.tooDeep(limit: maximumDepth)) }
        position += 1
        skipSpace()
        var elements: [JSONValue] = []
        if take("]") { return elements }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return elements }
            guard take(",") else { throw unexpected("',' or ']'") }
            skipSpace()
        }
    }

    /// `value` when the next bytes are `word`.
    private mutating func word(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[offset] else { throw unexpected("'\(word)'") }
            position += 1
        }
        return value
    }
}

extension JSONParser {
    /// The next byte, 0 at the end: JSON allows a zero byte nowhere, so the two are not told apart.
    @inline(__always)
    var current: UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    /// Goes past white space.
    @inline(__always)
    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Goes past `character` when it is next, and says whether it was.
    @inline(__always)
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    /// An error at `offset`, or at the next byte.
    func failure(_ reason: JSONError.Reason, at offset: Int? = nil) -> JSONError {
        JSONError(reason, at: offset ?? position, in: bytes)
    }

    /// The error for a next byte that is not what should come there.
    func unexpected(_ expected: String) -> JSONError {
        guard position < bytes.count else { return failure(.unexpectedEnd(expected: expected)) }
        let byte = bytes[position]
        let found =
            if byte > 0x20, byte < 0x7F {
                "'\(Character(Unicode.Scalar(byte)))'"
            } else {
                "byte \(byte)"
            }
        return failure(.unexpected(found: found, expected: expected))
    }
}
