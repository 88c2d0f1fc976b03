import JSON

/// The agent that needs no model and no network: fixed rules that talk English and know tools only by name,
/// arguments and result. The same messages on the same data give the same text.
struct BuiltinAgent: Sendable {
    /// How a tool is called: its name, its arguments, and what it answered.
    typealias Call = (String, JSONValue) async -> JSONValue

    /// Whether ticket upgrades are offered here.
    let ticketTools: Bool
    /// The order states that a conversation may set, as the tools spell them.
    let orderStatuses: [String]

    /// Ticket upgrades are off unless asked for, and all order states may be set.
    init(
        ticketTools: Bool = false,
        orderStatuses: [String] = ["CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"]
    ) {
        self.ticketTools = ticketTools
        self.orderStatuses = orderStatuses
    }

    /// Answers one message; `state` is what the last reply of the session returned, nil when nothing was open.
    func respond(
        to message: String, state: JSONValue?, call: @escaping Call
    ) async throws -> (text: String, state: JSONValue?) {
        ("I'm sorry, I didn't understand that.", nil)
    }
}
