import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct UptimeTests {
    private static let now = Timestamp(parsing: "2026-02-20T12:00:00Z")!

    /// Reports by the seconds before now and their word: `H` or `U`.
    struct Case: Sendable, CustomTestStringConvertible {
        let points: [(ago: Double, word: Character)]
        var staleAfter: Double?
        let hour: Double?
        let day: Double?
        let week: Double?

        var testDescription: String {
            points.map { "\($0.ago)\($0.word)" }.joined(separator: " ")
        }
    }

    static let cases: [Case] = [
        Case(points: [], hour: nil, day: nil, week: nil),
        Case(points: [(0, "H")], hour: 1, day: 1, week: 1),
        Case(points: [(0, "U")], hour: 0, day: 0, week: 0),
        Case(points: [(600, "H")], hour: 1, day: 1, week: 1),
        Case(points: [(600, "U"), (300, "H")], hour: 0.5, day: 0.5, week: 0.5),
        Case(points: [(7200, "H"), (1800, "U")], hour: 0.5, day: 0.75, week: 0.75),
        // The state at the start of a span is that of the last report before it.
        Case(
            points: [(8 * 86_400, "U"), (86_400, "H"), (3600, "U"), (2700, "H")], hour: 0.75,
            day: 0.9896, week: 0.1414),
        // Of equal times the later counts.
        Case(points: [(1000, "U"), (1000, "H")], hour: 1, day: 1, week: 1),
        Case(points: [(3, "H"), (2, "U")], hour: 0.3333, day: 0.3333, week: 0.3333),
        // Silence is not health.
        Case(
            points: [(3600, "H")], staleAfter: 900, hour: 0.25, day: 0.25, week: 0.25),
        Case(
            points: [(3000, "H"), (2000, "H"), (1000, "U")], staleAfter: 500, hour: 0.3333,
            day: 0.3333, week: 0.3333),
    ]

    @Test(arguments: cases)
    func `the share is that of the time which is known`(_ example: Case) {
        let points = example.points.map { ago, word in
            let instant = Self.now.adding(seconds: -ago)
            return Uptime.Point(
                reportedAt: instant, receivedAt: instant, isHealthy: word == "H")
        }
        let uptime = Uptime(points, now: Self.now, staleAfter: example.staleAfter)
        #expect(uptime.hour == example.hour)
        #expect(uptime.day == example.day)
        #expect(uptime.week == example.week)
    }

    @Test func `uptime is told with the reports, and follows the clock`() async throws {
        let service = try await Service(demo: false, clock: TestClock(step: 0))
        try await service.register("a")
        let path = "/v1/agent-inboxes/a/health"
        #expect(try await service.get(path)["uptime"]?.text == #"{"1h":null,"24h":null,"7d":null}"#)
        try await service.report("a", "HEALTHY")
        service.clock.advance(seconds: 1800)
        try await service.report("a", "UNHEALTHY")
        service.clock.advance(seconds: 1800)
        #expect(try await service.get(path)["uptime"]?.text == #"{"1h":0.5,"24h":0.5,"7d":0.5}"#)
        service.clock.advance(seconds: 3600)
        #expect(try await service.get(path)["uptime"]?.text == #"{"1h":0,"24h":0.25,"7d":0.25}"#)
        try await service.report("a", "HEALTHY")
        service.clock.advance(seconds: 22 * 3600)
        #expect(
            try await service.get(path)["uptime"]?.text == #"{"1h":1,"24h":0.9375,"7d":0.9375}"#)
        // A report of the past and one of the future count from their own times.
        let now = service.clock.now
        try await service.report("a", "UNHEALTHY", at: now.adding(seconds: -900))
        try await service.report("a", "UNHEALTHY", at: now.adding(seconds: 60))
        #expect(try await service.get(path)["uptime"]?["1h"]?.double == 0.75)
        // Only the first page differs by its limit, the uptime does not.
        #expect(try await service.get(path + "?limit=1")["uptime"]?["1h"]?.double == 0.75)
        service.clock.advance(seconds: 30 * 86_400)
        #expect(try await service.get(path)["uptime"]?.text == #"{"1h":0,"24h":0,"7d":0}"#)
    }
}
