/// Everything that needs no tool: people, greetings, thanks, help, and what was not understood.
extension Intent {
    /// "I want to talk to a person"
    static let person = Intent(
        name: "person",
        trigger: { message in
            guard let person = message.index(of: .person) else { return nil }
            let small = Concepts(
                .person, .filler, .opener, .greeting, .thanks, .yes, .no, .talk, .help)
            if message.isOnly(small) { return message.marks.first?.words.lowerBound }
            guard let talk = message.index(of: .talk), abs(person - talk) <= 6 else { return nil }
            return min(talk, person)
        },
        begin: { exchange in
            exchange.offerComplaint(
                "I'm sorry, I'm an automated assistant, "
                    + "and nobody can take over this conversation here."
            )
        })

    /// "Hi"
    static let greeting = Intent(
        name: "greeting", isWeak: true,
        trigger: { message in
            message.has(.help) ? nil : message.index(ofAny: Concepts(.greeting, .smallTalk))
        },
        begin: { exchange in
            if exchange.message.has(.smallTalk) {
                return AgentReply(
                    "I'm an automated assistant, here to help. " + exchange.agent.abilities)
            }
            return AgentReply("Hello! " + exchange.agent.abilities)
        })

    /// "Thanks, bye"
    static let thanks = Intent(
        name: "thanks",
        trigger: { message in
            let small = Concepts(
                .thanks, .goodbye, .praise, .filler, .opener, .yes, .no, .greeting, .it, .help,
                .leave)
            guard message.has(any: Concepts(.thanks, .goodbye, .praise)),
                message.isOnly(small)
                    || message.has(.thanks) && message.words.count <= 8
            else { return nil }
            return message.index(ofAny: Concepts(.thanks, .goodbye, .praise))
        },
        begin: { exchange in
            if exchange.message.has(.goodbye) {
                let first = exchange.message.has(.thanks) ? "You're welcome. " : ""
                return AgentReply(first + "Thank you for contacting us, and goodbye!")
            }
            if exchange.message.has(.thanks) {
                return AgentReply("You're welcome! Is there anything else I can help you with?")
            }
            return AgentReply("Glad to hear it. Is there anything else I can help you with?")
        })

    /// "What can you do?"
    static let help = Intent(
        name: "help",
        trigger: { $0.index(of: .help) },
        begin: { exchange in
            AgentReply(
                (exchange.message.has(.greeting) ? "Hello! " : "") + exchange.agent.abilities)
        })
}

extension BuiltinAgent {
    /// What it can do, with an example each.
    var abilities: String {
        var lines = [
            "Orders: \"Where is my order?\", \"I want to place an order\" or \"Cancel my order\"",
            "E-mail: \"Email me the details of my order\"",
            "Complaints: \"I have a complaint\"",
        ]
        if ticketTools { lines.append("Tickets: \"Can I upgrade my ticket?\"") }
        return "Here is what I can help you with:\n" + Phrases.list(lines)
    }

    /// The reply to what was not understood.
    func fallback(_ message: Utterance) -> AgentReply {
        let courtesy = Concepts(.filler, .opener, .it)
        if !message.words.isEmpty, message.isOnly(courtesy.union(Concepts(.yes))), message.has(.yes)
        {
            return AgentReply("All right. What can I do for you?")
        }
        if !message.words.isEmpty, message.isOnly(courtesy.union(Concepts(.no))), message.has(.no) {
            return AgentReply(
                "All right. Just tell me when there is something I can help you with.")
        }
        return AgentReply("I'm sorry, I didn't understand that. " + abilities)
    }
}
