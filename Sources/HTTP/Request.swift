/// One request, its body complete.
public struct Request: Sendable {
    /// The verb.
    public let method: Method
    /// The path as sent, still percent-encoded, without the query.
    public let path: String
    /// The decoded query.
    public let query: Query
    /// The header fields.
    public var headers: Headers
    /// The whole body.
    public var body: [UInt8]
    /// When it was complete, by the clock that never jumps.
    private let arrivedAt = MonotonicClock.microseconds
    /// The client's address in digits, such as `127.0.0.1` or `::1`, without a port.
    public var peer: String
    /// The request id; empty until a middleware gives one.
    public var id = ""
    /// The pattern of the route that matched, `/sessions/{id}`; nil when none did.
    public internal(set) var route: String?
    /// The place of that route in the router's table; nil when no route takes the request.
    public internal(set) var routeIndex: Int?
    /// What the braces of the pattern matched.
    public internal(set) var parameters = Parameters()
    /// What middleware hands on to later middleware and to the handler.
    public var values = RequestValues()
    /// Why this request must be refused before any handler sees it.
    var problem: HTTPError?
    /// The connection that it came over; nil in tests without a network.
    var client: Client?

    /// Microseconds since it was complete.
    public var age: Int { MonotonicClock.microseconds - arrivedAt }

    /// Whether its client has gone while the answer was being made, so that nobody would read it.
    /// A client that closes its sending half counts as gone.
    public var isAbandoned: Bool { client?.hasVanished ?? false }

    /// A request for `target`, a path with or without a query. A query that cannot be decoded is
    /// refused with 400 by the router, so that the refusal passes through the middleware.
    public init(
        _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = [],
        peer: String = "127.0.0.1"
    ) {
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: method, path: mark.map { String(target[..<$0]) } ?? target,
            rawQuery: mark.map { String(target[target.utf8.index(after: $0)...]) },
            headers: headers, body: body, peer: peer)
    }

    /// A request as the server has read it.
    init(
        method: Method, path: String, rawQuery: String?, headers: Headers, body: [UInt8],
        peer: String
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.peer = peer
        guard let rawQuery, !rawQuery.isEmpty else {
            query = Query()
            return
        }
        do throws(HTTPError) {
            query = try Query(parsing: rawQuery)
        } catch {
            query = Query()
            problem = error
        }
    }
}

/// Names a value that middleware attaches to a request.
public protocol RequestKey {
    /// What is attached.
    associatedtype Value: Sendable
    /// What a request has before anything was attached.
    static var defaultValue: Value { get }
}

/// What middleware attached to a request, by type of key.
public struct RequestValues: Sendable {
    /// A few entries at most, so a list is faster than a dictionary.
    @usableFromInline var entries: [(key: ObjectIdentifier, value: any Sendable)] = []

    /// The value under a key.
    @inlinable
    public subscript<Key: RequestKey>(key: Key.Type) -> Key.Value {
        get {
            for entry in entries where entry.key == ObjectIdentifier(key) {
                if let value = entry.value as? Key.Value { return value }
            }
            return key.defaultValue
        }
        set {
            entries.removeAll { $0.key == ObjectIdentifier(key) }
            entries.append((ObjectIdentifier(key), newValue))
        }
    }
}
