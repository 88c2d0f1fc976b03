import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SweeperTests {
    private let day = 86_400.0

    @Test func `a session is purged once it has been expired for long enough`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        _ = try await service.say("Hi", in: "s")
        service.clock.advance(seconds: 2 * day)
        #expect(try await service.app.sweeper.sweep()["sessions"] == 0)
        #expect(try await service.get("/api/v1/sessions/s").status == 410)
        service.clock.advance(microseconds: 1)
        #expect(try service.app.sweeper.preview()["sessions"] == 1)
        #expect(try await service.app.sweeper.sweep()["sessions"] == 1)
        #expect(try await service.get("/api/v1/sessions/s").status == 404)
        #expect(try await service.get("/api/v1/sessions/s/history").status == 404)
        #expect(try await service.say("Hi", in: "s").status == 200)
        #expect(try service.miscounts() == [])
    }

    @Test func `sessions of all tenants are swept, in as many batches as it takes`() async throws {
        let service = try await Service(demo: false) { $0.cleanup.batch = 10 }
        for number in 1...60 {
            _ = try await service.create("s\(number)", tenant: "t\(number % 3)")
        }
        try await service.fill("s1", tenant: "t1", messages: 55)
        service.clock.advance(seconds: 2 * day + 60)
        for number in 1...5 { _ = try await service.create("fresh\(number)", tenant: "t0") }
        #expect(try service.app.sweeper.preview()["sessions"] == 60)
        #expect(try await service.app.sweeper.sweep()["sessions"] == 60)
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["5"])
        #expect(try service.rows("SELECT count(*) FROM messages") == ["0"])
        #expect(try service.miscounts() == [])
    }

    @Test func `outcomes of keyed requests are forgotten after a day`() async throws {
        let service = try await Service(demo: false, clock: TestClock(step: 0))
        for number in 1...3 {
            _ = try await service.post(
                "/agent/sessions", headers: ["Idempotency-Key": "key\(number)"])
        }
        service.clock.advance(seconds: day)
        #expect(try await service.app.sweeper.sweep()["idempotency_keys"] == 0)
        service.clock.advance(microseconds: 1)
        #expect(try service.app.sweeper.preview()["idempotency_keys"] == 3)
        #expect(try await service.app.sweeper.sweep()["idempotency_keys"] == 3)
        #expect(try service.rows("SELECT count(*) FROM idempotency_keys") == ["0"])
    }

    @Test func `sessions with a running turn are left alone, the others are not`() async throws {
        let slow = try await SlowService { $0.cleanup.batch = 4 }
        let service = slow.service
        // The oldest, so that they are the first that the sweeper meets.
        let turns = [try await slow.ask(in: "s1"), try await slow.ask(in: "s2")]
        for number in 3...12 { _ = try await service.create("s\(number)") }
        service.clock.advance(seconds: 3 * day)
        #expect(try await service.app.sweeper.sweep()["sessions"] == 10)
        #expect(try service.rows("SELECT session_id FROM sessions") == ["s1", "s2"])
        #expect(try await service.get("/api/v1/sessions/s1").status == 200)
        slow.release()
        for turn in turns { #expect(try await turn.value.status == 200) }
        #expect(try service.miscounts() == [])
    }

    @Test func `a stopped sweeper removes nothing more`() async throws {
        let service = try await Service(demo: false)
        _ = try await service.create("s")
        service.clock.advance(seconds: 3 * day)
        service.app.sweeper.stop()
        #expect(try await service.app.sweeper.sweep().isEmpty)
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["1"])
    }
}
