/// What is to be changed about a complaint.
struct ComplaintUpdate: Equatable, Sendable {
    /// The complaint's number.
    let id: Int
    /// What it is about.
    var title: String?
    /// What happened.
    var description: String?
    /// How urgent it is.
    var priority: Complaint.Priority?
    /// A note to be added.
    var remarks: String?
    /// How far it shall be.
    var status: Complaint.Status?

    /// Whether nothing is to be changed.
    var isEmpty: Bool { self == ComplaintUpdate(id: id) }
}

extension Complaint {
    /// Changes the complaint; throws `ComplaintArchived` or `IllegalTransition`, changing nothing.
    mutating func apply(_ update: ComplaintUpdate, now: Timestamp) throws {
        try refuseIfArchived()
        if let next = update.status {
            try move(to: next)
        }
        title = update.title ?? title
        description = update.description ?? description
        priority = update.priority ?? priority
        append(remark: update.remarks, at: now)
        updatedAt = now.text
    }

    /// Marks the complaint as resolved; throws `ComplaintArchived` or `AlreadyResolved`.
    mutating func resolve(remarks: String?, now: Timestamp) throws {
        try refuseIfArchived()
        guard status == .open || status == .inProgress else {
            throw ToolError(
                .alreadyResolved,
                "Complaint \(id) is already \(status == .closed ? "closed" : "resolved").")
        }
        status = .resolved
        resolutionDate = now.text
        append(remark: remarks, at: now)
        updatedAt = now.text
    }

    /// Hides the complaint and closes it to changes; throws `AlreadyArchived`.
    mutating func archive(now: Timestamp) throws {
        guard !isArchived else {
            throw ToolError(.alreadyArchived, "Complaint \(id) is already archived.")
        }
        isArchived = true
        updatedAt = now.text
    }

    private func refuseIfArchived() throws {
        guard !isArchived else {
            throw ToolError(
                .complaintArchived, "Complaint \(id) is archived and cannot be changed.")
        }
    }

    private mutating func move(to next: Status) throws {
        guard next != status else {
            throw ToolError(.illegalTransition, "Complaint \(id) is already \(status.rawValue).")
        }
        guard status.next.contains(next) else {
            let hint = next == .resolved && status != .closed ? "; use resolve_complaint" : ""
            throw ToolError(
                .illegalTransition,
                "Complaint \(id) is \(status.rawValue) and cannot become \(next.rawValue)\(hint).")
        }
        // What is taken up again is no longer resolved.
        if next == .inProgress { resolutionDate = nil }
        status = next
    }
}
