import JSON

/// Registering complaints; `ComplaintCareIntents` has what is done with them later.
extension Intent {
    /// Everything about complaints, refunds and broken goods.
    static let complaint = Intent(
        name: "complaint",
        forms: [
            .complaint, .complaintStatus, .complaintSearch, .resolve, .complaintUpdate, .archive,
        ],
        trigger: { $0.complaintIndex },
        begin: { exchange in await exchange.complaint() })
}

extension Utterance {
    /// The word that speaks of a complaint, or of what leads to one.
    fileprivate var complaintIndex: Int? {
        if let index = index(ofAny: Concepts(.complaint, .complaints)) {
            // "File a complaint" begins with its verb.
            return concepts(at: head).isDisjoint(
                with: Concepts(
                    .file, .list, .status, .resolve, .reopen, .archive, .question, .set, .change))
                ? index : head
        }
        if let index = index(of: .refund) {
            return has(any: Concepts(.cancel)) && index > head ? nil : index
        }
        guard let index = index(of: .problem) else { return nil }
        let isOther =
            has(.email) || has(any: Concepts(.cancel, .place)) || (has(.change) && has(.address))
        return isOther ? nil : index
    }

    /// What happened, said together with the wish to complain: behind its introduction, or the
    /// whole message.
    fileprivate var complaintText: Reading {
        let opening = complaintOpening
        let begins =
            opening > 0
            && (0..<opening).contains { index in
                !concepts(at: index).isDisjoint(with: Concepts(.complaint, .refund))
            }
        guard begins || has(.problem) else { return .absent }
        let text = begins ? text(from: opening) : text
        return Utterance.longComplaint(text.stripped(of: " ,;:-–—"))
    }

    /// The end of "I want to complain about order ORD-10002:" and the like.
    private var complaintOpening: Int {
        var index = 0
        while index < words.count {
            if let mention = mentions.first(where: { $0.words.contains(index) }) {
                index = mention.words.upperBound
                // What follows a colon, a dash or a comma behind the number is the story.
                if index < words.count, !words[index].gap.isDisjoint(with: .clause) { break }
                continue
            }
            let isKnown =
                Utterance.complaintWords.contains(words[index].key)
                || !concepts(at: index).isDisjoint(
                    with: Concepts(.complaint, .file, .opener, .greeting, .refund, .priority))
            guard isKnown else { break }
            index += 1
            let wasWhy = ["because", "that", "as", "since"].contains(words[index - 1].key)
            if wasWhy || (index < words.count && words[index].gap.contains(.colon)) { break }
        }
        return index
    }

    /// A text too short to be a complaint is not taken for one before it is asked for.
    private static func longComplaint(_ text: String) -> Reading {
        text.length < 10 ? .absent : complaintDescription(text)
    }

    /// What happened, as a complaint's text must be.
    fileprivate static func complaintDescription(_ text: String) -> Reading {
        switch text.length {
        case ..<10: .bad("Please use a few more words, at least 10 characters.")
        case 2001...: .bad("That is too long: a complaint can have at most 2,000 characters.")
        default: .value(.string(text))
        }
    }

    /// Words of which the wish to complain is made, beside those that speak of complaints.
    private static let complaintWords = words(
        """
        i want to would like id have a an new about regarding concerning on for of with my the \
        order number please this that because it is am im make file register against and formal \
        need got in high low medium critical very really ask request get can could you here hi \
        hello as since from full me
        """)
}

extension Form {
    /// A new complaint about an order.
    static let complaint: Form = Form(
        name: "complaint",
        slots: [
            .order.asking("Which order is it about? Please give me the order number."),
            Slot(
                name: "description", question: "What happened?", isFreeText: true,
                read: { message, asked in
                    guard asked else { return message.complaintText }
                    let text = message.text
                    return message.isOnly(Concepts(.greeting, .thanks, .unsure, .yes, .filler))
                        ? .absent : Utterance.complaintDescription(text)
                },
                accepts: { $0.string.map { (10...2000).contains($0.length) } ?? false }),
            .priority,
        ],
        facts: ["customer_name"],
        introduction: "I'm sorry to hear that.",
        prepare: { exchange, values in await exchange.prepareComplaint(&values) },
        finish: { exchange, values in await exchange.register(values) },
        dropped: "All right, I've dropped that. No complaint was registered.")
}

extension Exchange {
    /// Looks the order up as soon as its number is known, because a complaint needs the customer's
    /// name.
    fileprivate func prepareComplaint(_ values: inout SlotValues) async -> AgentReply? {
        guard values[Slot.order.name] != nil, values["customer_name"] == nil else { return nil }
        var found: OrderFacts?
        let reply = await withOrder(.complaint, values) { order in
            found = order
            return AgentReply(Phrases.unreadable)
        }
        guard let found, let customer = found.customer else { return reply }
        values[Slot.order.name] = .string(found.id)
        values["customer_name"] = .string(customer)
        return nil
    }

    fileprivate func register(_ values: SlotValues) async -> AgentReply {
        let description = values["description"]?.string ?? ""
        let order = values["order_id"]?.string ?? ""
        let title = String(String.UnicodeScalarView(description.unicodeScalars.prefix(60)))
        var arguments: JSONObject = [
            "title": .string(title.trimmed), "description": .string(description),
            "customer_name": values["customer_name"] ?? .null, "order_number": .string(order),
        ]
        arguments["priority"] = values["priority"]
        switch await use("register_complaint", .object(arguments)) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            guard let complaint = result["complaint"].flatMap(ComplaintFacts.init) else {
                return AgentReply(Phrases.unreadable)
            }
            return AgentReply(
                "I've registered complaint \(complaint.id) about order \(complaint.order) "
                    + "with priority \(complaint.priority). "
                    + "You can ask me about it at any time by its number.",
                about: [order])
        }
    }

    /// Begins what is wanted with complaints.
    fileprivate func complaint() async -> AgentReply {
        if message.has(.cancel), message.has(.complaint), message.orders().isEmpty {
            return AgentReply(
                "A complaint can't be cancelled, but I can mark it as resolved: "
                    + "say \"resolve\" and its number.")
        }
        if let form = message.complaintCare { return await fill(form) }
        if message.has(.refund), !message.has(.complaint) {
            var form = Form.complaint
            form.introduction =
                "I can't arrange refunds, returns or exchanges myself, "
                + "but I can register a complaint about it."
            return await fill(form)
        }
        return await fill(.complaint)
    }
}
