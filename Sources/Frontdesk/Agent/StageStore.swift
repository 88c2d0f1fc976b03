import SQLite

extension Stage {
    /// Writes everything staged; throws `turn_conflict` if a row has moved since the turn read it.
    ///
    /// Belongs into the transaction that ends the turn; thrown errors must undo that transaction.
    func commit(
        in connection: borrowing Connection, tenant: Tenant, sessionID: String?, requestID: String
    ) throws {
        let changes = snapshot
        let origin = Origin(tenant: tenant, sessionID: sessionID, requestID: requestID)
        for order in changes.orders {
            if let base = order.base {
                try OrderStore.update(order.record, from: base, origin, in: connection)
            } else {
                try OrderStore.insert(order.record, origin, in: connection)
            }
        }
        for (order, event) in changes.orderEvents {
            try OrderStore.insert(event, of: order, origin, in: connection)
        }
        for complaint in changes.complaints {
            if let base = complaint.base {
                try ComplaintStore.update(complaint.record, from: base, origin, in: connection)
            } else {
                try ComplaintStore.insert(complaint.record, origin, in: connection)
            }
        }
        for quote in changes.quotes {
            try PriceQuoteStore.insert(quote, tenant: tenant, in: connection)
        }
        for upgrade in changes.upgrades {
            try upgrade.commit(tenant: tenant, in: connection)
        }
        for email in changes.emails {
            try EmailStore.insert(email, in: connection)
        }
    }
}

/// Whose row it is, and which conversation and request write it.
struct Origin: Sendable {
    /// The tenant that owns the row.
    let tenant: Tenant
    /// The conversation, nil outside of one.
    let sessionID: String?
    /// The request.
    let requestID: String
}

extension Failure {
    /// The failure of a turn that changed a row which another one changed meanwhile.
    static func turnConflict(_ record: String) -> Failure {
        Failure(
            .turnConflict,
            "\(record) was changed by someone else meanwhile; nothing of this turn was kept.")
    }
}
