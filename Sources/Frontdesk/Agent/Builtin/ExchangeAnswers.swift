import JSON

/// How a message answers an open question.
extension Exchange {
    /// The reply to a message that answers the open question; nil when it asks for something else.
    func answer(_ dialogue: Dialogue) async -> AgentReply? {
        if let reply = await answerCheapest(dialogue) { return reply }
        switch dialogue.question {
        case .nothing:
            return nil
        case .offer:
            return await answerOffer(dialogue)
        case .consent:
            return await answerConsent(dialogue)
        case .slot(let name):
            guard let slot = dialogue.form.slot(name) else { return nil }
            return await answer(slot, dialogue)
        }
    }

    private func answer(_ slot: Slot, _ dialogue: Dialogue) async -> AgentReply? {
        let clear = Intent.clear(in: message, isFreeText: slot.isFreeText)
        if let clear, !clear.fills(dialogue.form) || turnsToAnotherComplaint(slot, dialogue) {
            return nil
        }
        var values = dialogue.values
        switch read(slot, asked: true) {
        case .value(let value):
            values[slot.name] = value
            return await fill(dialogue.form, values)
        case .bad(let sentence):
            return ask(slot, dialogue.form, values, first: sentence)
        case .absent:
            return await missing(slot, dialogue)
        }
    }

    /// Whether the message wants something else with complaints than what is open: with one that it
    /// names, or, where no text was asked for, with any.
    private func turnsToAnotherComplaint(_ slot: Slot, _ dialogue: Dialogue) -> Bool {
        guard let form = message.complaintCare, form.name != dialogue.form.name,
            Intent.complaint.fills(dialogue.form)
        else { return false }
        let saysWhat = message.has(
            any: Concepts(.status, .details, .resolve, .reopen, .archive, .complaints))
        if slot.name == Slot.complaint.name { return saysWhat }
        guard case .value = message.complaintNumber(asked: false) else {
            return saysWhat && !slot.isFreeText && message.orders().isEmpty
        }
        return saysWhat || !slot.isFreeText
    }

    /// The reply to a message without the value that was asked for; nil when it begins something
    /// else.
    private func missing(_ slot: Slot, _ dialogue: Dialogue) async -> AgentReply? {
        if let intent = Intent.first(in: message), !intent.fills(dialogue.form) {
            // An order number that nobody asked for asks for its status.
            guard intent.isWeak, message.orders().isEmpty else { return nil }
        }
        if let values = others(than: slot, dialogue) { return await fill(dialogue.form, values) }
        if slot.isOrder {
            if let name = message.nameInsteadOfNumber {
                return await fill(.search, [Slot.customer.name: .string(name)])
            }
            if message.has(.unsure) { return askForName() }
        }
        let isGreeting = message.has(.greeting)
        return ask(
            slot, dialogue.form, dialogue.values,
            first: isGreeting ? "Hello!" : "I'm sorry, I didn't catch that.",
            last: isGreeting ? nil : "Or say \"never mind\".")
    }

    /// The values with what the message says about other slots; nil when it says nothing.
    private func others(than asked: Slot, _ dialogue: Dialogue) -> SlotValues? {
        var values = dialogue.values
        for slot in dialogue.form.slots where slot.name != asked.name {
            if case .value(let value) = slot.read(message, false) { values[slot.name] = value }
        }
        return values == dialogue.values ? nil : values
    }

    private func answerOffer(_ dialogue: Dialogue) async -> AgentReply? {
        if message.agrees(to: dialogue) || message.books(dialogue)
            || message.booksAnotherDay(dialogue)
        {
            return await fill(dialogue.form, dialogue.values)
        }
        guard message.declines, Intent.clear(in: message) == nil else { return nil }
        return AgentReply("All right. Is there anything else I can help you with?")
    }

    private func answerConsent(_ dialogue: Dialogue) async -> AgentReply? {
        guard let consent = dialogue.form.consent else { return nil }
        if message.agrees(to: dialogue) { return await consent.accept(self, dialogue.values) }
        if let reply = await correct(dialogue) { return reply }
        if let clear = Intent.clear(in: message), !message.has(.yes), !repeats(clear, dialogue) {
            return nil
        }
        if message.declines {
            return AgentReply(consent.decline(dialogue.values), about: dialogue.orders)
        }
        if let intent = Intent.first(in: message), !intent.isWeak, !message.has(.yes),
            !repeats(intent, dialogue)
        {
            return nil
        }
        return AgentReply(
            "Please answer yes or no. " + consent.question(dialogue.values), open: dialogue)
    }

    /// Whether the message only says again what the agent asked about.
    private func repeats(_ intent: Intent, _ dialogue: Dialogue) -> Bool {
        intent.fills(dialogue.form) && message.orders().allSatisfy(dialogue.orders.contains)
    }

    /// Takes a value that the customer corrects in a summary, or asks for it again.
    private func correct(_ dialogue: Dialogue) async -> AgentReply? {
        guard dialogue.form.isCorrectable, message.orders().isEmpty else { return nil }
        let named = dialogue.form.slots.filter { slot in
            slot.concept.map { message.has($0) } ?? false
        }
        var values = dialogue.values
        for slot in named.isEmpty ? dialogue.form.slots : named {
            switch slot.read(message, false) {
            case .value(let value): values[slot.name] = value
            case .bad(let sentence): return ask(slot, dialogue.form, values, first: sentence)
            case .absent: values[slot.name] = named.isEmpty ? values[slot.name] : nil
            }
        }
        return values == dialogue.values ? nil : await fill(dialogue.form, values)
    }
}

extension Intent {
    /// Whether the form belongs to this intent.
    func fills(_ form: Form) -> Bool {
        forms.contains { $0.name == form.name }
    }
}
