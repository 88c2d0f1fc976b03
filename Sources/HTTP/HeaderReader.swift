import Glibc

/// Gathers the header fields of a request and what a proxy in front might read in another way.
///
/// Two that do not agree where a request ends take a part of it for the next one, which then
/// passes the proxy unseen.
struct HeaderReader {
    /// The fields so far.
    private(set) var headers = Headers(capacity: 256)
    private var hosts = 0
    private var lengths = 0
    private var encodings = 0
    private var isChunked = false
    private var hasBrokenName = false
    private var hasBrokenLine = false

    /// Adds a field as it lies in the library's memory.
    mutating func add(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) {
        headers.append(name, value)
        if name.isEmpty || !name.allSatisfy(\.isTokenCharacter) { hasBrokenName = true }
        // Some take a carriage return alone for the end of a line.
        if value.contains(0x0D) { hasBrokenLine = true }
        switch name.count {
        case 4 where name.isText("host"): hosts += 1
        case 14 where name.isText("content-length"): lengths += 1
        case 17 where name.isText("transfer-encoding"):
            encodings += 1
            isChunked = value.isText("chunked")
        default: break
        }
    }

    /// What is wrong with the fields of a request of this version of HTTP, nil for nothing.
    func problem(in version: UnsafePointer<CChar>) -> HTTPError? {
        if hasBrokenName { return .malformedRequest("The name of a header field is not valid.") }
        if hasBrokenLine {
            return .malformedRequest("A line of the header holds a CR without an LF.")
        }
        if lengths + encodings > 1 {
            return .malformedRequest("The length of the body is given more than once.")
        }
        if encodings == 1, !isChunked {
            return .malformedRequest("The only Transfer-Encoding that is understood is 'chunked'.")
        }
        guard hosts == 1 || (hosts == 0 && strcmp(version, "HTTP/1.1") != 0) else {
            return .malformedRequest("The request must name one host.")
        }
        return nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are `text`, which is in small letters, in any case.
    fileprivate func isText(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index].lowercased != text.utf8Start[index] {
            return false
        }
        return true
    }
}

extension UInt8 {
    /// Whether a name may hold it (RFC 9110, section 5.6.2).
    fileprivate var isTokenCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C, 0x7E: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }
}
