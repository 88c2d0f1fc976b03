/// Header fields in the order they came, found without regard to case.
///
/// All fields lie in one array of bytes, each as two lengths and two texts with a zero byte behind
/// them, because a request has ten fields of which two are read: one allocation instead of twenty.
public struct Headers: Sendable {
    /// Per field: name length (2 bytes), value length (4 bytes), name, 0, value, 0.
    private(set) var storage: [UInt8] = []

    /// No fields.
    public init() {}

    /// Room for `capacity` bytes of fields.
    init(capacity: Int) {
        storage.reserveCapacity(capacity)
    }

    /// The first value of a field; setting it replaces all, nil removes them.
    public subscript(name: String) -> String? {
        get {
            var name = name
            return name.withUTF8 { wanted in
                storage.withUnsafeBufferPointer { bytes in
                    for field in FieldCursor(bytes) where field.isNamed(wanted) {
                        return String(decoding: field.value, as: UTF8.self)
                    }
                    return nil
                }
            }
        }
        set {
            remove(name)
            if let newValue { add(name, newValue) }
        }
    }

    /// Every value of a field, in order.
    public func all(_ name: String) -> [String] {
        var name = name
        return name.withUTF8 { wanted in
            storage.withUnsafeBufferPointer { bytes in
                FieldCursor(bytes).filter { $0.isNamed(wanted) }
                    .map { String(decoding: $0.value, as: UTF8.self) }
            }
        }
    }

    /// Whether the field is there at all.
    public func contains(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { wanted in
            storage.withUnsafeBufferPointer { bytes in
                FieldCursor(bytes).contains { $0.isNamed(wanted) }
            }
        }
    }

    /// Adds a field behind those that are there. A control character becomes a space, so that no
    /// value can begin a new line of the header.
    public mutating func add(_ name: String, _ value: String) {
        var name = name
        var value = value
        name.withUTF8 { name in value.withUTF8 { value in append(name, value) } }
    }

    /// Adds all fields of `other` behind those that are there.
    public mutating func add(_ other: Headers) {
        makeRoom(for: other.storage.count)
        storage += other.storage
    }

    /// Takes all fields of this name away.
    public mutating func remove(_ name: String) {
        guard !storage.isEmpty, contains(name) else { return }
        var kept = Headers(capacity: storage.count)
        var name = name
        name.withUTF8 { unwanted in
            storage.withUnsafeBufferPointer { bytes in
                for field in FieldCursor(bytes) where !field.isNamed(unwanted) {
                    kept.append(field.name, field.value)
                }
            }
        }
        self = kept
    }

    /// Adds the bytes of one field.
    mutating func append(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
        let nameLength = Swift.min(name.count, Int(UInt16.max))
        let valueLength = Swift.min(value.count, Int(UInt32.max))
        makeRoom(for: nameLength + valueLength + 8)
        withUnsafeBytes(of: UInt16(nameLength)) { storage.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(valueLength)) { storage.append(contentsOf: $0) }
        appendText(name.prefix(nameLength))
        appendText(value.prefix(valueLength))
    }

    /// Grows by more than is needed now, because a field seldom comes alone.
    private mutating func makeRoom(for count: Int) {
        let needed = storage.count + count
        if storage.capacity < needed { storage.reserveCapacity(Swift.max(2 * needed, 512)) }
    }

    private mutating func appendText(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        let start = storage.count
        storage.append(contentsOf: text)
        for index in start..<storage.count where storage[index] < 0x20 || storage[index] == 0x7F {
            if storage[index] != 0x09 { storage[index] = 0x20 }
        }
        storage.append(0)
    }

    /// Calls `body` with each name and value as C texts that live as long as the call.
    func forEachCString(
        _ body: (_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>) -> Void
    ) {
        storage.withUnsafeBufferPointer { bytes in
            for field in FieldCursor(bytes) {
                field.name.withMemoryRebound(to: CChar.self) { name in
                    field.value.withMemoryRebound(to: CChar.self) { value in
                        guard let name = name.baseAddress, let value = value.baseAddress else {
                            return
                        }
                        body(name, value)
                    }
                }
            }
        }
    }
}

extension Headers: Sequence {
    /// The fields one after the other.
    public func makeIterator() -> Array<(name: String, value: String)>.Iterator {
        var fields: [(name: String, value: String)] = []
        storage.withUnsafeBufferPointer { bytes in
            for field in FieldCursor(bytes) {
                fields.append(
                    (
                        String(decoding: field.name, as: UTF8.self),
                        String(decoding: field.value, as: UTF8.self)
                    ))
            }
        }
        return fields.makeIterator()
    }
}

extension Headers: ExpressibleByDictionaryLiteral {
    /// The fields as written; a name may occur twice.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }
}

/// One field inside the bytes of `Headers`; valid as long as they are.
private struct Field {
    let name: UnsafeBufferPointer<UInt8>
    let value: UnsafeBufferPointer<UInt8>

    func isNamed(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard name.count == other.count else { return false }
        for index in 0..<name.count where name[index] != other[index] {
            guard name[index].lowercased == other[index].lowercased else { return false }
        }
        return true
    }
}

/// Walks over the fields inside the bytes of `Headers`.
private struct FieldCursor: Sequence, IteratorProtocol {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func next() -> Field? {
        guard position < bytes.count else { return nil }
        let raw = UnsafeRawBufferPointer(bytes)
        let nameLength = Int(raw.loadUnaligned(fromByteOffset: position, as: UInt16.self))
        let valueLength = Int(raw.loadUnaligned(fromByteOffset: position + 2, as: UInt32.self))
        let name = position + 6
        let value = name + nameLength + 1
        position = value + valueLength + 1
        return Field(
            name: UnsafeBufferPointer(rebasing: bytes[name..<name + nameLength]),
            value: UnsafeBufferPointer(rebasing: bytes[value..<value + valueLength]))
    }
}

extension UInt8 {
    /// The small letter of an ASCII capital, everything else as it is.
    var lowercased: UInt8 {
        self >= 0x41 && self <= 0x5A ? self | 0x20 : self
    }
}
