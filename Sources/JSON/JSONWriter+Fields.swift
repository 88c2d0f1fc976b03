extension JSONWriter {
    /// Writes a member with a text.
    public mutating func field(_ name: StaticString, _ value: String) {
        key(name)
        string(value)
    }

    /// Writes a member with a whole number.
    public mutating func field(_ name: StaticString, _ value: Int) {
        key(name)
        int(value)
    }

    /// Writes a member with a number.
    public mutating func field(_ name: StaticString, _ value: Double) {
        key(name)
        double(value)
    }

    /// Writes a member with a truth value.
    public mutating func field(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Writes a member with any value; nil becomes null.
    public mutating func field(_ name: StaticString, _ value: some JSONWritable) {
        key(name)
        self.value(value)
    }

    /// Writes a member with a text given as valid UTF-8, which is not checked again.
    public mutating func field(_ name: StaticString, utf8 value: UnsafeBufferPointer<UInt8>) {
        key(name)
        string(utf8: value)
    }

    /// Writes a member with money in cents as a decimal number.
    public mutating func field(_ name: StaticString, cents value: Int) {
        key(name)
        cents(value)
    }

    /// Writes a member with bytes that are one JSON value already.
    public mutating func field(_ name: StaticString, raw json: some Collection<UInt8>) {
        key(name)
        raw(json)
    }

    /// Writes a member with a text that is one JSON value already.
    public mutating func field(_ name: StaticString, raw json: String) {
        key(name)
        raw(json.utf8)
    }

    /// Writes a member that is `null`.
    public mutating func null(_ name: StaticString) {
        key(name)
        null()
    }

    /// Writes a member that is an object, whose members `body` writes.
    public mutating func field(
        _ name: StaticString, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try object(body)
    }

    /// Writes a member that is an object, whose members `body` writes.
    public mutating func object(
        _ name: StaticString, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try object(body)
    }

    /// Writes a member that is an array, whose elements `body` writes.
    public mutating func array(
        _ name: StaticString, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        key(name)
        try array(body)
    }

    /// Writes a member whose name is only known at run time.
    public mutating func field(named name: String, _ value: some JSONWritable) {
        key(named: name)
        self.value(value)
    }
}
