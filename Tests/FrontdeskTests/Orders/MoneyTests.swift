import Testing

@testable import Frontdesk

@Suite struct MoneyTests {
    @Test(arguments: [
        ("49.98", 4998), ("0.01", 1), ("1", 100), ("1.5", 150), ("1.50", 150), ("1.500", 150),
        ("1e2", 10000), ("1E2", 10000), ("1e+2", 10000), ("4998e-2", 4998),
        ("0.4998E+2", 4998), ("1.0e-2", 1), ("0", 0), ("0e999999999999", 0), ("-0.00", 0),
        ("-5", -500), ("10000000", 1_000_000_000), ("9999999.99", 999_999_999),
        ("0.29", 29), ("1.15", 115), ("8.41", 841), ("92233720368547758.07", Int.max),
        ("1e40", Int.max), ("-1e40", Int.min), ("123456789012345678901234567890", Int.max),
    ])
    func `an amount is exact to the cent`(text: String, cents: Int) {
        #expect(Money.cents(of: text) == cents)
    }

    @Test(arguments: [
        "0.001", "1.005", "1e-3", "49.981", "12345e-3", "1e-999999999999", "0.0100001",
    ])
    func `fractions of a cent are no amount`(text: String) {
        #expect(Money.cents(of: text) == nil)
    }
}
