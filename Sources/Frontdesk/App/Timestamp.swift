/// An instant in UTC with microsecond precision, written as `2026-02-20T10:30:00.123456Z`.
///
/// Rows, JSON and log lines share this one text form, which sorts as it reads.
struct Timestamp: Hashable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before.
    let microseconds: Int64

    /// An instant from microseconds since 1970.
    init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The instant `seconds` later, or earlier when negative.
    func adding(seconds: Double) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64((seconds * 1_000_000).rounded()))
    }

    /// Seconds from `earlier` to this instant.
    func seconds(since earlier: Timestamp) -> Double {
        Double(microseconds - earlier.microseconds) / 1_000_000
    }

    /// Seconds since 1970.
    var secondsSince1970: Double { Double(microseconds) / 1_000_000 }

    /// In which ten minutes since 1970 it lies.
    var tenMinutes: Int64 { floorDivide(microseconds, 600_000_000) }

    /// Whole seconds since 1970, rounded down.
    var unixSeconds: Int64 { floorDivide(microseconds, 1_000_000) }
}

extension Timestamp: Comparable {
    /// The earlier instant comes first.
    static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

// MARK: - Text

extension Timestamp: CustomStringConvertible {
    /// The full form with six fraction digits: `2026-02-20T10:30:00.123456Z`.
    var text: String { formatted(fractionDigits: 6) }

    /// The form of `/v1/agent-inboxes`, with three fraction digits.
    var milliseconds: String { formatted(fractionDigits: 3) }

    /// The UTC calendar day: `2026-02-20`.
    var date: String {
        let day = CalendarDay(daysSince1970: floorDivide(microseconds, 86_400_000_000))
        return day.text
    }

    /// Midnight UTC after this instant, where daily budgets start anew.
    var nextMidnight: Timestamp {
        let day = floorDivide(microseconds, 86_400_000_000) + 1
        return Timestamp(microseconds: day * 86_400_000_000)
    }

    var description: String { text }

    private func formatted(fractionDigits: Int) -> String {
        let days = floorDivide(microseconds, 86_400_000_000)
        var rest = Int(microseconds - days * 86_400_000_000)
        let fraction = rest % 1_000_000
        rest /= 1_000_000
        let day = CalendarDay(daysSince1970: days)
        return String(unsafeUninitializedCapacity: 21 + fractionDigits) { buffer in
            var digits = DigitBuffer(buffer: buffer)
            digits.append(day.year, width: 4)
            digits.append(byte: UInt8(ascii: "-"))
            digits.append(day.month, width: 2)
            digits.append(byte: UInt8(ascii: "-"))
            digits.append(day.day, width: 2)
            digits.append(byte: UInt8(ascii: "T"))
            digits.append(rest / 3600, width: 2)
            digits.append(byte: UInt8(ascii: ":"))
            digits.append(rest / 60 % 60, width: 2)
            digits.append(byte: UInt8(ascii: ":"))
            digits.append(rest % 60, width: 2)
            digits.append(byte: UInt8(ascii: "."))
            digits.append(fractionDigits == 6 ? fraction : fraction / 1000, width: fractionDigits)
            digits.append(byte: UInt8(ascii: "Z"))
            return digits.count
        }
    }
}

// MARK: - Parsing

extension Timestamp {
    /// Reads RFC 3339 with any offset and up to nine fraction digits; `nil` for anything else.
    init?(parsing text: some StringProtocol) {
        var text = String(text)
        guard let instant = text.withUTF8({ Timestamp(utf8: $0) }) else { return nil }
        self = instant
    }

    /// The seconds since 1970 of the years 1 to 9999.
    private static let nameable: Range<Int64> = -62_135_596_800..<253_402_300_800

    /// Reads the same from bytes.
    init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        var scanner = DigitScanner(text: text)
        guard let year = scanner.number(width: 4), scanner.take("-"),
            let month = scanner.number(width: 2), scanner.take("-"),
            let day = scanner.number(width: 2), let date = CalendarDay(year, month, day),
            scanner.take("T") || scanner.take("t") || scanner.take(" "),
            let hour = scanner.number(width: 2), hour < 24, scanner.take(":"),
            let minute = scanner.number(width: 2), minute < 60, scanner.take(":"),
            let second = scanner.number(width: 2), second <= 60,
            let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        let seconds =
            date.daysSince1970 * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        // Beyond, by an offset or a leap second, no text of four digits would name the year.
        guard Timestamp.nameable.contains(seconds) else { return nil }
        microseconds = seconds * 1_000_000 + Int64(fraction)
    }
}

/// Division that rounds towards minus infinity, so that days before 1970 come out right.
private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// Appends zero-padded decimal numbers to a string under construction.
private struct DigitBuffer {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    mutating func append(byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    mutating func append(_ value: Int, width: Int) {
        // Unsigned and of 32 bits, so that a division is one multiplication.
        var rest = UInt32(truncatingIfNeeded: value)
        var index = count + width
        count = index
        for _ in 0..<width {
            index -= 1
            buffer[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

/// Reads fixed-width numbers from the front of a text.
private struct DigitScanner {
    let text: UnsafeBufferPointer<UInt8>
    var position = 0

    var isAtEnd: Bool { position == text.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    mutating func number(width: Int) -> Int? {
        guard position + width <= text.count else { return nil }
        var value = 0
        for byte in text[position..<(position + width)] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += width
        return value
    }

    /// Microseconds after an optional dot; digits beyond the sixth are cut off.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var digits = 0
        while position < text.count, (0x30...0x39).contains(text[position]) {
            if digits < 6 { value = value * 10 + Int(text[position] - 0x30) }
            digits += 1
            position += 1
        }
        guard (1...9).contains(digits) else { return nil }
        for _ in 0..<max(0, 6 - digits) { value *= 10 }
        return value
    }

    /// Seconds east of UTC: `Z`, `+02:00` or `-07:30`.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(width: 2), hours < 24, take(":"),
            let minutes = number(width: 2), minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
