/// Any JSON value.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number with its text as sent.
    case number(JSONNumber)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Named values in order.
    case object(JSONObject)

    /// The deepest nesting that is read when the caller names no limit.
    public static let usualDepth = 64

    /// Reads exactly one value as RFC 8259 writes it: valid UTF-8, no name twice in an object,
    /// nothing behind the value.
    ///
    /// `maximumDepth` counts arrays and objects inside each other and is never taken above 512.
    public init(
        parsing bytes: some Collection<UInt8>, maximumDepth: Int = usualDepth
    ) throws(JSONError) {
        // Errors leave the closure as a result, because the method knows no typed throw.
        let result = bytes.withContiguousStorageIfAvailable { buffer in
            JSONParser.parse(buffer, maximumDepth: maximumDepth)
        }
        if let result {
            self = try result.get()
        } else {
            self = try JSONValue(parsing: Array(bytes), maximumDepth: maximumDepth)
        }
    }

    /// Reads exactly one value from a text.
    public init(parsing text: String, maximumDepth: Int = usualDepth) throws(JSONError) {
        var copy = text
        self = try copy.withUTF8 { JSONParser.parse($0, maximumDepth: maximumDepth) }.get()
    }

    /// The compact JSON text as bytes.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The compact JSON text.
    public var text: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue: Equatable {
    /// Whether both are the same: strings by their bytes, numbers by their text, objects in any
    /// order.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The compact JSON text.
    public var description: String { text }
}
