import JSON

/// One message on its way to a reply: what was said, what was spoken of before, and the tools.
struct Exchange {
    /// At most so many orders are looked up for one message.
    static let largestLookUp = 5

    /// The agent's settings.
    let agent: BuiltinAgent
    /// What the customer said.
    let message: Utterance
    /// The orders last spoken of.
    var topic: [String] = []
    /// Whether the message answers a question of the agent's.
    var isAnswer = false
    /// The tools.
    let call: BuiltinAgent.Call

    /// What a tool answered.
    enum Outcome {
        /// Its result.
        case success(JSONValue)
        /// The sentence that says what went wrong, and the kind of error.
        case failure(String, type: String)
    }

    /// Calls a tool with exactly these arguments.
    func use(_ tool: String, _ arguments: JSONValue = [:]) async -> Outcome {
        let result = await call(tool, arguments)
        if result["status"]?.string == "success" { return .success(result) }
        let sentence = result["error"]?.string?.plain(limit: 500) ?? ""
        return .failure(
            sentence.isEmpty ? Phrases.unreadable : sentence,
            type: result["error_type"]?.string ?? "")
    }

    /// Looks the form's order up and goes on with it; when there is none, says so and asks for the
    /// number again.
    func withOrder(
        _ form: Form, _ values: SlotValues, _ goOn: (OrderFacts) async -> AgentReply
    ) async -> AgentReply {
        let number = values[Slot.order.name] ?? .null
        switch await use("get_order", ["order_id": number]) {
        case .success(let result):
            guard let order = result["order"].flatMap(OrderFacts.init) else {
                return AgentReply(Phrases.unreadable)
            }
            return await goOn(order)
        case .failure(let sentence, type: "OrderNotFound"),
            .failure(let sentence, type: "ValidationError"):
            var values = values
            values[Slot.order.name] = nil
            return ask(.order, form, values, first: sentence)
        case .failure(let sentence, _):
            return AgentReply(sentence)
        }
    }

    /// The orders that the message names or refers to, as in "it", "both of them" or "the second
    /// one".
    var orders: [String] {
        let named = message.orders()
        return named.isEmpty ? referred : named
    }

    /// The orders last spoken of that the message refers to without naming them.
    var referred: [String] {
        guard !topic.isEmpty else { return [] }
        if let mark = message.mark(.one), let place = ordinal(mark) { return [place] }
        if message.has(.them) { return topic }
        return message.has(.it) && topic.count == 1 ? topic : []
    }

    private func ordinal(_ mark: Mark) -> String? {
        for word in message.words[mark.words] {
            guard let place = Exchange.ordinals[word.key] else { continue }
            let index = place < 0 ? topic.count - 1 : place
            return topic.indices.contains(index) ? topic[index] : nil
        }
        return nil
    }

    /// Where each ordinal points in a list that begins with the newest; -1 is its end.
    private static let ordinals = [
        "first": 0, "1st": 0, "one": 0, "second": 1, "2nd": 1, "two": 1, "third": 2, "3rd": 2,
        "three": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "latest": 0, "newest": 0,
        "recent": 0,
        "oldest": -1, "last": -1,
    ]
}

// MARK: - Filling forms

extension Exchange {
    /// Takes what the message says, then asks for the next value, or finishes.
    func fill(_ form: Form, _ known: SlotValues = [:]) async -> AgentReply {
        var values = known
        var problem: (slot: Slot, sentence: String)?
        for slot in form.slots where values[slot.name] == nil {
            switch read(slot, asked: false) {
            case .value(let value): values[slot.name] = value
            case .bad(let sentence): problem = problem ?? (slot, sentence)
            case .absent: continue
            }
        }
        if let reply = await form.prepare?(self, &values) { return reply }
        if let problem {
            return ask(problem.slot, form, values, first: problem.sentence)
        }
        if let slot = form.slots.first(where: { $0.isRequired && values[$0.name] == nil }) {
            if slot.isOrder, message.has(.unsure) { return askForName() }
            return ask(slot, form, values, first: isAnswer ? nil : form.introduction)
        }
        return oneByOne(form, await form.finish(self, values))
    }

    /// Says so when the message names several orders where only one can be dealt with.
    private func oneByOne(_ form: Form, _ reply: AgentReply) -> AgentReply {
        guard form.slot(Slot.order.name) != nil, message.orders().count > 1 else { return reply }
        return AgentReply("I can only do one order at a time.\n" + reply.text, open: reply.open)
    }

    /// Offers the search by name to a customer who lacks the order's number.
    func askForName() -> AgentReply {
        ask(.customer, .search, [:], first: "No problem, I can look it up by name.")
    }

    /// What the message says about a slot, references to orders included.
    func read(_ slot: Slot, asked: Bool) -> Reading {
        let reading = slot.read(message, asked)
        guard case .absent = reading, !referred.isEmpty else { return reading }
        switch slot.name {
        case Slot.order.name: return .value(.string(referred[0]))
        case Slot.orders.name: return .value(.array(referred.map(JSONValue.string)))
        default: return reading
        }
    }

    /// Asks for a value, between a first and a last sentence.
    func ask(
        _ slot: Slot, _ form: Form, _ values: SlotValues, first: String? = nil, last: String? = nil
    ) -> AgentReply {
        // The form's own slot has the form's own question.
        let question = (form.slot(slot.name) ?? slot).question
        let text = [first, question, last].compactMap { $0 }.joined(separator: " ")
        return AgentReply(text, open: Dialogue(form, values, .slot(slot.name)))
    }

    /// Asks for a yes, after the facts it is about.
    func confirm(_ form: Form, _ values: SlotValues, first: String) -> AgentReply {
        guard let consent = form.consent else { return AgentReply(first) }
        return AgentReply(
            first + "\n" + consent.question(values) + " (yes/no)",
            open: Dialogue(form, values, .consent))
    }
}
