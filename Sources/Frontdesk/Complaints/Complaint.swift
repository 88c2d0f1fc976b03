import JSON

/// What a customer complains of about an order.
struct Complaint: Equatable, Sendable {
    /// The number, counted per tenant from 1.
    let id: Int
    /// What it is about, in a few words.
    var title: String
    /// What happened.
    var description: String
    /// The customer's name as given.
    let customerName: String
    /// The order it is about.
    let orderID: Order.ID
    /// How urgent it is.
    var priority: Priority
    /// How far it is.
    var status: Status
    /// Notes, one line each, begun with their time; nil without any.
    var remarks: String?
    /// Whether it is hidden from searches and closed to changes.
    var isArchived: Bool
    /// When it was resolved, nil while it is not.
    var resolutionDate: String?
    /// How often its row was changed, from 1.
    let version: Int
    /// When it was registered.
    let createdAt: String
    /// When it last changed.
    var updatedAt: String

    /// How urgent a complaint is.
    enum Priority: String, Sendable, CaseIterable {
        case low = "LOW"
        case medium = "MEDIUM"
        case high = "HIGH"
        case critical = "CRITICAL"
    }

    /// How far a complaint is.
    enum Status: String, Sendable, CaseIterable {
        case open = "OPEN"
        case inProgress = "IN_PROGRESS"
        case resolved = "RESOLVED"
        case closed = "CLOSED"

        /// Where an update may bring a complaint from here; resolving is a deed of its own.
        var next: Set<Status> {
            switch self {
            case .open: [.inProgress]
            case .inProgress: [.open]
            case .resolved: [.inProgress, .closed]
            case .closed: []
            }
        }
    }

    /// Adds a note as a line of its own that begins with its time.
    mutating func append(remark: String?, at now: Timestamp) {
        guard let remark, !remark.isEmpty else { return }
        let line = "\(now.text) \(remark)"
        remarks = remarks.map { "\($0)\n\(line)" } ?? line
    }

    /// The record as tools show it.
    var json: JSONValue {
        [
            "complaint_id": JSONValue(id),
            "title": .string(title),
            "description": .string(description),
            "customer_name": .string(customerName),
            "order_number": .string(orderID.text),
            "priority": .string(priority.rawValue),
            "status": .string(status.rawValue),
            "remarks": JSONValue(remarks),
            "is_archived": .bool(isArchived),
            "resolution_date": JSONValue(resolutionDate),
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
        ]
    }
}
