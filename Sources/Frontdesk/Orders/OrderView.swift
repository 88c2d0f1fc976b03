/// The orders as one turn sees them: the rows, overlaid with what the turn has staged,
/// and only those of the customer to whom it is limited.
struct OrderView {
    let store: OrderStore
    let context: ToolContext

    /// The order with a number; nil if there is none, or none that this customer may see.
    func find(_ id: Order.ID) throws -> Order? {
        guard let order = try context.stage.order(id) ?? store.find(id, tenant: context.tenant)
        else { return nil }
        guard let email = context.customerEmail else { return order }
        return order.customerEmail?.lowercasedASCII == email.lowercasedASCII ? order : nil
    }

    /// The order with a number; throws `OrderNotFound`.
    func require(_ id: Order.ID) throws -> Order {
        guard let order = try find(id) else {
            throw ToolError(.orderNotFound, "There is no order \(id.text).")
        }
        return order
    }

    /// An order's steps, oldest first.
    func events(of id: Order.ID) throws -> [OrderEvent] {
        try store.events(of: id, tenant: context.tenant) + context.stage.events(of: id)
    }

    /// The orders that meet all criteria, newest first.
    func search(_ search: OrderSearch) throws -> OrderMatches {
        if let id = search.id {
            let found = try find(id).map { search.matches($0) ? [$0] : [] } ?? []
            return OrderMatches(count: found.count, orders: found)
        }
        let staged = context.stage.orders
        var matches = try store.search(
            search, tenant: context.tenant, email: context.customerEmail,
            excluding: staged.map(\.id))
        guard !staged.isEmpty else { return matches }
        // What this turn may not see it cannot have staged, so the staged ones are all visible.
        let ours = staged.filter(search.matches)
        matches.count += ours.count
        matches.orders = Array(
            (matches.orders + ours).sorted {
                ($0.orderDate, $0.id) > ($1.orderDate, $1.id)
            }.prefix(search.limit))
        return matches
    }
}
