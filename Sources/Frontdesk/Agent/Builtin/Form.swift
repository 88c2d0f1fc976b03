import JSON

/// What the agent collects before it acts for one intent, and how it then acts.
struct Form: Sendable {
    /// The intent's word in the kept state.
    let name: String
    /// What is asked for, in this order.
    var slots: [Slot] = []
    /// Further values it carries along, found by tools.
    var facts: [String] = []
    /// What the agent says before it asks the first question.
    var introduction: String?
    /// Looks at the values before the next question; a reply ends the turn with it.
    var prepare: (@Sendable (Exchange, inout SlotValues) async -> AgentReply?)?
    /// Acts, or asks for a yes, when all slots are filled.
    let finish: @Sendable (Exchange, SlotValues) async -> AgentReply
    /// What needs a "yes".
    var consent: Consent?

    /// A question that is answered by yes or no, and what follows.
    struct Consent: Sendable {
        /// The question, which can be repeated.
        let question: @Sendable (SlotValues) -> String
        /// Acts on "yes".
        let accept: @Sendable (Exchange, SlotValues) async -> AgentReply
        /// What the agent says to "no".
        let decline: @Sendable (SlotValues) -> String
    }

    /// Words that may go with the "yes": "yes, cancel it".
    var echo: Concepts = []
    /// Whether the customer can correct single values when asked for the yes.
    var isCorrectable = false
    /// What the agent says when the customer drops it.
    var dropped = "All right, I've dropped that."

    /// The slot named `name`.
    func slot(_ name: String) -> Slot? {
        slots.first { $0.name == name }
    }
}

/// What the agent waits for.
enum Question: Equatable, Sendable {
    /// A value of the form.
    case slot(String)
    /// Yes or no to what the form would do.
    case consent
    /// Yes or no to an offer to begin the form.
    case offer
    /// Nothing, but the next message may refer to the orders spoken of.
    case nothing

    /// Its word in the kept state.
    var word: String? {
        switch self {
        case .slot(let name): name
        case .consent: "confirm"
        case .offer: "offer"
        case .nothing: nil
        }
    }
}

/// What the agent says, and what it then waits for.
struct AgentReply: Sendable {
    /// The text for the customer.
    var text: String
    /// The dialogue that stays open.
    var open: Dialogue?

    /// A reply; without `open` the dialogue is over.
    init(_ text: String, open: Dialogue? = nil) {
        self.text = text
        self.open = open
    }

    /// A reply about orders, which the next message may call "it" or "the second one".
    init(_ text: String, about orders: [String]) {
        self.text = text
        open = orders.isEmpty ? nil : Dialogue(about: orders)
    }
}
