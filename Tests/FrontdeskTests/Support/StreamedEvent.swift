import HTTP
import JSON
import RawHTTP

/// One server-sent event as a client reads it.
struct StreamedEvent: Equatable {
    let id: Int
    let data: JSONValue

    /// What kind of event it is.
    var type: String { data["type"]?.string ?? "" }

    /// Reads the events of a whole stream; comments are left out.
    static func all(in text: String) throws -> [StreamedEvent] {
        try text.split(separator: "\n\n").filter { !$0.hasPrefix(":") }.map { block in
            try StreamedEvent(String(block))
        }
    }

    /// Reads one event: its three lines in this order.
    init(_ block: String) throws {
        let lines = block.split(separator: "\n")
        guard lines.count == 3, lines[0].hasPrefix("id: "), let id = Int(lines[0].dropFirst(4)),
            lines[1] == "event: message", lines[2].hasPrefix("data: ")
        else { throw RawClient.Failure("not an event: \(block)") }
        self.id = id
        data = try JSONValue(parsing: String(lines[2].dropFirst(6)))
    }
}

extension Response {
    /// The events of a stream, which runs to its end first.
    func events() async throws -> [StreamedEvent] {
        try StreamedEvent.all(in: String(decoding: try await collectBody(), as: UTF8.self))
    }
}
