import HTTP
import JSON

extension Request {
    /// The body, checked against `schema`. Throws a validation failure that names every problem.
    func body(_ schema: JSONSchema, allowsEmpty: Bool = false) throws -> JSONValue {
        let body = try json(allowsEmptyBody: allowsEmpty)
        let problems = schema.problems(in: body)
        if !problems.isEmpty {
            throw Failure(
                invalid: problems.map { Failure.Field(field: $0.field, problem: $0.problem) })
        }
        return body
    }

    /// The tenant that query, body or header names, else the credential's, else `default`.
    ///
    /// Throws a validation failure when a name is malformed or two of them differ, and 403 when
    /// the credential is not for the tenant, or not for the customer that query or body name.
    func tenant(body: JSONValue? = nil) throws -> Tenant {
        let named = try namedTenant(body: body)
        try checkNamedCustomer(body: body)
        guard let own = caller.tenant else { return named ?? .default }
        guard named == nil || named == own else { throw Failure.wrongTenant(named?.name ?? "") }
        return own
    }

    /// The tenant that query, body or header names, nil when none does.
    func namedTenant(body: JSONValue? = nil) throws -> Tenant? {
        var named: String?
        func note(_ place: String, _ name: String) throws {
            if let problem = identifierProblem(name) { throw Failure.invalid(place, problem) }
            if let named, named != name {
                throw Failure.invalid(place, "names tenant '\(name)', but '\(named)' is named too")
            }
            named = name
        }
        for pair in query.pairs where pair.name == "tenant_id" { try note("tenant_id", pair.value) }
        if let name = body?["tenant_id"]?.string { try note("tenant_id", name) }
        if headers.contains("X-Tenant-ID") {
            for name in headers.all("X-Tenant-ID") { try note("X-Tenant-ID", name) }
        }
        return named.map(Tenant.init(unchecked:))
    }

    /// Throws 403 where a customer names another customer in query or body (tickets.md, section
    /// 2), though the rest of the request be about records of their own.
    private func checkNamedCustomer(body: JSONValue?) throws {
        guard caller.seesOnlyOwn else { return }
        var named = query.pairs.filter { $0.name == "customer_id" }.map(\.value)
        if let id = body?["customer_id"]?.string { named.append(id) }
        guard named.allSatisfy(caller.owns) else { throw Failure.otherCustomer }
    }

    /// The W3C trace that the request belongs to, to be passed on; nil for none.
    var trace: String? { headers["traceparent"].flatMap { isTraceparent($0) ? $0 : nil } }

    /// The session that the path names in the request's tenant, which a body may name where the
    /// route takes one.
    func session(body: JSONValue? = nil) throws -> Session.Key {
        let id = parameters["session_id"]
        try checkSessionID(id)
        return Session.Key(tenant: try tenant(body: body), id: id)
    }
}

/// Whether a text is a `traceparent` of W3C Trace Context: `00-<32 digits>-<16 digits>-<2 digits>`,
/// all hexadecimal in small letters and neither id zero. Later versions may have more behind it.
func isTraceparent(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 4)
    guard text.utf8.count <= 512, parts.count >= 4, parts.prefix(4).map(\.count) == [2, 32, 16, 2],
        parts.prefix(4).allSatisfy({ $0.allSatisfy(\.isSmallHexDigit) }),
        parts[1].contains(where: { $0 != UInt8(ascii: "0") }),
        parts[2].contains(where: { $0 != UInt8(ascii: "0") }), !parts[0].elementsEqual("ff".utf8)
    else { return false }
    return text.utf8.count == 55 || !parts[0].elementsEqual("00".utf8) && parts.count == 5
}

extension UInt8 {
    fileprivate var isSmallHexDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}

extension JSONSchema {
    /// A body that may name the tenant, where all else is said without one.
    static let naming = JSONSchema.object([
        .optional("tenant_id", .nullable(SessionRoutes.tenantID))
    ])
}

/// Throws a validation failure unless a caller may give a session this id.
func checkSessionID(_ id: String) throws {
    if let problem = identifierProblem(id) { throw Failure.invalid("session_id", problem) }
    if [".", "..", "stats", "search"].contains(id) {
        throw Failure.invalid("session_id", "must not be '\(id)', which no path could name")
    }
}

/// Reads typed values from a query and collects what is wrong with them.
struct QueryReader {
    private let query: Query
    private var problems: [Failure.Field] = []

    /// Reads from the request's query.
    init(_ request: Request) {
        query = request.query
    }

    /// The request's tenant; any when it is named wrongly, which `check` then tells. Throws 403.
    mutating func tenant(of request: Request) throws -> Tenant {
        do {
            return try request.tenant()
        } catch let failure as Failure where !failure.fields.isEmpty {
            problems += failure.fields
            return .default
        }
    }

    /// A whole number within limits; `fallback` when it is not there.
    mutating func integer(_ name: String, _ range: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let text = query[name] else { return fallback }
        guard let number = Int(text), range.contains(number), !text.hasPrefix("+") else {
            let limits =
                range.upperBound == Int.max
                ? "of at least \(range.lowerBound)"
                : "from \(range.lowerBound) to \(range.upperBound)"
            problems.append(.init(field: name, problem: "must be a whole number \(limits)"))
            return fallback
        }
        return number
    }

    /// One of a closed set of words, nil when it is not there.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type = Choice.self
    ) -> Choice? {
        guard let word = query[name] else { return nil }
        if let choice = Choice(rawValue: word) { return choice }
        let words = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        problems.append(.init(field: name, problem: "must be one of \(words)"))
        return nil
    }

    /// A text, nil when it is not there; `check` returns what is wrong with it.
    mutating func text(_ name: String, check: (String) -> String? = { _ in nil }) -> String? {
        guard let text = query[name] else { return nil }
        let nul = text.utf8.contains(0) ? "must not contain the character U+0000" : nil
        if let problem = nul ?? check(text) {
            problems.append(.init(field: name, problem: problem))
            return nil
        }
        return text
    }

    /// Notes a problem that the caller found.
    mutating func refuse(_ name: String, _ problem: String) {
        problems.append(.init(field: name, problem: problem))
    }

    /// Throws a validation failure with everything found.
    func check() throws {
        if !problems.isEmpty { throw Failure(invalid: problems) }
    }
}
