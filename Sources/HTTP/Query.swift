/// The pairs behind the question mark, decoded, in the order they came.
public struct Query: Sendable {
    /// One `name=value`.
    public struct Pair: Sendable, Equatable {
        /// The decoded name.
        public let name: String
        /// The decoded value, empty when there was no `=`.
        public let value: String
    }

    /// All pairs; a name may occur several times.
    public let pairs: [Pair]

    /// No pairs.
    public init() {
        pairs = []
    }

    /// Reads the text behind the question mark; `+` means a space. Throws 400 when an escape is
    /// broken or does not spell UTF-8.
    public init(parsing text: String) throws(HTTPError) {
        var text = text
        let pairs: [Pair]? = text.withUTF8 { bytes in
            var pairs: [Pair] = []
            for part in bytes.split(separator: UInt8(ascii: "&")) {
                let equals = part.firstIndex(of: UInt8(ascii: "="))
                let name = UnsafeBufferPointer(rebasing: part[..<(equals ?? part.endIndex)])
                let value = UnsafeBufferPointer(
                    rebasing: equals.map { part[($0 + 1)...] } ?? part[part.endIndex...])
                guard let name = PercentEncoding.decode(name, plusIsSpace: true),
                    let value = PercentEncoding.decode(value, plusIsSpace: true)
                else { return nil }
                pairs.append(Pair(name: name, value: value))
            }
            return pairs
        }
        guard let pairs else { throw .malformedTarget("query") }
        self.pairs = pairs
    }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        for pair in pairs where pair.name == name { return pair.value }
        return nil
    }

    /// Every value of a name, in order.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }
}
