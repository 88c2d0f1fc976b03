import HTTP
import SQLite

/// The tickets part, put together.
struct TicketsPart: Sendable {
    let customers: CustomerStore
    let tickets: TicketStore
    let quotes: PriceQuoteStore
    let pricing: Pricing

    /// The part over a database.
    init(_ configuration: Configuration, database: Database, clock: Clock) {
        customers = CustomerStore(database: database)
        tickets = TicketStore(database: database, clock: clock)
        quotes = PriceQuoteStore(database: database, clock: clock)
        pricing = Pricing(settings: configuration.tickets)
    }

    /// The tools of category `ticket`.
    func tools(orders: TicketOrderStore, adviser: Adviser?, ids: IDMaker) -> [Tool] {
        TicketTools(
            tickets: tickets, customers: customers, orders: orders, pricing: pricing,
            adviser: adviser, ids: ids
        ).all
    }

    /// Adds the part's routes.
    func register(
        on router: inout Router, adviser: Adviser?, idempotency: Idempotency, clock: Clock,
        ids: IDMaker
    ) {
        CustomerRoutes(
            customers: customers, tickets: tickets, idempotency: idempotency, clock: clock,
            ids: ids
        ).register(on: &router)
        TicketRoutes(
            tickets: tickets, customers: customers, pricing: pricing, adviser: adviser,
            idempotency: idempotency, clock: clock, ids: ids
        ).register(on: &router)
    }
}
