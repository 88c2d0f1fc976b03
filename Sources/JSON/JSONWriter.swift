/// Writes compact JSON straight into bytes; commas come by themselves.
public struct JSONWriter: Sendable {
    /// What is written so far.
    public private(set) var bytes: [UInt8] = []

    /// Whether the next element or member needs a comma before it.
    private var needsComma = false

    /// A writer with room for `capacity` bytes.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object whose members `body` writes.
    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements `body` writes.
    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a member's name; its value must be written next.
    public mutating func key(_ name: StaticString) {
        // No name in the program has a character that needs an escape.
        appendPlain(
            UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount),
            isName: true)
        needsComma = false
    }

    /// Writes a member's name that is only known at run time; its value must be written next.
    public mutating func key(named name: String) {
        var copy = name
        copy.withUTF8 { quote($0, isName: true) }
        needsComma = false
    }

    /// Writes a text.
    public mutating func string(_ value: String) {
        var copy = value
        copy.withUTF8 { string(utf8: $0) }
    }

    /// Writes a text given as valid UTF-8, which is not checked again.
    public mutating func string(utf8 value: UnsafeBufferPointer<UInt8>) {
        quote(value, isName: false)
        needsComma = true
    }

    /// Writes a whole number.
    public mutating func int(_ value: Int) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(value.magnitude)
        needsComma = true
    }

    /// Writes the shortest number that reads back as `value`; NaN and the infinities become null.
    public mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(contentsOf: JSONNumber.shortest(value).utf8)
        needsComma = true
    }

    /// Writes money as a decimal number with at most two digits: 3750 cents are `37.5`.
    public mutating func cents(_ value: Int) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let (units, cents) = value.magnitude.quotientAndRemainder(dividingBy: 100)
        digits(units)
        if cents > 0 {
            bytes.append(UInt8(ascii: "."))
            bytes.append(UInt8(ascii: "0") + UInt8(cents / 10))
            if cents % 10 > 0 { bytes.append(UInt8(ascii: "0") + UInt8(cents % 10)) }
        }
        needsComma = true
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    /// Writes `null`.
    public mutating func null() {
        raw("null")
    }

    /// Writes bytes that are one JSON value already.
    public mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    /// Writes a text that is one JSON value already.
    public mutating func raw(_ json: String) {
        raw(json.utf8)
    }

    /// Writes any value.
    public mutating func value(_ value: some JSONWritable) {
        value.write(to: &self)
    }

    /// Hands over what is written so far and goes on with nothing kept, so that a long answer can
    /// go out in pieces.
    public mutating func takeBytes() -> [UInt8] {
        let taken = bytes
        bytes = []
        return taken
    }

    /// Writes an opening bracket.
    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
    }

    /// Writes a closing bracket.
    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Writes the comma that may be due; what comes next is the first after it.
    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    /// Appends a number's digits.
    private mutating func digits(_ value: UInt) {
        guard value >= 10 else { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
        var count = 0
        var rest = value
        while rest > 0 {
            rest /= 10
            count += 1
        }
        bytes.append(addingCapacity: count) { room in
            room.withUnsafeMutableBufferPointer { room, used in
                var rest = value
                for index in (0..<count).reversed() {
                    room[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                used = count
            }
        }
    }
}

extension JSONWriter {
    /// Appends UTF-8 in quotes after the comma that may be due, and a colon after a name.
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>, isName: Bool) {
        guard let first = Self.firstToEscape(in: text, from: 0) else {
            return appendPlain(text, isName: isName)
        }
        separate()
        bytes.append(UInt8(ascii: "\""))
        var runStart = 0
        var next: Int? = first
        while let index = next {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart..<index]))
            escape(text[index])
            runStart = index + 1
            next = Self.firstToEscape(in: text, from: runStart)
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[runStart...]))
        bytes.append(UInt8(ascii: "\""))
        if isName { bytes.append(UInt8(ascii: ":")) }
    }

    /// Appends the same of a text without escapes. Room is made once for all of it: most of an
    /// answer passes here, and to append byte by byte takes three times as long.
    private mutating func appendPlain(_ text: UnsafeBufferPointer<UInt8>, isName: Bool) {
        let isFurther = needsComma
        bytes.append(addingCapacity: text.count + 4) { room in
            if isFurther { room.append(UInt8(ascii: ",")) }
            room.append(UInt8(ascii: "\""))
            room.withUnsafeMutableBufferPointer { room, used in
                UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(room)[used...]
                )
                .copyMemory(from: UnsafeRawBufferPointer(text))
                used += text.count
            }
            room.append(UInt8(ascii: "\""))
            if isName { room.append(UInt8(ascii: ":")) }
        }
    }

    /// Where the first byte at or behind `start` stands that a string may not contain as it is.
    private static func firstToEscape(
        in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        var index = start
        while index < text.count {
            if index + 8 <= text.count, needsNoEscape(eightFrom: index, in: text) {
                index += 8
            } else if needsEscape(text[index]) {
                return index
            } else {
                index += 1
            }
        }
        return nil
    }

    /// Whether a string may not contain the byte as it is.
    @inline(__always)
    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Whether eight bytes may all stand as they are, found out in one step.
    @inline(__always)
    private static func needsNoEscape(
        eightFrom index: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let word = UnsafeRawBufferPointer(text).loadUnaligned(
            fromByteOffset: index, as: UInt64.self)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        // A byte below `n` borrows from its high bit when `n` is taken away from it.
        let controls = (word &- ones &* 0x20) & ~word
        let found = (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes | controls
        return found & highBits == 0
    }

    /// Appends the escape of a byte.
    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(byte >> 4 + UInt8(ascii: "0"))
            bytes.append(byte & 15 + (byte & 15 < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
    }
}
