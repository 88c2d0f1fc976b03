import Glibc

/// The members of a JSON object in the order in which they were written.
public struct JSONObject: Sendable {
    /// One name and its value.
    public struct Member: Sendable {
        /// The member's name.
        public let key: String
        /// The member's value.
        public var value: JSONValue
    }

    /// All members in order.
    public private(set) var members: [Member] = []

    /// Where each name stands, kept only for objects too long to be searched from the front.
    private var positions: [ExactText: Int] = [:]

    /// One bit for each name's first letter and length: a name whose bit is not set is surely new,
    /// which tells most names apart from all others at once.
    private var marks: UInt64 = 0

    /// Up to this many members a search from the front is faster than hashing: most names are told
    /// apart by their lengths.
    private static let searchedFromFront = 24

    /// An object without members.
    public init() {}

    /// How many members there are.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The names in order.
    public var keys: [String] { members.map(\.key) }

    /// The value named `key`; setting nil removes it, setting a new name adds it at the end.
    public subscript(key: String) -> JSONValue? {
        get {
            position(of: key).map { members[$0].value }
        }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): add(key, value)
            case (nil, nil): break
            }
        }
    }

    /// Adds a member at the end and says true, or says false when the name is already there.
    mutating func append(_ key: String, _ value: JSONValue) -> Bool {
        guard position(of: key) == nil else { return false }
        add(key, value)
        return true
    }

    /// Makes room for `count` members.
    mutating func reserve(_ count: Int) {
        members.reserveCapacity(count)
    }

    /// Where the member named `key` stands.
    private func position(of key: String) -> Int? {
        guard marks & Self.mark(of: key) != 0 else { return nil }
        guard positions.isEmpty else { return positions[ExactText(text: key)] }
        return members.firstIndex { $0.key.isExactly(key) }
    }

    private static func mark(of key: String) -> UInt64 {
        1 << UInt64((Int(key.utf8.first ?? 0) &+ 7 &* key.utf8.count) & 63)
    }

    /// Adds a member whose name is known to be new.
    private mutating func add(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
        marks |= Self.mark(of: key)
        if !positions.isEmpty {
            positions[ExactText(text: key)] = members.count - 1
        } else if members.count > Self.searchedFromFront {
            index()
        }
    }

    /// Takes a member out and numbers the ones behind it anew.
    private mutating func remove(at position: Int) {
        members.remove(at: position)
        if !positions.isEmpty { index() }
    }

    /// Writes down where every name stands.
    private mutating func index() {
        positions.removeAll(keepingCapacity: true)
        for (position, member) in members.enumerated() {
            positions[ExactText(text: member.key)] = position
        }
    }
}

extension JSONObject: Equatable {
    /// Whether both have the same members; their order does not matter.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left.members, right.members).allSatisfy { mine, other in
            if mine.key.isExactly(other.key) { return mine.value == other.value }
            return left[other.key] == other.value && right[mine.key] == mine.value
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// The members as listed; of two with one name the later value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        reserve(elements.count)
        for (key, value) in elements where !append(key, value) {
            self[key] = value
        }
    }
}

/// A text that equals only itself: Swift takes "é" in one and in two code points for equal,
/// JSON does not.
struct ExactText: Hashable {
    /// The text.
    let text: String

    /// Whether the bytes are the same.
    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    /// Hashes the bytes.
    func hash(into hasher: inout Hasher) {
        var copy = text
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    /// Whether both texts have the same UTF-8 bytes.
    func isExactly(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (one, two) = (self, other)
        return one.withUTF8 { one in
            two.withUTF8 { two in
                guard let one = one.baseAddress, let other = two.baseAddress else { return true }
                return memcmp(one, other, two.count) == 0
            }
        }
    }
}
