import JSON

/// One log line, in either form.
struct LogLine {
    /// The line with its end.
    private(set) var bytes: [UInt8] = []

    /// A line with what every line has, and with `fields`.
    init(
        time: Timestamp, level: String, event: StaticString,
        fields: [(StaticString, Log.Value)], isJSON: Bool
    ) {
        if isJSON {
            var writer = JSONWriter(capacity: 384)
            writer.object { json in
                json.field("time", time.text)
                json.field("level", level)
                json.field("event", event.description)
                for (name, value) in fields {
                    json.key(name)
                    switch value {
                    case .text(let text): json.string(text)
                    case .integer(let number): json.int(number)
                    case .decimal(let number): json.raw(LogLine.decimal(number))
                    }
                }
            }
            bytes = writer.takeBytes()
        } else {
            append("time", time.text)
            append("level", level)
            append("event", event.description)
            for (name, value) in fields {
                switch value {
                case .text(let text): append(name, text)
                case .integer(let number): append(name, String(number))
                case .decimal(let number): append(name, LogLine.decimal(number))
                }
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ name: StaticString, _ text: String) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
        name.withUTF8Buffer { bytes += $0 }
        bytes.append(UInt8(ascii: "="))
        // Only what would break `key=value` is quoted.
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { $0 > 32 && $0 != 34 && $0 != 61 && $0 != 92 && $0 < 127 }
        if isPlain { bytes += text.utf8 } else { bytes += text.jsonBytes }
    }

    private static func decimal(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        let (units, fraction) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(hundredths < 0 ? "-" : "")\(units).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
