import JSON

/// Ticket upgrades: what is offered, what it costs, and reserving it.
extension Intent {
    /// "Can I upgrade my ticket?", "What does non-stop cost for …?"
    static let ticket = Intent(
        name: "ticket", forms: [.upgradeOptions, .upgradePrice, .upgradeOrder, .upgradeCalendar],
        trigger: { $0.index(ofAny: Concepts(.ticket, .upgrade, .tier)) ?? $0.standardOfTicket },
        begin: { exchange in
            guard exchange.agent.ticketTools else {
                return AgentReply("I'm sorry, ticket upgrades are not offered here.")
            }
            if exchange.message.has(.cheapest) { return await exchange.fill(.upgradeCalendar) }
            let isPriced = exchange.message.tier != nil
            return await exchange.fill(isPriced ? .upgradePrice : .upgradeOptions)
        })
}

extension Utterance {
    /// The upgrade tier that is named, as the tools write it.
    fileprivate var tier: String? {
        for mark in marks where mark.concept == .tier {
            let text = words[mark.words].map(\.key).joined()
            if text.hasPrefix("non") { return "non-stop" }
            if text.hasPrefix("double") { return "double-fun" }
            if text.hasPrefix("standard") { return "standard" }
        }
        return standardOfTicket == nil ? nil : "standard"
    }

    /// The word "standard" where a ticket's number says that the tier is meant.
    fileprivate var standardOfTicket: Int? {
        let index = words.firstIndex { $0.key == "standard" }
        return ticketNumber == nil ? nil : index
    }

    /// A ticket's number: letters, digits and hyphens, and neither an order's number nor a product
    /// code nor a date.
    var ticketNumber: String? {
        for (index, word) in words.enumerated() where word.kind == .word && word.hasDigit {
            let key = word.key
            guard key.utf8.contains(UInt8(ascii: "-")), key.utf8.allSatisfy(Utterance.isCodeByte),
                (5...50).contains(key.utf8.count), !key.hasPrefix("sku"),
                CalendarDay(parsing: key) == nil, DigitDate(key[...]) == nil,
                !mentions.contains(where: { $0.words.contains(index) })
            else { continue }
            return key.asciiUppercased()
        }
        return nil
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-")
    }
}

extension Slot {
    /// The ticket's number.
    static let ticket = Slot(
        name: "ticket_id", question: "Could you please give me your ticket number?",
        read: { message, _ in message.ticketNumber.map { .value(.string($0)) } ?? .absent },
        accepts: { $0.string.map { (1...50).contains($0.length) } ?? false })

    fileprivate static let tier = Slot(
        name: "upgrade_tier",
        question: "Which upgrade would you like: standard, non-stop or double fun?",
        read: { message, asked in
            if let tier = message.tier { return .value(.string(tier)) }
            let isStandard = asked && message.words.contains { $0.key == "standard" }
            return isStandard ? .value("standard") : .absent
        },
        accepts: { ["standard", "non-stop", "double-fun"].contains($0.string) })
}

extension Slot {
    /// The day that is wanted, taken only when it is said.
    fileprivate static let day = Slot(
        name: "event_date", question: "Which other day would you like?", isRequired: false,
        read: { message, asked in message.day(asked: asked) },
        accepts: { $0.string.map { CalendarDay(parsing: $0) != nil } ?? false })
}

extension Form {
    /// Which upgrades a ticket can have.
    static let upgradeOptions = Form(name: "upgrade_options", slots: [.ticket, .day]) {
        exchange, values in
        await exchange.upgradeOptions(values)
    }

    /// What one upgrade costs.
    static let upgradePrice = Form(
        name: "upgrade_price", slots: [.ticket, .tier, .day]
    ) { exchange, values in
        await exchange.upgradePrice(values)
    }

