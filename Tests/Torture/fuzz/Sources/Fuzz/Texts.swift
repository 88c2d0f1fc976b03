@testable import Frontdesk
@testable import HTTPClient
import JSON
import JWT

/// What is read and written again is the same.
func readJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes, maximumDepth: 32) else { return }
    let written = value.bytes
    guard let again = try? JSONValue(parsing: written, maximumDepth: 32) else {
        fatalError("what was written cannot be read")
    }
    precondition(again == value && again.bytes == written, "what was written is something else")
}

/// A token is refused or read, and a set of keys likewise; none verifies without a key.
func readToken(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    if let token = try? Token(parsing: text) {
        let isVerified: Bool? = try? {
            try token.verify(with: KeySet([]), allowing: [token.algorithm])
            return true
        }()
        precondition(isVerified == nil, "verified without a key")
    }
    if let value = try? JSONValue(parsing: bytes) { _ = try? KeySet(jwks: value) }
}

/// The same events come out wherever the network cuts the stream.
func readEvents(_ bytes: [UInt8], number: Int) {
    var whole = EventStreamReader()
    var expected = whole.take(bytes)
    if let last = whole.finish() { expected.append(last) }
    var cut = EventStreamReader()
    var events: [EventStreamReader.Event] = []
    for piece in pieces(of: bytes, number + 1) { events += cut.take(piece) }
    if let last = cut.finish() { events.append(last) }
    precondition(events == expected, "a cut made other events")
}

/// Bytes cut into pieces of a length.
func pieces(of bytes: [UInt8], _ length: Int) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: length).map { start in
        Array(bytes[start..<min(start + length, bytes.count)])
    }
}

/// Every record has its line, and the end comes.
func readCSV(_ bytes: [UInt8]) {
    var reader = CSVReader(bytes)
    var line = 0
    for _ in 0...bytes.count + 1 {
        do {
            guard let record = try reader.next() else { return }
            precondition(record.line >= line && !record.fields.isEmpty, "a record out of place")
            line = record.line
        } catch {}
    }
    fatalError("the end never comes")
}
