import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct InboxStoreTests {
    private func texts(_ leases: [InboxLease]) throws -> [String] {
        try leases.map { try JSONValue(parsing: $0.message.payload)["text"]?.string ?? "" }
    }

    @Test func `higher priority comes first, then arrival`() async throws {
        let world = try await InboxWorld()
        let key = try await world.register()
        for (text, priority) in [("a", 0), ("b", 5), ("c", 0), ("d", 9), ("e", 5)] {
            try await world.send(key, text, priority: priority)
        }
        #expect(try texts(await world.pull(key, 3)) == ["d", "b", "e"])
        #expect(try texts(await world.pull(key)) == ["a", "c"])
        #expect(try await world.pull(key).isEmpty)
        #expect(try world.mistakes() == [])
    }

    @Test func `messages of one key come one at a time and in order, whatever their priority`()
        async throws
    {
        let world = try await InboxWorld()
        let key = try await world.register()
        for number in 1...3 {
            try await world.send(key, "k\(number)", orderingKey: "k", priority: number)
            try await world.send(key, "l\(number)", orderingKey: "l")
        }
        for number in 1...3 {
            let leases = try await world.pull(key)
            #expect(try texts(leases) == ["k\(number)", "l\(number)"])
            #expect(try await world.pull(key).isEmpty)
            let ids = leases.map(\.ackID)
            #expect(try await world.store.ack(key, ids) == [.acked, .acked])
            #expect(try await world.store.ack(key, ids) == [.acked, .acked])
        }
        #expect(try await world.pull(key).isEmpty)
        #expect(try world.mistakes() == [])
    }

    @Test func `a delayed head holds its key back, and nothing else`() async throws {
        let world = try await InboxWorld()
        let key = try await world.register()
        try await world.send(key, "k1", orderingKey: "k", delay: 60)
        try await world.send(key, "k2", orderingKey: "k", priority: 9)
        try await world.send(key, "other")
        let other = try await world.pull(key)
        #expect(try texts(other) == ["other"])
        _ = try await world.store.ack(key, other.map(\.ackID))
        world.clock.advance(seconds: 61)
        let head = try await world.pull(key)
        #expect(try texts(head) == ["k1"])
        // It fails: the next one still waits.
        _ = try await world.store.nack(key, head.map(\.ackID), delay: 10)
        world.clock.advance(seconds: 9)
        #expect(try texts(await world.pull(key)) == [])
        world.clock.advance(seconds: 2)
        #expect(try texts(await world.pull(key)) == ["k1"])
        #expect(try world.mistakes() == [])
    }

    @Test func `a lease that ends brings the message back, five times, and then it is dead`()
        async throws
    {
        let world = try await InboxWorld()
        let key = try await world.register()
        let id = try await world.send(key, orderingKey: "k")
        try await world.send(key, "next", orderingKey: "k")
        for attempt in 1...5 {
            let leases = try await world.pull(key)
            #expect(leases.map(\.attempt) == [attempt])
            world.clock.advance(seconds: 31)
            #expect(try await world.store.ack(key, leases.map(\.ackID)) == [.expired])
        }
        #expect(try world.store.find(id, of: .default)?.state == .dead)
        #expect(try texts(await world.pull(key)) == ["next"])
        let figures = try await world.store.figures(key)
        #expect(figures.dead == 1 && figures.inFlight == 1)
        let (letters, total) = try await world.store.deadLetters(key, limit: 10, after: nil)
        #expect(letters.map(\.message.id) == [id] && total == 1)
        #expect(letters.first?.attempts == 5)
        #expect(try world.mistakes() == [])
    }

    @Test func `a dead letter comes back to its place in the line`() async throws {
        let world = try await InboxWorld(limits: InboxStore.Limits(pulls: 1))
        let key = try await world.register()
        for number in 1...3 { try await world.send(key, "k\(number)", orderingKey: "k") }
        _ = try await world.store.nack(
            key, await world.pull(key).map(\.ackID), delay: 0)
        // The second is in somebody's hands; the first comes after it and before the third.
        let second = try await world.pull(key)
        #expect(try texts(second) == ["k2"])
        #expect(try await world.store.redrive(key, .all).count == 1)
        #expect(try await world.pull(key).isEmpty)
        _ = try await world.store.ack(key, second.map(\.ackID))
        let first = try await world.pull(key)
        #expect(try texts(first) == ["k1"])
        #expect(first.first?.attempt == 1)
        #expect(try world.mistakes() == [])
    }

    @Test func `what was acknowledged can be replayed from a time on, in order`() async throws {
        let world = try await InboxWorld()
        let key = try await world.register()
        try await world.send(key, "old", orderingKey: "k")
        world.clock.advance(seconds: 10)
        let time = world.clock.now
        for number in 1...3 { try await world.send(key, "k\(number)", orderingKey: "k") }
        try await world.send(key, "plain")
        while case let leases = try await world.pull(key), !leases.isEmpty {
            _ = try await world.store.ack(key, leases.map(\.ackID))
        }
        try await world.send(key, "k4", orderingKey: "k")
        #expect(try await world.store.seek(key, to: time) == 4)
        var seen: [String] = []
        while case let leases = try await world.pull(key), !leases.isEmpty {
            seen += try texts(leases)
            _ = try await world.store.ack(key, leases.map(\.ackID))
        }
        #expect(seen == ["k1", "plain", "k2", "k3", "k4"])
        #expect(try await world.store.seek(key, to: world.clock.now) == 0)
        #expect(try world.mistakes() == [])
    }

    @Test func `a deliverer takes, completes, fails and parks`() async throws {
        let world = try await InboxWorld()
        let hook = Mapping.DestinationType.httpWebhook
        let key = try await world.register(type: hook, name: "http://127.0.0.1/hook")
        let ids = [
            try await world.send(key, "a"), try await world.send(key, "b"),
            try await world.send(key, "c"), try await world.send(key, "d"),
        ]
        #expect(try world.store.due(for: hook) == [key])
        #expect(try world.store.due(for: .pubSubTopic) == [])
        let leases = try await world.store.lease(key, LeaseOrder(), for: hook)
        #expect(try texts(leases) == ["a", "b", "c", "d"])
        let now = world.clock.now
        #expect(try await world.store.complete([leases[0]]) == 1)
        #expect(
            try await world.store.fail(
                [leases[1]], error: "500", retryAt: now.adding(seconds: 5)) == 1)
        #expect(try await world.store.fail([leases[2]], error: "410", retryAt: nil) == 1)
        #expect(try await world.store.park([leases[3]]) == 1)
        #expect(try await world.store.complete(leases) == 0)
        let states = try ids.map { try world.store.find($0, of: .default) }
        #expect(states.map { $0?.state } == [.delivered, .queued, .dead, .queued])
        #expect(states.map { $0?.attempts } == [1, 1, 1, 0])
        try await world.set(key, .inactive)
        #expect(try world.store.find(ids[1], of: .default)?.state == .parked)
        #expect(try await world.store.lease(key, LeaseOrder(), for: hook).isEmpty)
        #expect(try world.store.due(for: hook) == [])
        try await world.set(key, .active)
        #expect(try texts(await world.store.lease(key, LeaseOrder(), for: hook)) == ["d"])
        world.clock.advance(seconds: 6)
        #expect(try texts(await world.store.lease(key, LeaseOrder(), for: hook)) == ["b"])
        #expect(try world.mistakes() == [])
    }
}
