import JSON

/// One log line under construction, in either form.
struct LogLine {
    /// The line so far.
    private(set) var bytes: [UInt8] = []
    private let isJSON: Bool

    /// An empty line; room is made for a usual one.
    init(isJSON: Bool) {
        self.isJSON = isJSON
        bytes.reserveCapacity(256)
    }

    /// Starts the line with what every line has.
    mutating func begin(time: String, level: String, event: StaticString) {
        if isJSON { bytes.append(UInt8(ascii: "{")) }
        appendName("time")
        appendText(time)
        appendName("level")
        appendText(level)
        appendName("event")
        event.withUTF8Buffer { appendText(String(decoding: $0, as: UTF8.self)) }
    }

    /// Adds a field.
    mutating func append(_ name: StaticString, _ value: Log.Value) {
        appendName(name)
        switch value {
        case .text(let text): appendText(text)
        case .integer(let number): bytes += String(number).utf8
        case .decimal(let number): appendDecimal(number)
        }
    }

    /// Ends the line.
    mutating func end() {
        if isJSON { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func appendName(_ name: StaticString) {
        if isJSON {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            name.withUTF8Buffer { bytes += $0 }
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
        } else {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
            name.withUTF8Buffer { bytes += $0 }
            bytes.append(UInt8(ascii: "="))
        }
    }

    private mutating func appendText(_ text: String) {
        // In text form only what would break `key=value` is quoted.
        let isPlain =
            !isJSON && !text.isEmpty
            && text.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 61 && $0 != 92 && $0 < 127 }
        if isPlain {
            bytes += text.utf8
        } else {
            var writer = JSONWriter(capacity: text.utf8.count + 2)
            writer.string(text)
            bytes += writer.bytes
        }
    }

    private mutating func appendDecimal(_ number: Double) {
        let hundredths = Int((number * 100).rounded())
        if hundredths < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes += String(hundredths.magnitude / 100).utf8
        bytes.append(UInt8(ascii: "."))
        let fraction = hundredths.magnitude % 100
        if fraction < 10 { bytes.append(UInt8(ascii: "0")) }
        bytes += String(fraction).utf8
    }
}
