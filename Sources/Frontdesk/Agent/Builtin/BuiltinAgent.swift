import JSON

/// The agent that needs no model and no network: fixed rules that talk English and know tools only
/// by name, arguments and result. The same messages on the same data give the same text.
struct BuiltinAgent: Sendable {
    /// How a tool is called: its name, its arguments, and what it answered.
    typealias Call = (String, JSONValue) async -> JSONValue

    /// Whether ticket upgrades are offered here.
    let ticketTools: Bool
    /// The order states that a conversation may set, as the tools spell them.
    let orderStatuses: [String]
    /// The present day at the venue, from which a day without a year is counted.
    let today: @Sendable () -> CalendarDay

    /// Ticket upgrades are off unless asked for, and all order states may be set.
    init(
        ticketTools: Bool = false,
        orderStatuses: [String] = ["CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"],
        today: @escaping @Sendable () -> CalendarDay = { VenueZone.utc.day(at: Clock.system.now()) }
    ) {
        self.ticketTools = ticketTools
        self.orderStatuses = orderStatuses
        self.today = today
    }

    /// Answers one message; `state` is what the last reply of the session returned, nil when
    /// nothing was open.
    ///
    /// In this order: the wish to stop, the answer to the open question, a new wish.
    func respond(
        to message: String, state: JSONValue?, call: @escaping Call
    ) async throws -> (text: String, state: JSONValue?) {
        let reply = await reply(
            to: Utterance(message, today: today()), in: Dialogue(state: state), call: call)
        return (reply.text, reply.open?.state)
    }

    private func reply(
        to message: Utterance, in dialogue: Dialogue?, call: @escaping Call
    ) async -> AgentReply {
        var exchange = Exchange(
            agent: self, message: message, topic: dialogue?.orders ?? [], call: call)
        if message.stops(dialogue) {
            return AgentReply(dialogue?.form.dropped ?? Form.topic.dropped)
        }
        if let dialogue {
            exchange.isAnswer = true
            if let reply = await exchange.answer(dialogue) { return reply }
            exchange.isAnswer = false
        }
        if let intent = Intent.first(in: message) { return await intent.begin(exchange) }
        if !exchange.referred.isEmpty { return await exchange.fill(.details) }
        return fallback(message)
    }
}
