/// One thing a customer may want: how it is recognised, and how the agent begins with it.
struct Intent: Sendable {
    /// What it is called in tests and in this folder.
    let name: String
    /// The forms it fills.
    var forms: [Form] = []
    /// Whether it gives way to an open question, as a greeting does.
    var isWeak = false
    /// The word of a message at which it shows, nil when the message does not speak of it.
    let trigger: @Sendable (Utterance) -> Int?
    /// Begins with it.
    let begin: @Sendable (Exchange) async -> AgentReply

    /// All intents; the first whose trigger holds counts. To add one, write it beside its family
    /// and name it here.
    static let all: [Intent] = [
        .person, .complaint, .email, .cancel, .change, .place, .ticket, .track, .status, .search,
        .details, .bareNumbers, .orderHelp, .greeting, .thanks, .help,
    ]

    /// What the message asks for.
    static func first(in message: Utterance) -> Intent? {
        all.first { $0.trigger(message) != nil }
    }

    /// What the message clearly asks for although a question is open: it says so at once, or it is
    /// itself a question.
    ///
    /// Where free text was asked for only a short message that begins with it counts.
    static func clear(in message: Utterance, isFreeText: Bool = false) -> Intent? {
        for intent in all {
            guard let index = intent.trigger(message) else { continue }
            var isClear = index <= message.head
            if isFreeText { isClear = isClear && message.words.count <= 12 }
            if !isFreeText, message.isQuestion { isClear = true }
            return isClear && !intent.isWeak ? intent : nil
        }
        return nil
    }
}
