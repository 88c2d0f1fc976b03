import JSON

/// A tool of a remote ticket agent, and what its answer must hold (tickets.md, section 10).
enum RemoteTool: String, CaseIterable, Sendable {
    case validate = "validate_ticket_eligibility"
    case price = "calculate_upgrade_pricing"
    case priceForDate = "get_pricing_for_date"
    case recommend = "get_upgrade_recommendations"
    case compare = "get_upgrade_tier_comparison"
    case calendar = "get_upgrade_calendar"
    case order = "create_upgrade_order"
    case customer = "get_customer"
    case tickets = "get_tickets_for_customer"

    /// Whether asking changes nothing, so that it may be asked again.
    var isRead: Bool { self != .order && self != .price }

    /// What is missing in a payload of this tool; nil when it is complete.
    func missing(in payload: JSONObject) -> String? {
        switch self {
        case .validate:
            if payload["eligible"]?.bool == nil { return "eligible" }
            return payload["ticket"]?.object == nil ? "ticket" : nil
        case .price, .priceForDate:
            let price = payload["upgrade_price"] ?? payload["pricing"]?["upgrade_price"]
            return price?.double == nil ? "upgrade_price" : nil
        case .recommend: return Self.absent("recommendations", in: payload)
        case .compare:
            let tiers = payload["tiers"] ?? payload["comparison"]?["tiers"]
            return tiers.map(\.isNull) ?? true ? "tiers" : nil
        case .calendar:
            return Self.absent("days", in: payload).flatMap { _ in
                Self.absent("calendar", in: payload)
            }
        case .order:
            let keys = ["order_id", "order", "upgrade_order"]
            return keys.allSatisfy { Self.absent($0, in: payload) != nil } ? "order_id" : nil
        case .customer: return Self.absent("customer", in: payload)
        case .tickets: return Self.absent("tickets", in: payload)
        }
    }

    private static func absent(_ key: String, in payload: JSONObject) -> String? {
        payload[key].map(\.isNull) ?? true ? key : nil
    }
}

/// What a caller wants to know of a remote ticket agent.
struct RemoteQuestion: Sendable {
    /// The tool that answers it.
    let tool: RemoteTool
    /// What is known, by the names that our own routes have for it.
    var known: JSONObject
    /// The request's id, which goes along.
    var requestID = ""
    /// The trace that the request belongs to, which goes along.
    var trace: String?
    /// To be awaited before the question itself leaves.
    var sending: @Sendable () async throws -> Void = {}

    /// Other names of what is known.
    private static let otherNames = [
        "travel_date": "event_date", "target_date": "event_date", "selected_date": "event_date",
        "days_ahead": "days",
    ]

    /// What the agent itself knows of a ticket, where the caller does not say it.
    private static let facts = [
        "ticket_type", "original_price", "ticket_data", "order_data", "customer_id", "event_date",
    ]

    /// The arguments for a tool with this schema; nil when the agent does not show schemas.
    ///
    /// Throws `upstream_invalid` when it requires something that nobody knows.
    func arguments(for schema: JSONObject?) throws -> JSONObject {
        let declared = schema?["properties"]?.object ?? JSONObject()
        guard let schema, !declared.isEmpty || schema["additionalProperties"] == false else {
            return known
        }
        var arguments = JSONObject()
        for property in declared.members {
            guard let value = known[Self.otherNames[property.key] ?? property.key] else { continue }
            arguments[property.key] = Self.fitted(value, to: property.value["type"]?.string)
        }
        for name in Self.required(schema) where arguments[name] == nil {
            throw Failure.upstreamInvalid(
                "The ticket agent's tool '\(tool.rawValue)' asks for '\(Failure.word(name))', "
                    + "which is not known here.", code: "argument_unknown")
        }
        return arguments
    }

    /// Whether a tool with this schema requires what only a validation tells.
    func needsFacts(for schema: JSONObject?) -> Bool {
        schema.map(Self.required)?.contains { name in
            let name = Self.otherNames[name] ?? name
            return Self.facts.contains(name) && known[name] == nil
        } ?? false
    }

    /// Takes over what a validation has told.
    mutating func learn(from validation: JSONObject) {
        let ticket = validation["ticket"] ?? .null
        for name in ["ticket_type", "original_price", "customer_id"] where known[name] == nil {
            known[name] = ticket[name] ?? validation[name]
        }
        // Where nobody names a day, the ticket's own is meant.
        if known["event_date"] == nil, let day = ticket["event_date"]?.string?.prefix(10) {
            known["event_date"] = CalendarDay(parsing: day).map { .string($0.text) }
        }
        known["ticket_data"] = validation["ticket_data"] ?? ticket
        known["order_data"] = validation["order_data"] ?? .object(orderData)
    }

    /// What an order is about, as one object.
    private var orderData: JSONObject {
        var data = known
        data["ticket_data"] = nil
        return data
    }

    private static func required(_ schema: JSONObject) -> [String] {
        schema["required"]?.array?.compactMap(\.string) ?? []
    }

    /// A value in the kind that a schema asks for, as far as that loses nothing.
    private static func fitted(_ value: JSONValue, to type: String?) -> JSONValue {
        switch (type, value) {
        case ("string", .number), ("string", .bool), ("string", .object): .string(value.text)
        case ("number", .string(let text)), ("integer", .string(let text)):
            JSONNumber(text: text).map(JSONValue.number) ?? value
        default: value
        }
    }
}