    /// Reserving an upgrade at a price that was quoted, after a yes.
    static let upgradeOrder: Form = Form(
        name: "upgrade_order", slots: [.ticket, .tier],
        facts: ["event_date", "quote_id", "customer_id", "price"],
        finish: { exchange, values in await exchange.prepareUpgrade(values) },
        consent: Consent(
            question: { _ in "Shall I reserve it?" },
            accept: { exchange, values in await exchange.orderUpgrade(values) },
            decline: { _ in "All right, nothing was booked." }),
        echo: Concepts(.booking, .upgrade, .ticket, .tier),
        dropped: "All right, I've dropped that. Nothing was booked.")
}

extension Exchange {
    /// Calls a ticket tool; that there is no such ticket is told in words for customers.
    func useTicket(_ tool: String, _ values: SlotValues) async -> Outcome {
        let outcome = await use(tool, .object(values))
        guard case .failure(_, type: "TicketNotFound") = outcome else { return outcome }
        return .failure(
            "I couldn't find a ticket with the number \(values.text(.ticket)). Please check the "
                + "number and try again.", type: "TicketNotFound")
    }

    fileprivate func upgradeOptions(_ values: SlotValues) async -> AgentReply {
        switch await useTicket("validate_ticket_eligibility", values) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result) where result["eligible"]?.bool != true:
            return AgentReply(Phrases.refusal(result, values))
        case .success: break
        }
        switch await useTicket("get_upgrade_tier_comparison", values) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            let tiers = (result["tiers"]?.array ?? []).filter { $0["available"]?.bool == true }
            guard !tiers.isEmpty else { return AgentReply(Phrases.refusal(result, values)) }
            let day = result["event_date"]?.string.map { " on \(Phrases.date($0))" } ?? ""
            let lines = tiers.map { Phrases.tier($0, currency: result["currency"]?.string) }
            return AgentReply(
                "Ticket \(values.text(.ticket)) can be upgraded\(day):\n" + Phrases.list(lines)
                    + "\nWhich one would you like?",
                open: Dialogue(.upgradePrice, values, .slot(Slot.tier.name)))
        }
    }

    fileprivate func upgradePrice(_ values: SlotValues) async -> AgentReply {
        switch await useTicket("calculate_upgrade_pricing", values) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            guard case .number(let number)? = result["upgrade_price"],
                let day = result["event_date"]?.string
            else { return AgentReply(Phrases.unreadable) }
            let price = Phrases.amount(number, currency: result["currency"]?.string ?? "USD")
            let text = Phrases.price(result, price, day, values)
            guard result["eligible"]?.bool == true, let quote = result["quote_id"]?.string else {
                return refuse(result, text, values)
            }
            var values = values
            values["event_date"] = .string(day)
            values["quote_id"] = .string(quote)
            values["price"] = .string(price)
            return AgentReply(
                text + " Would you like me to reserve it?",
                open: Dialogue(.upgradeOrder, values, .offer))
        }
    }

    /// Says why a price is not to be had, and asks for another day if only that is at fault.
    private func refuse(
        _ result: JSONValue, _ text: String, _ values: SlotValues
    ) -> AgentReply {
        let codes = (result["reasons"]?.array ?? []).map { $0["code"]?.string }
        guard codes == ["date_unavailable"] else {
            return AgentReply(text + " " + Phrases.refusal(result, values))
        }
        var values = values
        values[Slot.day.name] = nil
        return ask(.day, .upgradePrice, values, first: text)
    }

    /// Checks the ticket once more, repeats everything and asks.
    fileprivate func prepareUpgrade(_ values: SlotValues) async -> AgentReply {
        var wish = values.only([Slot.ticket.name, Slot.tier.name])
        switch message.day {
        case .value(let day) where day != values[Slot.day.name]:
            // A price is held for its own day only.
            wish[Slot.day.name] = day
            return await upgradePrice(wish)
        case .bad(let sentence): return ask(.day, .upgradePrice, wish, first: sentence)
        case .value, .absent: break
        }
        let arguments: JSONObject = [
            "ticket_id": values[Slot.ticket.name] ?? .null,
            "upgrade_tier": values[Slot.tier.name] ?? .null,
            "event_date": values["event_date"] ?? .null,
        ]
        switch await useTicket("validate_ticket_eligibility", arguments) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            guard result["eligible"]?.bool == true,
                let customer = result["ticket"]?["customer_id"]?.string
            else { return AgentReply(Phrases.refusal(result, values)) }
            var values = values
            values["customer_id"] = .string(customer)
            let day = Phrases.date(values["event_date"]?.string ?? "")
            return confirm(
                .upgradeOrder, values,
                first: "Ticket \(values.text(.ticket)), \(values.text(.tier)) on \(day) "
                    + "for \(values["price"]?.string ?? "").")
        }
    }

    fileprivate func orderUpgrade(_ values: SlotValues) async -> AgentReply {
        var arguments = values
        arguments["price"] = nil
        switch await useTicket("create_upgrade_order", arguments) {
        case .failure(let sentence, type: "QuoteExpired"):
            let again = await upgradePrice(
                values.only([Slot.ticket.name, Slot.tier.name, Slot.day.name]))
            return AgentReply(sentence + " " + again.text, open: again.open)
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            guard let order = result["order"], let id = order["order_id"]?.string,
                let code = order["confirmation_code"]?.string
            else { return AgentReply(Phrases.unreadable) }
            return AgentReply(
                "The upgrade is reserved: order \(id.plain(limit: 100)), confirmation code "
                    + "\(code.plain(limit: 40)). " + Phrases.deadline(of: order))
        }
    }
}

