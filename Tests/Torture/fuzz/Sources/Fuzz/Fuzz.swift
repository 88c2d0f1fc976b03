import Foundation

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

/// All that is read from strangers. A parser gets bytes and a number that it may use as it likes;
/// seeds begin with the place of theirs in this list.
private let parsers: [(name: String, read: @Sendable ([UInt8], Int) -> Void)] = [
    ("json", { bytes, _ in readJSON(bytes) }),
    ("token", { bytes, _ in readToken(bytes) }),
    ("events", { readEvents($0, number: $1) }),
    ("table", { bytes, _ in readCSV(bytes) }),
    ("reply", { readReply($0, number: $1) }),
    ("tool", { bytes, _ in readTool(bytes) }),
    ("request", { bytes, _ in readRequest(bytes) }),
    ("configuration", { bytes, _ in readConfiguration(bytes) }),
    ("setting", { bytes, _ in readSetting(bytes) }),
    ("cursor", { bytes, _ in readCursor(bytes) }),
    ("search", { bytes, _ in readSearch(bytes) }),
    ("time", { bytes, _ in readTime(bytes) }),
    ("query", { bytes, _ in readQuery(bytes) }),
]

/// The only parser to be looked at, if `PARSER` names one.
private let only = ProcessInfo.processInfo.environment["PARSER"].flatMap { name in
    parsers.firstIndex { $0.name == name }
}

/// Gives the fuzzer's bytes to a parser; the first byte says which.
///
/// A trap, a broken bound and a broken promise all end the process, which is what the fuzzer looks
/// for.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    let (number, place) = Int(start[0]).quotientAndRemainder(dividingBy: parsers.count)
    // An input of another parser is none of this one's.
    if let only, only != place { return -1 }
    parsers[place].read(bytes, number)
    return 0
}

/// Two readings of the same, of which both or none succeed.
func expectSame<Value: Equatable>(_ first: Value, _ second: Value, _ promise: String) {
    precondition(first == second, "\(promise): \(first) and \(second)")
}
