/// A customer's ticket for an event.
struct Ticket: Equatable, Sendable {
    /// Its id, which stays.
    let id: String
    /// Whose it is.
    var customerID: String
    /// The number printed on it, in upper case.
    var number: String
    /// What kind of seat it is for.
    var type: TicketType
    /// What was paid for it at first, in cents.
    var originalCents: Int
    /// The currency of that price.
    var currency: String
    /// The day it was bought, if known.
    var purchaseDay: CalendarDay?
    /// The day of the event at the venue.
    var eventDay: CalendarDay
    /// The time of day there, `19:00`, if known.
    var eventTime: String?
    /// What has become of it.
    var status: Status
    /// The tier that was bought for it.
    var upgradeTier: UpgradeTier?
    /// What the tenant keeps with it: the text of a JSON object.
    var metadata: String
    /// When it was entered, as rows write instants.
    let createdAt: String
    /// When it last changed.
    var updatedAt: String
    /// The order that is open for it, if any.
    var openOrderID: String?

    /// What has become of a ticket.
    enum Status: String, Sendable, CaseIterable {
        case active, expired, cancelled, used, upgraded
    }
}
