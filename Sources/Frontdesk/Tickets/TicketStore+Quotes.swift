import JSON
import SQLite

/// A price that is asked for a ticket and may be held.
struct Quoting: Sendable {
    let tenant: Tenant
    let ticketID: String
    let price: UpgradePrice
    let board: PriceBoard
    /// The id of the quote, should there be one.
    let quoteID: String
    let now: Timestamp
}

extension TicketStore {
    /// Shows a price and holds it if the ticket may be upgraded; `also` writes with it.
    func quote(
        _ quoting: Quoting,
        also: @escaping @Sendable (JSONObject, borrowing Connection) throws -> Void
    ) async throws -> JSONObject {
        try await database.write { connection in
            let data = try Self.quote(quoting, in: connection)
            try also(data, connection)
            return data
        }
    }

    /// The same as a part of a transaction.
    static func quote(
        _ quoting: Quoting, in connection: borrowing Connection
    ) throws -> JSONObject {
        let found = try find(
            quoting.ticketID, tenant: quoting.tenant, at: quoting.now, in: connection)
        guard let ticket = found else {
            throw Failure.noTicket(quoting.ticketID, of: quoting.tenant)
        }
        let board = quoting.board
        let eligibility = board.eligibility(
            of: .ticket(ticket), tier: quoting.price.tier, on: quoting.price.day)
        guard eligibility.isEligible else {
            return board.offer(quoting.price, for: .ticket(ticket), eligibility, quote: nil)
        }
        let end = quoting.now.adding(seconds: Double(board.settings.quoteMinutes) * 60)
        let quote = PriceQuote(
            id: quoting.quoteID, quoting.price, for: ticket, until: end, at: quoting.now)
        try PriceQuoteStore.insert(quote, tenant: quoting.tenant, in: connection)
        return board.offer(quoting.price, for: .ticket(ticket), eligibility, quote: quote)
    }
}
