/// Cuts a stream of server-sent events into events, wherever the network has cut it.
public struct EventStreamReader: Sendable {
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    /// Whether the newest byte was a carriage return, whose line feed may still come.
    private var followsReturn = false
    private var isFirstLine = true

    /// A reader at the beginning of a stream.
    public init() {}

    /// The data of the events that are whole with these bytes; lines joined by line feeds.
    public mutating func take(_ bytes: [UInt8]) -> [[UInt8]] {
        var events: [[UInt8]] = []
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

    /// The data of an event that the stream's end left without its empty line.
    public mutating func finish() -> [UInt8]? {
        let last = line.isEmpty ? nil : endLine()
        return last ?? endEvent()
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let `return` = UInt8(ascii: "\r")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Takes the line that is whole now; the event that it ends, if it ends one.
    private mutating func endLine() -> [UInt8]? {
        var text = line[...]
        line = []
        if isFirstLine {
            isFirstLine = false
            if text.starts(with: Self.byteOrderMark) { text.removeFirst(3) }
        }
        guard !text.isEmpty else { return endEvent() }
        guard text.starts(with: "data".utf8) else { return nil }
        var value = text.dropFirst(4)
        guard value.isEmpty || value.first == UInt8(ascii: ":") else { return nil }
        value = value.dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if hasData { data.append(Self.lineFeed) }
        data += value
        hasData = true
        return nil
    }

    private mutating func endEvent() -> [UInt8]? {
        defer { (data, hasData) = ([], false) }
        return hasData ? data : nil
    }
}
