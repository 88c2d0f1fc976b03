import JSON

/// A ticket as somebody wants to enter it, checked (tickets.md, section 3).
struct TicketDraft: Equatable, Sendable {
    /// The id of their choice; nil lets the server make one.
    let id: String?
    let number: String
    let type: TicketType
    let originalCents: Int
    let purchaseDay: CalendarDay?
    let eventDay: CalendarDay
    let eventTime: String?
    let status: Ticket.Status
    /// The text of a JSON object.
    let metadata: String

    /// The names of the fields that are read; the owner is read elsewhere.
    static let fields = [
        "ticket_id", "ticket_number", "ticket_type", "original_price", "purchase_date",
        "event_date", "event_time", "status", "metadata",
    ]

    /// The least and greatest original price in cents.
    static let prices = 0...1_000_000

    /// Reads the fields; nil when the reader noted a problem with one.
    init?(_ reader: inout FieldReader, zone: VenueZone) {
        id = reader.id("ticket_id")
        let number = reader.required(
            "ticket_number", "must be 5 to 50 letters A-Z, digits and hyphens", Self.number)
        let type = reader.required(
            "ticket_type", "must be 'general', 'standard', 'vip' or 'premium'",
            TicketType.init(parsing:))
        let cents = reader.required(
            "original_price", "must be a number from 0 to 10000 with at most two decimals"
        ) { text in
            JSONNumber(text: text).flatMap { JSONValue.number($0).cents }
                .flatMap { Self.prices.contains($0) ? $0 : nil }
        }
        purchaseDay = reader.value("purchase_date", CalendarDay.problem, CalendarDay.sellable)
        let event = Self.event(&reader, zone)
        eventTime = event?.time
        status =
            reader.value("status", "must be 'active', 'expired', 'cancelled' or 'used'") { text in
                Ticket.Status(rawValue: text).flatMap { $0 == .upgraded ? nil : $0 }
            } ?? .active
        metadata = Self.metadata(&reader)
        guard reader.problems.isEmpty, let number, let type, let cents, let event else {
            return nil
        }
        self.number = number
        self.type = type
        originalCents = cents
        eventDay = event.day
    }

    /// A ticket's number as it is stored, nil for what is none.
    static func number(_ text: String) -> String? {
        let upper = text.uppercasedASCII
        let isNumber =
            (5...50).contains(upper.utf8.count)
            && upper.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
        return isNumber ? upper : nil
    }

    /// The day and time of the event; an instant given as its day holds both.
    private static func event(
        _ reader: inout FieldReader, _ zone: VenueZone
    ) -> (day: CalendarDay, time: String?)? {
        let time = reader.value("event_time", "must be a time of day like '19:00'", Self.time)
        let event = reader.required("event_date", CalendarDay.problem) {
            text -> (day: CalendarDay, time: String?)? in
            guard let instant = Timestamp(parsing: text) else {
                return CalendarDay.sellable(text).map { ($0, time) }
            }
            let local = zone.local(instant)
            return CalendarDay.sellable.contains(local.day) ? (local.day, local.time) : nil
        }
        if let time, let event, event.time != time {
            reader.note("event_time", "differs from the time that 'event_date' holds")
        }
        return event
    }

    private static func time(_ text: String) -> String? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
            text.utf8.allSatisfy({ (0x30...0x3A).contains($0) }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return text
    }

    private static func metadata(_ reader: inout FieldReader) -> String {
        reader.value(
            "metadata", "must be a JSON object of at most 8 KiB and 16 levels"
        ) { text in
            guard text.utf8.count <= 8192, let value = try? JSONValue(parsing: text),
                value.object != nil, value.depth <= 16
            else { return nil }
            return value.text
        } ?? "{}"
    }

    /// The ticket that comes of it.
    func ticket(
        id fresh: @autoclosure () -> String, of customer: String, currency: String,
        at now: Timestamp
    ) -> Ticket {
        Ticket(
            id: id ?? fresh(), customerID: customer, number: number, type: type,
            originalCents: originalCents, currency: currency, purchaseDay: purchaseDay,
            eventDay: eventDay, eventTime: eventTime, status: status, metadata: metadata,
            createdAt: now.text, updatedAt: now.text)
    }
}

extension CalendarDay {
    /// What is wrong with a text that is no day that tickets may name.
    static let problem = "must be a day like '2026-12-24' from 2000 to 2100"

    /// Reads a day that tickets may name, nil for anything else.
    static func sellable(_ text: String) -> CalendarDay? {
        CalendarDay(parsing: text).flatMap { sellable.contains($0) ? $0 : nil }
    }
}
