import SQLite

/// An order that a turn places when it ends.
struct StagedOrder: Sendable {
    /// As it will be.
    let order: TicketOrder
    fileprivate let wish: OrderWish
    fileprivate let caller: Caller
    fileprivate let store: TicketOrderStore

    /// Places it, after asking everything once more; throws `turn_conflict` when something else
    /// has come between.
    func commit(tenant: Tenant, in connection: borrowing Connection) throws {
        do {
            _ = try store.draft(
                wish, by: caller, tenant: tenant, requestID: order.requestID, staged: [],
                in: connection)
        } catch is Failure {
            throw Failure.turnConflict("Ticket \(order.ticketNumber)")
        }
        try store.keep(order, tenant: tenant, in: connection)
    }
}

extension TicketOrderStore {
    /// What an order would be, for a turn that will place it; `staged` are the turn's own quotes.
    func draft(
        _ wish: OrderWish, by caller: Caller, tenant: Tenant, requestID: String,
        staged: [PriceQuote]
    ) throws -> StagedOrder {
        let order = try database.read { connection in
            try draft(
                wish, by: caller, tenant: tenant, requestID: requestID, staged: staged,
                in: connection)
        }
        return StagedOrder(order: order, wish: wish, caller: caller, store: self)
    }
}
