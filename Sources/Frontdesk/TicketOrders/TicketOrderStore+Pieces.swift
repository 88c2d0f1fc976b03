import JSON
import SQLite

// What the transactions about orders are made of.
extension TicketOrderStore {
    /// The order, payment and ticket that belong to a payment.
    func load(
        _ paymentID: String, tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> PaidOrder {
        let payment = try PaymentStore.find(paymentID, tenant: tenant, in: connection)
        guard let payment,
            let order = try Self.find(payment.orderID, tenant: tenant, in: connection)
        else { throw MissingRow(of: paymentID) }
        return try join(order, payment, tenant: tenant, at: now, in: connection)
    }

    /// The order with one of its payments and its ticket.
    func load(
        _ order: TicketOrder, _ paymentID: String, tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> PaidOrder {
        guard let payment = try PaymentStore.find(paymentID, tenant: tenant, in: connection)
        else { throw MissingRow(of: paymentID) }
        return try join(order, payment, tenant: tenant, at: now, in: connection)
    }

    private func join(
        _ order: TicketOrder, _ payment: Payment, tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> PaidOrder {
        let ticket = try ticket(of: order, tenant: tenant, at: now, in: connection)
        return PaidOrder(order: order, payment: payment, ticket: ticket)
    }

    /// Order, payment and ticket as they are now.
    func current(_ paymentID: String, tenant: Tenant) throws -> PaidOrder {
        let now = clock.now()
        return try database.read { connection in
            try load(paymentID, tenant: tenant, at: now, in: connection)
        }
    }

    /// The ticket of an order.
    func ticket(
        of order: TicketOrder, tenant: Tenant, at now: Timestamp,
        in connection: borrowing Connection
    ) throws -> Ticket {
        let ticket = try TicketStore.find(order.ticketID, tenant: tenant, at: now, in: connection)
        guard let ticket else { throw MissingRow(of: order.ticketID) }
        return ticket
    }

    /// The customer of an order.
    func customer(
        of order: TicketOrder, tenant: Tenant, in connection: borrowing Connection
    ) throws -> Customer {
        let customer = try CustomerStore.find(order.customerID, tenant: tenant, in: connection)
        guard let customer else { throw MissingRow(of: order.customerID) }
        return customer
    }

    /// What mail about a payment is made with.
    func envelope(
        of paid: PaidOrder, tenant: Tenant, at now: Timestamp, in connection: borrowing Connection
    ) throws -> TicketOrderMail.Envelope {
        TicketOrderMail.Envelope(
            tenant: tenant, customer: try customer(of: paid.order, tenant: tenant, in: connection),
            requestID: paid.payment.requestID, now: now)
    }

    /// Writes all three rows.
    func write(
        _ paid: PaidOrder, tenant: Tenant, in connection: borrowing Connection
    ) throws {
        try PaymentStore.update(paid.payment, tenant: tenant, in: connection)
        try Self.update(paid.order, tenant: tenant, in: connection)
        try TicketStore.update(paid.ticket, tenant: tenant, in: connection)
    }

    /// Stores the answer to a payment for its repeats.
    func keep(
        _ paid: PaidOrder, for claim: IdempotencyClaim?, at now: Timestamp,
        in connection: borrowing Connection
    ) throws {
        try claim?.store(
            Envelope(data: paid.data(pricing.settings)), status: 200, at: now, in: connection)
    }

    /// Stores the answer to a payment that was settled after a crash.
    func keep(_ paid: PaidOrder, for claim: IdempotencyClaim?) async throws {
        let now = clock.now()
        try await database.write { try keep(paid, for: claim, at: now, in: $0) }
    }

    /// Stores the failure of a payment that was settled after a crash.
    func keep(_ failure: Failure, for claim: IdempotencyClaim?) async throws {
        let now = clock.now()
        try await database.write { try claim?.store(failure, at: now, in: $0) }
    }
}

/// A row that a foreign key promises is not there.
struct MissingRow: Error {
    let id: String

    /// The row with this id.
    init(of id: String) {
        self.id = id
    }
}
