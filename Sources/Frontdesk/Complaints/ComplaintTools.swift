import JSON

/// The six tools behind `complaint_management`.
struct ComplaintTools: Sendable {
    let store: ComplaintStore
    let orders: OrderStore
    let counters: CounterStore

    /// All six in the order of the specification.
    var all: [Tool] {
        [register, get, search, update, resolve, archive]
    }

    private func view(_ context: ToolContext) -> ComplaintView {
        ComplaintView(store: store, orders: OrderView(store: orders, context: context))
    }

    private func result(_ message: String, _ complaint: Complaint) -> JSONValue {
        ["status": "success", "message": .string(message), "complaint": complaint.json]
    }
}

// MARK: - Registering and looking up

extension ComplaintTools {
    private var register: Tool {
        Tool(
            name: "register_complaint", description: "Register a complaint about an order",
            category: .complaint,
            parameters: .object(
                [
                    .required("title", .complaintTitle),
                    .required("description", .complaintDescription),
                    .required("customer_name", .personName),
                    .required("order_number", .orderID),
                    .optional("priority", .complaintPriority(default: "MEDIUM")),
                    .optional("remarks", .note(2000, "A first note on it")),
                ], additional: false),
            inAnyCase: ["priority"],
            read: { NewComplaint(&$0) },
            run: { new, context in
                _ = try view(context).orders.require(new.orderID)
                let number = try await counters.take(.complaint, for: context.tenant)
                let complaint = Complaint(new, id: number, now: context.now)
                context.stage.insert(complaint)
                return result("Complaint \(number) is registered.", complaint)
            })
    }

    private var get: Tool {
        Tool(
            name: "get_complaint", description: "Get a complaint by its number",
            category: .complaint,
            parameters: .object([.required("complaint_id", .complaintID)], additional: false),
            traits: .reading,
            read: { $0.integer("complaint_id") },
            run: { id, context in
                result("Complaint \(id) found.", try view(context).require(id))
            })
    }

    private var search: Tool {
        Tool(
            name: "search_complaints",
            description: "Search complaints by customer, order, title or status",
            category: .complaint,
            parameters: .object(
                [
                    .optional("customer_name", .partOfName),
                    .optional("order_number", .orderID),
                    .optional("title", .note(200, "The title or a part of it")),
                    .optional("status", .complaintStatus),
                    .optional(
                        "include_archived",
                        .boolean(default: false, description: "Whether to show archived ones")),
                ], additional: false),
            traits: .reading, inAnyCase: ["status"],
            read: { ComplaintSearch(&$0) },
            run: { search, context in
                guard !search.isUnlimited else { throw ToolError.noCriteria }
                let matches = try view(context).search(search)
                let noun = matches.count == 1 ? "complaint" : "complaints"
                return [
                    "status": "success", "message": "\(matches.count) \(noun) found.",
                    "count": JSONValue(matches.count),
                    "complaints": .array(matches.complaints.map(\.json)),
                ]
            })
    }
}

// MARK: - Changing

extension ComplaintTools {
    private var update: Tool {
        Tool(
            name: "update_complaint",
            description: "Change a complaint's text, priority or status, or add a remark",
            category: .complaint,
            parameters: .object(
                [
                    .required("complaint_id", .complaintID),
                    .optional("title", .complaintTitle),
                    .optional("description", .complaintDescription),
                    .optional("priority", .complaintPriority()),
                    .optional("remarks", .note(2000, "A note to be added")),
                    .optional("status", .complaintStatus),
                ], additional: false),
            traits: .destructive, inAnyCase: ["priority", "status"],
            read: { ComplaintUpdate(&$0) },
            run: { update, context in
                guard !update.isEmpty else { throw ToolError.noUpdates }
                var complaint = try view(context).require(update.id)
                try complaint.apply(update, now: context.now)
                context.stage.update(complaint)
                return result("Complaint \(complaint.id) is updated.", complaint)
            })
    }

    private var resolve: Tool {
        Tool(
            name: "resolve_complaint", description: "Mark a complaint as resolved",
            category: .complaint,
            parameters: .object(
                [
                    .required("complaint_id", .complaintID),
                    .optional("remarks", .note(2000, "How it was resolved")),
                ], additional: false),
            traits: .destructive,
            read: { (id: $0.integer("complaint_id"), remarks: $0.text("remarks")) },
            run: { arguments, context in
                var complaint = try view(context).require(arguments.id)
                try complaint.resolve(remarks: arguments.remarks, now: context.now)
                context.stage.update(complaint)
                return result("Complaint \(complaint.id) is resolved.", complaint)
            })
    }

    private var archive: Tool {
        Tool(
            name: "archive_complaint",
            description: "Hide a complaint from searches and close it to changes",
            category: .complaint,
            parameters: .object([.required("complaint_id", .complaintID)], additional: false),
            traits: .destructive,
            read: { $0.integer("complaint_id") },
            run: { id, context in
                var complaint = try view(context).require(id)
                try complaint.archive(now: context.now)
                context.stage.update(complaint)
                return result("Complaint \(complaint.id) is archived.", complaint)
            })
    }
}