extension Phrases {
    /// What an upgrade costs on a day, and whether that day is to be had.
    fileprivate static func price(
        _ result: JSONValue, _ price: String, _ day: String, _ values: SlotValues
    ) -> String {
        let name = result["tier_name"]?.string?.plain(limit: 100) ?? values.text(.tier)
        var text =
            "The \(name) for ticket \(values.text(.ticket)) costs \(price) on \(date(day))."
        if case .number(let total)? = result["total_amount"] {
            let amount = amount(total, currency: result["currency"]?.string ?? "USD")
            text += " The ticket is then worth \(amount)."
        }
        guard let availability = result["availability"] else { return text }
        if availability["available"]?.bool == true { return text + " That day is available." }
        return text + " That day is not available. "
            + (availability["message"]?.string?.plain(limit: 300) ?? "")
    }

    /// Until when an order is to be paid.
    fileprivate static func deadline(of order: JSONValue) -> String {
        func time(_ name: String) -> Timestamp? {
            order[name]?.string.flatMap { Timestamp(parsing: $0) }
        }
        guard let start = time("created_at"), let end = time("expires_at"),
            end.seconds(since: start) >= 3600
        else { return "It is still to be paid." }
        let hours = count(Int(end.seconds(since: start) / 3600), "hour")
        return "It is still to be paid: please pay within \(hours)."
    }

    /// Why a ticket cannot be upgraded: every reason's own sentence.
    static func refusal(_ result: JSONValue, _ values: SlotValues) -> String {
        let reasons = (result["reasons"]?.array ?? []).compactMap {
            $0["message"]?.string?.plain(limit: 300)
        }
        let first = "Ticket \(values.text(.ticket)) can't be upgraded."
        return ([first] + reasons).joined(separator: " ")
    }

    /// A line about an upgrade that can be had.
    fileprivate static func tier(_ tier: JSONValue, currency: String?) -> String {
        let name = tier["name"]?.string ?? tier["tier"]?.string ?? ""
        guard case .number(let price)? = tier["upgrade_price"] else {
            return name.plain(limit: 100)
        }
        return "\(name.plain(limit: 100)): \(amount(price, currency: currency ?? "USD"))"
    }
}

extension SlotValues {
    /// The values of these slots alone.
    fileprivate func only(_ names: [String]) -> SlotValues {
        var values = SlotValues()
        for name in names { values[name] = self[name] }
        return values
    }
}
