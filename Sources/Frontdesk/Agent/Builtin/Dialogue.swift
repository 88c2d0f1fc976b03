import JSON

/// A dialogue that goes on with the next message: intent, slots and question.
struct Dialogue: Sendable {
    /// What it is for.
    let form: Form
    /// What is known so far.
    var values: SlotValues
    /// What the agent waits for.
    var question: Question

    /// A dialogue about `form`.
    init(_ form: Form, _ values: SlotValues, _ question: Question) {
        self.form = form
        self.values = values
        self.question = question
    }

    /// Nothing but the orders last spoken of.
    init(about orders: [String]) {
        let ids = orders.prefix(Exchange.largestLookUp).map(JSONValue.string)
        self.init(.topic, ["order_ids": .array(Array(ids))], .nothing)
    }

    /// Other versions' states are not read.
    private static let version = 1

    /// The state to keep.
    var state: JSONValue {
        [
            "version": JSONValue(Dialogue.version), "intent": .string(form.name),
            "slots": .object(values), "question": JSONValue(question.word),
        ]
    }

    /// Reads a kept state; nil for anything that this version would not have written.
    init?(state: JSONValue?) {
        guard let state, state["version"]?.int == Dialogue.version,
            let form = state["intent"]?.string.flatMap({ Form.named[$0] }),
            let values = state["slots"]?.object, Dialogue.fits(values, form),
            let question = Dialogue.question(state["question"], form, values)
        else { return nil }
        self.init(form, values, question)
    }

    private static func fits(_ values: SlotValues, _ form: Form) -> Bool {
        values.members.allSatisfy { member in
            if let slot = form.slot(member.key) { return slot.accepts(member.value) }
            guard form.facts.contains(member.key), let fact = member.value.string else {
                return false
            }
            return fact.length <= 500
        }
    }

    private static func question(
        _ value: JSONValue?, _ form: Form, _ values: SlotValues
    ) -> Question? {
        guard let value else { return nil }
        switch value.string {
        case nil: return value.isNull && form.name == Form.topic.name ? .nothing : nil
        case "confirm":
            let isComplete = form.slots.allSatisfy { !$0.isRequired || values[$0.name] != nil }
            return form.consent != nil && isComplete ? .consent : nil
        case "offer": return .offer
        case let name?: return form.slot(name) == nil ? nil : .slot(name)
        }
    }

    /// The orders it speaks of.
    var orders: [String] {
        if let order = values["order_id"]?.string { return [order] }
        return values["order_ids"]?.array?.compactMap(\.string) ?? []
    }
}

extension Form {
    /// No question, only the orders last spoken of.
    static let topic = Form(
        name: "topic", slots: [.orders],
        finish: { exchange, _ in exchange.agent.fallback(exchange.message) },
        dropped: "All right. Just tell me when there is something I can help you with.")

    /// Every form by its word in the kept state.
    static let named: [String: Form] = {
        let forms = [topic] + Intent.all.flatMap(\.forms)
        return Dictionary(forms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }()
}
