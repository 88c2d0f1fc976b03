import HTTP
import JSON
import Testing

@testable import Frontdesk

/// A record of every kind that belongs to somebody else, and the requests that name them.
///
/// The requests follow from the table of routes, so that a new route is tested by being there.
struct ForeignRecords: Sendable {
    /// A word that stands in all that is somebody else's.
    static let secret = "zanzibar"

    /// The ids by the names that patterns, queries and bodies have for them.
    private(set) var ids = ["folder": "page", "file": "reference.css", "category": "order"]
    /// What stands in braces and is nobody's.
    private static let common: Set = ["folder", "file", "category"]

    private let service: Service
    private let staff: Headers
    private let owner: Headers

    /// Makes them: what belongs to a customer as `owner`, where `customer` is their record, and
    /// all else as `staff`.
    init(
        _ service: Service, staff: Headers, owner: Headers? = nil, customer: String? = nil
    ) async throws {
        self.service = service
        self.staff = staff
        self.owner = owner ?? staff
        try await addConversation()
        if let customer {
            ids["customer_id"] = customer
        } else {
            let answer = try await service.post(
                "/customers",
                [
                    "email": "zanzibar@example.com", "first_name": .string(Self.secret),
                    "last_name": .string(Self.secret),
                ], headers: staff)
            ids["customer_id"] = answer["data"]?["customer"]?["customer_id"]?.string
        }
        try await addOrder()
        try await addMessage()
    }

    private mutating func addConversation() async throws {
        let note: JSONValue = ["note": .string(Self.secret)]
        _ = try await service.post(
            "/agent/sessions", ["session_id": "sess_acme", "metadata": note], headers: owner)
        ids["session_id"] = "sess_acme"
        var said = owner
        said["X-Request-ID"] = "req_acme"
        _ = try await service.post(
            "/agent/messages",
            ["session_id": "sess_acme", "message": .string("hi " + Self.secret)], headers: said)
        ids["request_id"] = "req_acme"
    }

    private mutating func addOrder() async throws {
        let ticket = try await service.post(
            "/tickets",
            [
                "customer_id": JSONValue(ids["customer_id"]), "ticket_number": "ZANZIBAR-1",
                "ticket_type": "general", "original_price": 50, "event_date": "2026-06-10",
            ], headers: staff)
        ids["ticket_id"] = ticket["data"]?["ticket"]?["ticket_id"]?.string
        let order = try await service.post(
            "/orders",
            [
                "ticket_id": JSONValue(ids["ticket_id"]), "upgrade_tier": "standard",
                "customer_id": JSONValue(ids["customer_id"]), "event_date": "2026-06-10",
            ], headers: owner)
        ids["order_id"] = order.order?["order_id"]?.string
    }

    private mutating func addMessage() async throws {
        let agent = try await service.post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "acme-agent", "description": .string(Self.secret),
                "inboxName": .string(Self.secret), "inboxDestinationType": "FRONTDESK_INBOX",
            ], headers: staff)
        #expect(agent.status == 201)
        ids["aiAgentAddress"] = "acme-agent"
        let message = try await service.post(
            "/v1/messages",
            ["aiAgentAddress": "acme-agent", "payload": ["note": .string(Self.secret)]],
            headers: staff)
        ids["messageId"] = message["messageId"]?.string
    }

    /// A request of a route that names what is somebody else's.
    struct Attempt {
        let path: String
        let body: JSONValue?
        /// Whether path or body name a record that is somebody else's.
        let isForeign: Bool
    }

    /// A route's request with the ids in path, query and body.
    func attempt(_ route: Route) throws -> Attempt {
        let unknown = route.parameterNames.filter { ids[$0] == nil }
        #expect(unknown == [], "\(route.pattern) needs a record of somebody else in this test")
        var path = route.pattern
        for (name, id) in ids { path = path.replacing("{\(name)}", with: id) }
        var isForeign = !Self.common.isSuperset(of: route.parameterNames)
        let queries = route.operation.parameters.filter { $0.place == .query }
            .compactMap { parameter in ids[parameter.name].map { "\(parameter.name)=\($0)" } }
        if !queries.isEmpty { path += "?" + queries.joined(separator: "&") }
        guard let wanted = route.operation.body else {
            return Attempt(path: path, body: nil, isForeign: isForeign)
        }
        var object = (wanted.example ?? wanted.schema.sample)?.object ?? JSONObject()
        object["tenant_id"] = nil
        for (name, id) in ids where object[name] != nil {
            object[name] = .string(id)
            isForeign = true
        }
        return Attempt(path: path, body: .object(object), isForeign: isForeign)
    }

    /// All rows of a tenant, table by table.
    func rows(of tenant: String) throws -> [String: [String]] {
        let tables = try service.rows(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND sql LIKE '%tenant_id%' AND sql NOT LIKE '%VIRTUAL%'
            """)
        return try Dictionary(
            uniqueKeysWithValues: tables.map { table in
                (table, try service.rows("SELECT * FROM \(table) WHERE tenant_id = '\(tenant)'"))
            })
    }
}
