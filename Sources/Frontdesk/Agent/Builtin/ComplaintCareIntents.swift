import JSON

/// What is done with complaints that exist: look, search, resolve, change, archive.
extension Utterance {
    /// The form for what is wanted with existing complaints; nil for a new one.
    var complaintCare: Form? {
        guard has(any: Concepts(.complaint, .complaints)) else { return nil }
        var hasNumber = false
        if case .value = complaintNumber(asked: false) { hasNumber = true }
        if has(.archive) { return .archive }
        if has(.reopen)
            || (hasNumber
                && (has(.priority)
                    || has(any: Concepts(.set, .change)) && complaintStatus != nil
                        && !has(.resolve)))
        {
            return .complaintUpdate
        }
        if let index = index(of: .resolve), !asksAboutComplaint(index) { return .resolve }
        if has(.complaints) { return .complaintSearch }
        if hasNumber || isAboutExistingComplaint { return .complaintStatus }
        return nil
    }

    /// "Is complaint 3 resolved?" asks; "resolve complaint 3" does not.
    private func asksAboutComplaint(_ index: Int) -> Bool {
        guard isQuestion || has(.complaints) else { return false }
        let key = words[index].key
        return key.hasSuffix("ed") || key == "done" || has(.list)
            || concepts(at: head).has(.question)
                && !["can", "could", "will", "would"].contains(words[head].key)
    }

    private var isAboutExistingComplaint: Bool {
        has(any: Concepts(.status, .details)) && !has(.file)
            || words.contains { $0.key == "my" } && isQuestion
    }

    /// What is said of a resolution: behind the comma of "complaint 4 is resolved, the part
    /// arrived".
    fileprivate var resolutionRemarks: Reading {
        let verb = index(of: .resolve) ?? 0
        let number = words.indices.first { words[$0].kind == .number } ?? 0
        let border = max(verb, number)
        let start = words.indices.first { index in
            index > border
                && (!words[index].gap.isDisjoint(with: .clause) || words[index].key == "because")
        }
        guard let start else { return .absent }
        let first = words[start].key == "because" ? start + 1 : start
        let text = text(from: first).stripped()
        guard !text.isEmpty,
            !["thanks", "thank you", "please", "pls", "thx"].contains(text.lowercased())
        else { return .absent }
        return text.length <= 2000
            ? .value(.string(text)) : .bad("A remark can have at most 2,000 characters.")
    }
}

extension Slot {
    /// The order's number or the customer's name to look for.
    fileprivate static let complaintCriterion = Slot(
        name: "criterion", question: "Which order number or customer name should I look for?",
        isFreeText: true,
        read: { message, asked in
            if let order = message.orders(isTopic: true).first { return .value(.string(order)) }
            if asked { return message.askedName() }
            let name =
                message.name(after: ["for", "of", "by", "from"]) ?? message.nameBeforeComplaints
            return name.flatMap { $0.length <= 100 ? .value(.string($0)) : nil } ?? .absent
        },
        accepts: { $0.string.map { (1...100).contains($0.length) } ?? false })

    /// The state that complaints are to have.
    fileprivate static let complaintState = Slot(
        name: "status", question: "Which state should it have?", isRequired: false,
        read: { message, _ in
            if message.has(.reopen) { return .value("IN_PROGRESS") }
            return message.complaintStatus.map { .value(.string($0)) } ?? .absent
        },
        accepts: { ["OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED"].contains($0.string) })

    /// How urgent a complaint is, when that is said.
    static let priority = Slot(
        name: "priority", question: "Which priority should it have?", isRequired: false,
        read: { message, _ in message.priority.map { .value(.string($0)) } ?? .absent },
        accepts: { ["LOW", "MEDIUM", "HIGH", "CRITICAL"].contains($0.string) })
}

extension Form {
    /// Where a complaint stands.
    static let complaintStatus = Form(name: "complaint_status", slots: [.complaint]) {
        exchange, values in
        await exchange.withComplaint("get_complaint", values) { $0.sentence }
    }

    /// Complaints by order, customer, state.
    static let complaintSearch: Form = Form(
        name: "complaint_search", slots: [.complaintCriterion, .complaintState],
        prepare: { exchange, values in
            // A state alone is enough when all complaints in it are asked for.
            let isWide = values[Slot.complaintCriterion.name] == nil && exchange.message.has(.list)
            guard isWide, values[Slot.complaintState.name] != nil else { return nil }
            return await exchange.searchComplaints(values)
        },
        finish: { exchange, values in await exchange.searchComplaints(values) })

    /// Marking a complaint as resolved.
    static let resolve = Form(
        name: "resolve_complaint",
        slots: [
            .complaint,
            Slot(
                name: "remarks", question: "What should I note about it?", isRequired: false,
                read: { message, asked in
                    message.has(.resolve) ? message.resolutionRemarks : .absent
                },
                accepts: { $0.string.map { (1...2000).contains($0.length) } ?? false }),
        ]
    ) { exchange, values in
        await exchange.withComplaint("resolve_complaint", values) {
            "Complaint \($0.id) is resolved."
        }
    }

