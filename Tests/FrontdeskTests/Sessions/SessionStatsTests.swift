import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct SessionStatsTests {
    @Test func `without sessions all is zero and nothing oldest or newest`() async throws {
        let stats = try await Service().get("/api/v1/sessions/stats")
        #expect(
            stats.body.text
                == #"{"total_sessions":0,"active_sessions":0,"expired_sessions":0,"#
                + #""sessions_by_tenant":{},"oldest_session":null,"newest_session":null}"#)
    }

    @Test func `totals are over all tenants, and a tenant narrows them`() async throws {
        let service = try await Service()
        let first = try await service.create("a1", tenant: "acme")
        _ = try await service.create("a2", tenant: "acme")
        service.clock.advance(seconds: 20 * 3600)
        let middle = try await service.create("b1", tenant: "beta")
        _ = try await service.say("Hi", in: "a3")
        service.clock.advance(seconds: 5 * 3600)
        let last = try await service.create("a4", tenant: "acme")

        let all = try await service.get("/api/v1/sessions/stats")
        #expect(all["total_sessions"] == 5)
        #expect(all["active_sessions"] == 3)
        #expect(all["expired_sessions"] == 2)
        #expect(
            all["sessions_by_tenant"]?.text == #"{"acme":3,"beta":1,"default":1}"#)
        #expect(all["oldest_session"] == first["created_at"])
        #expect(all["newest_session"] == last["created_at"])

        for headers: Headers in [[:], ["X-Tenant-ID": "beta"]] {
            let query = headers.contains("X-Tenant-ID") ? "" : "?tenant_id=beta"
            let one = try await service.get("/api/v1/sessions/stats\(query)", headers: headers)
            #expect(one["total_sessions"] == 1)
            #expect(one["expired_sessions"] == 0)
            #expect(one["sessions_by_tenant"]?.text == #"{"beta":1}"#)
            #expect(one["oldest_session"] == middle["created_at"])
            #expect(one["newest_session"] == middle["created_at"])
        }
        let nobody = try await service.get("/api/v1/sessions/stats?tenant_id=nobody")
        #expect(nobody["total_sessions"] == 0)
        #expect(nobody["oldest_session"] == .null)
    }

    @Test func `counters equal recounted rows after any sequence of operations`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let service = try await Service(demo: false) { $0.cleanup.batch = 7 }
        let ids = (1...8).map { "s\($0)" }
        for step in 1...250 {
            let id = ids.randomElement(using: &random) ?? ""
            let tenant = Bool.random(using: &random) ? "acme" : "beta"
            let query = "?tenant_id=\(tenant)"
            switch Int.random(in: 0..<12, using: &random) {
            case 0...2: _ = try await service.create(id, tenant: tenant)
            case 3...5:
                _ = try await service.post(
                    "/agent/messages\(query)", ["session_id": .string(id), "message": "Hi"])
            case 6: _ = try await service.delete("/agent/sessions/\(id)\(query)")
            case 7: _ = try await service.post("/api/v1/sessions/\(id)/cleanup\(query)")
            case 8: _ = try await service.app.sweeper.sweep()
            default:
                // Now and then the clock is set back, as on a machine that is put right.
                service.clock.advance(seconds: .random(in: -4_000...40_000, using: &random))
            }
            guard step % 10 == 0 else { continue }
            #expect(try service.miscounts() == [], "seed \(seed), step \(step)")
            try await checkTotals(of: service, "seed \(seed), step \(step)")
        }
    }

    private func checkTotals(of service: Service, _ place: Comment) async throws {
        let stats = try await service.get("/api/v1/sessions/stats")
        let rows = try service.rows("SELECT count(*) FROM sessions")
        #expect(stats["total_sessions"]?.int == rows.first.flatMap { Int($0) }, place)
        var active = 0
        for tenant in ["acme", "beta"] {
            let list = try await service.get("/agent/sessions?limit=1000&tenant_id=\(tenant)")
            #expect(list["total_count"]?.int == list.ids.count, place)
            active += list.ids.count
        }
        #expect(stats["active_sessions"]?.int == active, place)
    }
}

/// Random numbers that a printed seed brings back (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// The numbers of a seed.
    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
