import SQLite
import Testing

@testable import Frontdesk

@Suite struct CounterStoreTests {
    @Test func `numbers that are taken at once are all different and leave no gap`() async throws {
        let world = try await ToolWorld(demo: false)
        let counters = CounterStore(database: world.database)
        let taken = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 {
                group.addTask { try await counters.take(.order, for: .default) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(taken.sorted() == Array(10001...10200))
    }

    @Test func `every tenant and every kind of record counts for itself`() async throws {
        let world = try await ToolWorld(demo: false)
        let counters = CounterStore(database: world.database)
        let other = try #require(Tenant("other"))
        #expect(try await counters.take(.order, for: .default) == 10001)
        #expect(try await counters.take(.order, for: .default) == 10002)
        #expect(try await counters.take(.order, for: other) == 10001)
        #expect(try await counters.take(.complaint, for: .default) == 1)
        #expect(try await counters.take(.complaint, for: other) == 1)
    }

    @Test func `reserving never lets a counter fall back`() async throws {
        let world = try await ToolWorld(demo: false)
        let counters = CounterStore(database: world.database)
        for value in [50, 20] {
            try await world.database.write {
                try CounterStore.reserve(.complaint, upTo: value, for: .default, in: $0)
            }
        }
        #expect(try await counters.take(.complaint, for: .default) == 51)
    }
}