    /// Reopening a complaint or changing its priority or state.
    static let complaintUpdate = Form(
        name: "update_complaint",
        slots: [
            .complaint,
            .priority, .complaintState,
        ]
    ) { exchange, values in
        await exchange.withComplaint("update_complaint", values) { complaint in
            "Complaint \(complaint.id) is now \(complaint.state), "
                + "with priority \(complaint.priority)."
        }
    }

    /// Archiving a complaint.
    static let archive = Form(name: "archive_complaint", slots: [.complaint]) { exchange, values in
        await exchange.withComplaint("archive_complaint", values) {
            "Complaint \($0.id) is archived."
        }
    }
}

extension Utterance {
    /// The name in "Chen's complaints".
    fileprivate var nameBeforeComplaints: String? {
        guard let mark = mark(.complaints), mark.words.lowerBound > 0 else { return nil }
        let index = mark.words.lowerBound - 1
        guard words[index].isPossessive else { return nil }
        return String(text(of: index..<index + 1).dropLast(2))
    }
}

extension Exchange {
    /// Calls a tool about one complaint with the values of its form.
    fileprivate func withComplaint(
        _ tool: String, _ values: SlotValues, _ sentence: (ComplaintFacts) -> String
    ) async -> AgentReply {
        switch await use(tool, .object(values)) {
        case .failure(let sentence, _): return AgentReply(sentence)
        case .success(let result):
            guard let complaint = result["complaint"].flatMap(ComplaintFacts.init) else {
                return AgentReply(Phrases.unreadable)
            }
            return AgentReply(
                sentence(complaint), about: complaint.order.isEmpty ? [] : [complaint.order])
        }
    }

    fileprivate func searchComplaints(_ values: SlotValues) async -> AgentReply {
        let criterion = values.text(.complaintCriterion)
        let order = Order.ID(parsing: criterion)?.text
        var arguments = JSONObject()
        if !criterion.isEmpty {
            arguments[order == nil ? "customer_name" : "order_number"] = .string(criterion)
        }
        arguments["status"] = values[Slot.complaintState.name]
        let status = values[Slot.complaintState.name]?.string
        let kind = (status.map { Phrases.complaintState($0) + " " } ?? "") + "complaint"
        let scope = criterion.isEmpty ? "" : " for \(criterion)"
        let topic = order.map { [$0] } ?? []
        switch await use("search_complaints", .object(arguments)) {
        case .failure(let sentence, _):
            return AgentReply(sentence)
        case .success(let result):
            let complaints = (result["complaints"]?.array ?? []).compactMap(ComplaintFacts.init)
            guard !complaints.isEmpty else {
                return AgentReply("I found no \(kind)s\(scope).", about: topic)
            }
            let total = max(result["count"]?.int ?? 0, complaints.count)
            let shown = complaints.prefix(Exchange.largestLookUp)
            let more = total > shown.count ? "\nand \(total - shown.count) more" : ""
            return AgentReply(
                "I found \(Phrases.count(total, kind))\(scope):\n"
                    + Phrases.list(shown.map(\.line)) + more, about: topic)
        }
    }
}

/// What a tool told about a complaint.
struct ComplaintFacts {
    /// Its number.
    let id: Int
    /// The order it is about.
    let order: String
    /// `LOW`, `MEDIUM`, `HIGH` or `CRITICAL`.
    let priority: String
    private let record: JSONValue

    /// Reads a complaint; nil when its number is missing.
    init?(_ record: JSONValue) {
        guard let id = record["complaint_id"]?.int else { return nil }
        self.id = id
        order = record["order_number"]?.string?.plain(limit: 40) ?? ""
        priority = record["priority"]?.string?.plain(limit: 20) ?? ""
        self.record = record
    }

    /// "open", "in progress", "resolved on February 26, 2026"
    var state: String {
        let status = record["status"]?.string ?? ""
        let day = record["resolution_date"]?.string.map(Phrases.date)
        let word = Phrases.complaintState(status)
        switch (status, day) {
        case ("RESOLVED", let day?): return "\(word) on \(day)"
        case ("CLOSED", let day?): return "\(word), after it was resolved on \(day)"
        default: return word
        }
    }

    /// The answer to "What's the status of complaint 3?".
    var sentence: String {
        let verb = record["status"]?.string == "RESOLVED" ? "was" : "is"
        let archived = record["is_archived"]?.bool == true ? " It is archived." : ""
        let facts = "\(title), priority \(priority)"
        return "Complaint \(id) about order \(order) (\(facts)) \(verb) \(state).\(archived)"
    }

    /// A line of a list.
    var line: String {
        "Complaint \(id), order \(order): \(title), \(state), priority \(priority)"
    }

    private var title: String { record["title"]?.string?.plain(limit: 200) ?? "" }
}

extension Phrases {
    /// A complaint's state in words.
    static func complaintState(_ status: String) -> String {
        status.lowercased().replacing("_", with: " ").plain(limit: 40)
    }
}
