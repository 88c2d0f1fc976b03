/// What can write itself as one JSON value.
public protocol JSONWritable {
    /// Writes exactly one value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// The value as compact JSON.
    public var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}

extension JSONValue: JSONWritable {
    /// Writes the value; numbers and the order of members stay as they were read.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .number(let value): writer.raw(value.text)
        case .string(let value): writer.string(value)
        case .array(let elements): elements.write(to: &writer)
        case .object(let object): object.write(to: &writer)
        }
    }
}

extension JSONObject: JSONWritable {
    /// Writes the members in order.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for member in members {
                writer.key(named: member.key)
                member.value.write(to: &writer)
            }
        }
    }
}

extension JSONNumber: JSONWritable {
    /// Writes the number as it was read.
    public func write(to writer: inout JSONWriter) {
        writer.raw(text)
    }
}

extension String: JSONWritable {
    /// Writes the text.
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Int: JSONWritable {
    /// Writes the whole number.
    public func write(to writer: inout JSONWriter) { writer.int(self) }
}

extension Double: JSONWritable {
    /// Writes the number; NaN and the infinities become null.
    public func write(to writer: inout JSONWriter) { writer.double(self) }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Writes the value, or `null` for nil.
    public func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes the elements in order.
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for element in self {
                element.write(to: &writer)
            }
        }
    }
}
