import JSON
import JWT

/// libFuzzer's own main function.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ take: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// The package manager's name for the main function, which libFuzzer would bring otherwise.
@_cdecl("Fuzz_main")
public func start(
    _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
    var count = count
    var words = words
    return runFuzzer(&count, &words, takeInput)
}

/// Gives the fuzzer's bytes to a parser; the first byte says which.
///
/// A trap, a broken bound and a broken promise all end the process, which is what the fuzzer looks
/// for.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    switch start[0] % 4 {
    case 0: readJSON(bytes)
    case 1: readToken(bytes)
    case 2: readEvents(bytes, pieces: Int(start[0] / 4) + 1)
    default: readCSV(bytes)
    }
    return 0
}

/// What is read and written again is the same.
private func readJSON(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes, maximumDepth: 32) else { return }
    let written = value.bytes
    guard let again = try? JSONValue(parsing: written, maximumDepth: 32) else {
        fatalError("what was written cannot be read")
    }
    precondition(again == value && again.bytes == written, "what was written is something else")
}

/// A token is refused or read, and a set of keys likewise; none verifies without a key.
private func readToken(_ bytes: [UInt8]) {
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
private func readEvents(_ bytes: [UInt8], pieces: Int) {
    var whole = EventStreamReader()
    var expected = whole.take(bytes)
    if let last = whole.finish() { expected.append(last) }
    var cut = EventStreamReader()
    var events: [EventStreamReader.Event] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        events += cut.take(Array(rest.prefix(pieces)))
        rest = rest.dropFirst(pieces)
    }
    if let last = cut.finish() { events.append(last) }
    precondition(events == expected, "a cut made other events")
}

/// Every record has its line, and the end comes.
private func readCSV(_ bytes: [UInt8]) {
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
