import Foundation

/// The time zone of the venue, in which days begin and end.
struct VenueZone: Hashable, Sendable {
    /// Its name, such as `Europe/Berlin`.
    let name: String
    private let zone: TimeZone

    /// The zone without any offset.
    static let utc = VenueZone("UTC", .gmt)

    /// A zone by its name, nil when nobody knows it.
    init?(_ name: String) {
        // Abbreviations such as CEST would be known too, but mean no place.
        guard name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name)
        else { return nil }
        self.init(name, zone)
    }

    private init(_ name: String, _ zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// The day there at an instant.
    func day(at instant: Timestamp) -> CalendarDay { local(instant).day }

    /// Day and time of day (`19:00`) there at an instant.
    func local(_ instant: Timestamp) -> (day: CalendarDay, time: String) {
        let date = Date(timeIntervalSince1970: Double(instant.unixSeconds))
        let offset = zone.secondsFromGMT(for: date)
        let text = instant.adding(seconds: Double(offset)).text
        let day = CalendarDay(parsing: text.prefix(10)) ?? .init(daysSince1970: 0)
        return (day, String(text.dropFirst(11).prefix(5)))
    }
}
