import JSON

extension JSONSchema {
    /// A complaint's number.
    static let complaintID: JSONSchema = .integer(
        minimum: 1, description: "The complaint's number", example: 3)

    /// What a complaint is about.
    static let complaintTitle: JSONSchema = .string(
        minimum: 5, maximum: 200, description: "What it is about, in a few words")

    /// What happened.
    static let complaintDescription: JSONSchema = .string(
        minimum: 10, maximum: 2000, description: "What happened")

    /// How far a complaint is.
    static let complaintStatus: JSONSchema = .string(
        oneOf: Complaint.Status.allCases.map(\.rawValue), description: "The state of the complaint")

    /// How urgent a complaint is.
    static func complaintPriority(default usual: JSONValue? = nil) -> JSONSchema {
        .string(
            oneOf: Complaint.Priority.allCases.map(\.rawValue), default: usual,
            description: "How urgent it is")
    }
}

/// What a customer complains of.
struct NewComplaint: Sendable {
    let title: String
    let description: String
    let customerName: String
    let orderID: Order.ID
    let priority: Complaint.Priority
    let remarks: String?

    /// Reads the arguments of `register_complaint`.
    init(_ reader: inout ArgumentReader) {
        title = reader.requiredText("title")
        description = reader.requiredText("description")
        customerName = reader.name("customer_name")
        orderID = reader.requiredOrderID("order_number")
        priority = reader.choice("priority") ?? .medium
        remarks = reader.text("remarks")
    }
}

extension Complaint {
    /// A new, open complaint.
    init(_ new: NewComplaint, id: Int, now: Timestamp) {
        self.id = id
        title = new.title
        description = new.description
        customerName = new.customerName
        orderID = new.orderID
        priority = new.priority
        status = .open
        isArchived = false
        version = 1
        createdAt = now.text
        updatedAt = now.text
        append(remark: new.remarks, at: now)
    }
}

extension ComplaintSearch {
    /// Reads the arguments of `search_complaints`.
    init(_ reader: inout ArgumentReader) {
        customerName = reader.part("customer_name")
        orderID = reader.orderID("order_number")
        title = reader.part("title")
        status = reader.choice("status")
        includesArchived = reader.flag("include_archived")
    }
}

extension ComplaintUpdate {
    /// Reads the arguments of `update_complaint`.
    init(_ reader: inout ArgumentReader) {
        id = reader.integer("complaint_id")
        title = reader.text("title")
        description = reader.text("description")
        priority = reader.choice("priority")
        remarks = reader.text("remarks")
        status = reader.choice("status")
    }
}
