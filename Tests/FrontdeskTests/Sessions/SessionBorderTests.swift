import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Totals while many sessions expire one after the other.
@Suite struct SessionBorderTests {
    /// Adds sessions, one each 1.3 s up to now.
    private func fill(_ service: Service, _ count: Int) async throws {
        let now = service.clock.now
        _ = try await service.app.database.write { connection in
            for number in 0..<count {
                let at = now.adding(seconds: -1.3 * Double(number))
                try SessionStore.insert(
                    Session(
                        key: Session.Key(tenant: .default, id: "s\(number)"), metadata: "{}",
                        messageCount: 0, subject: nil, owner: "bot", createdAt: at,
                        lastActivity: at),
                    requestID: "test", in: connection)
            }
        }
    }

    @Test func `totals hold while the border of expiry passes through many sessions`()
        async throws
    {
        let service = try await Service(demo: false, clock: TestClock(step: 0))
        try await fill(service, 1500)
        let active = """
            SELECT count(*) FROM sessions WHERE last_activity >= '%' AND removing_since IS NULL
            """
        service.clock.advance(seconds: 86_400 - 1.3 * 1500 - 5)
        for round in 1...60 {
            service.clock.advance(seconds: 37.7)
            let expiry = service.clock.now.adding(seconds: -86_400).text
            // Some come back just before they would expire, some are deleted.
            if round % 3 == 0 {
                let next = try #require(
                    try service.rows(
                        """
                        SELECT session_id FROM sessions WHERE last_activity >= '\(expiry)'
                        ORDER BY last_activity LIMIT 1
                        """
                    ).first)
                if round % 2 == 0 {
                    _ = try await service.say("Hi", in: next)
                } else {
                    _ = try await service.delete("/api/v1/sessions/\(next)")
                }
            }
            let expected = try service.rows(active.replacing("%", with: expiry)).first
            let stats = try await service.get("/api/v1/sessions/stats")
            #expect(stats["active_sessions"]?.int.map(String.init) == expected)
        }
    }
}
