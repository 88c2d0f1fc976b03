import JSON

/// When an upgrade is cheapest.
extension Exchange {
    /// The reply to "When is it cheapest?" while an upgrade is spoken of, which stays so; nil for
    /// anything else.
    func answerCheapest(_ dialogue: Dialogue) async -> AgentReply? {
        guard message.has(.cheapest), Intent.ticket.fills(dialogue.form) else { return nil }
        var ticket = SlotValues()
        ticket[Slot.ticket.name] =
            message.ticketNumber.map { .string($0) }
            ?? dialogue.values[Slot.ticket.name]
        guard ticket[Slot.ticket.name] != nil else { return await fill(.upgradeCalendar) }
        let isSame = ticket[Slot.ticket.name] == dialogue.values[Slot.ticket.name]
        return await cheapestDays(ticket, open: isSame ? dialogue : nil)
    }

    /// The cheapest day of each tier, after which `open` goes on.
    fileprivate func cheapestDays(_ values: SlotValues, open: Dialogue?) async -> AgentReply {
        switch await useTicket("get_upgrade_calendar", values) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            if result["eligible"]?.bool == false {
                return AgentReply(Phrases.refusal(result, values))
            }
            let lines = (result["cheapest"]?.array ?? []).compactMap {
                Phrases.cheapest($0, currency: result["currency"]?.string ?? "USD")
            }
            guard !lines.isEmpty else {
                return AgentReply("No day of the next 30 is available.", open: open)
            }
            let offer = open?.question == .offer ? "\nShall I reserve the one I told you?" : ""
            return AgentReply(
                "In the next 30 days an upgrade of ticket \(values.text(.ticket)) is cheapest:\n"
                    + Phrases.list(lines) + offer,
                open: open)
        }
    }
}

extension Form {
    /// When an upgrade is cheapest.
    static let upgradeCalendar = Form(name: "upgrade_calendar", slots: [.ticket]) {
        exchange, values in
        await exchange.cheapestDays(values, open: nil)
    }
}

extension Phrases {
    /// A line about the cheapest day of a tier.
    fileprivate static func cheapest(_ entry: JSONValue, currency: String) -> String? {
        guard let tier = entry["tier"]?.string, let day = entry["date"]?.string,
            case .number(let price)? = entry["upgrade_price"]
        else { return nil }
        let amount = amount(price, currency: currency)
        return "\(tier.plain(limit: 40)): \(amount) on \(date(day))"
    }
}
