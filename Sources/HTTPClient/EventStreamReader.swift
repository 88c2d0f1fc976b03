/// Cuts a stream of server-sent events into events, wherever the network has cut it.
public struct EventStreamReader: Sendable {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var id = ""
    /// Whether the newest byte was a carriage return, whose line feed may still come.
    private var followsReturn = false
    private var isFirstLine = true

    /// A reader at the beginning of a stream.
    public init() {}

    /// One event.
    public struct Event: Equatable, Sendable {
        /// The event's name; empty when the stream gave none.
        public let name: String
        /// The data, its lines joined by line feeds.
        public let data: [UInt8]
        /// The newest id that the stream gave; empty when there was none.
        public let id: String
    }

    /// The events that are whole with these bytes.
    public mutating func take(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        var rest = bytes[...]
        if followsReturn, rest.first == Self.lineFeed { rest.removeFirst() }
        if !bytes.isEmpty { followsReturn = false }
        while let end = rest.firstIndex(where: { $0 == Self.lineFeed || $0 == Self.return }) {
            line += rest[..<end]
            var next = end + 1
            if rest[end] == Self.return {
                if next == rest.endIndex {
                    followsReturn = true
                } else if rest[next] == Self.lineFeed {
                    next += 1
                }
            }
            rest = rest[next...]
            if let event = endLine() { events.append(event) }
        }
        line += rest
        return events
    }

    /// An event that the stream's end left without its empty line.
    public mutating func finish() -> Event? {
        let last = line.isEmpty ? nil : endLine()
        return last ?? endEvent()
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let `return` = UInt8(ascii: "\r")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Takes the line that is whole now; the event that it ends, if it ends one.
    private mutating func endLine() -> Event? {
        var text = line[...]
        line = []
        if isFirstLine {
            isFirstLine = false
            if text.starts(with: Self.byteOrderMark) { text.removeFirst(3) }
        }
        guard !text.isEmpty else { return endEvent() }
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        var value = text[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch String(decoding: text[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(Self.lineFeed) }
            data += value
            hasData = true
        case "event": name = String(decoding: value, as: UTF8.self)
        case "id": if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        default: break
        }
        return nil
    }

    private mutating func endEvent() -> Event? {
        defer { (data, hasData, name) = ([], false, "") }
        return hasData ? Event(name: name, data: data, id: id) : nil
    }
}
