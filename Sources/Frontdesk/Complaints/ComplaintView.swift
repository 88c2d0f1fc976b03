/// The complaints as one turn sees them: the rows, overlaid with what the turn has staged,
/// and only those about orders of the customer to whom it is limited.
struct ComplaintView {
    let store: ComplaintStore
    let orders: OrderView

    private var context: ToolContext { orders.context }

    /// The complaint with a number; throws `ComplaintNotFound`, also for one that this customer
    /// may not see.
    func require(_ id: Int) throws -> Complaint {
        guard let complaint = try find(id) else {
            throw ToolError.noComplaint(id)
        }
        return complaint
    }

    private func find(_ id: Int) throws -> Complaint? {
        guard
            let complaint = try context.stage.complaint(id)
                ?? store.find(id, tenant: context.tenant)
        else { return nil }
        guard context.customerEmail != nil else { return complaint }
        return try orders.find(complaint.orderID) == nil ? nil : complaint
    }

    /// The complaints that meet all criteria, newest change first.
    func search(_ search: ComplaintSearch) throws -> ComplaintMatches {
        let staged = context.stage.complaints
        var matches = try stored(search, excluding: staged.map(\.id))
        guard !staged.isEmpty else { return matches }
        // What this turn may not see it cannot have staged, so the staged ones are all visible.
        let ours = staged.filter(search.matches)
        matches.count += ours.count
        matches.complaints = Array(
            (matches.complaints + ours).sorted {
                ($0.updatedAt, $0.id) > ($1.updatedAt, $1.id)
            }.prefix(ComplaintSearch.limit))
        return matches
    }

    private func stored(
        _ search: ComplaintSearch, excluding staged: [Int]
    ) throws -> ComplaintMatches {
        guard let order = search.orderID else {
            return try store.search(
                search, tenant: context.tenant, email: context.customerEmail, excluding: staged)
        }
        guard try orders.find(order) != nil else {
            return ComplaintMatches(count: 0, complaints: [])
        }
        // One order has so few complaints that the other criteria need no index.
        let found = try store.list(about: order, tenant: context.tenant).filter {
            search.matches($0) && !staged.contains($0.id)
        }
        return ComplaintMatches(
            count: found.count, complaints: Array(found.prefix(ComplaintSearch.limit)))
    }
}
