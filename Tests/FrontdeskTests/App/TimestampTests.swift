import Testing

@testable import Frontdesk

@Suite struct TimestampTests {
    @Test(arguments: [
        ("2026-02-20T10:30:00Z", "2026-02-20T10:30:00.000000Z"),
        ("2026-02-20t12:30:00.123456789+02:00", "2026-02-20T10:30:00.123456Z"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ])
    func `an instant is written in one form, which reads as the same`(
        _ text: String, _ form: String
    ) throws {
        let instant = try #require(Timestamp(parsing: text))
        #expect(instant.text == form)
        #expect(Timestamp(parsing: form) == instant)
    }

    // Such an instant was written as one of the year 0, which no row could be read with.
    @Test(arguments: [
        "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00+00:01",
        "0000-01-01T00:00:00Z",
    ])
    func `an instant of a year without four digits is refused`(_ text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }
}
