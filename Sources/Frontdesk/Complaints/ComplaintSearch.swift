/// Which complaints are looked for; every criterion that is given must hold.
struct ComplaintSearch: Equatable, Sendable {
    /// A part of the customer's name, in any case, with or without accents.
    var customerName: String?
    /// The order they are about.
    var orderID: Order.ID?
    /// A part of the title, in any case, with or without accents.
    var title: String?
    /// How far they are.
    var status: Complaint.Status?
    /// Whether archived ones are shown too.
    var includesArchived = false

    /// How many complaints are shown at most.
    static let limit = 50

    /// Whether nothing narrows the search.
    var isUnlimited: Bool {
        customerName == nil && orderID == nil && title == nil && status == nil
    }

    /// Whether a complaint meets all criteria.
    func matches(_ complaint: Complaint) -> Bool {
        (orderID.map { $0 == complaint.orderID } ?? true)
            && (status.map { $0 == complaint.status } ?? true)
            && (includesArchived || !complaint.isArchived)
            && (customerName.map { complaint.customerName.containsFolded($0) } ?? true)
            && (title.map { complaint.title.containsFolded($0) } ?? true)
    }
}

/// What a search found.
struct ComplaintMatches: Equatable, Sendable {
    /// How many complaints meet the criteria.
    var count: Int
    /// Those that changed last, at most as many as are shown.
    var complaints: [Complaint]
}
