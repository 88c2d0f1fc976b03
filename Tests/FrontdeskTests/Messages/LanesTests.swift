import Testing

@testable import Frontdesk

/// The lines themselves, without turns.
@Suite struct LanesTests {
    private func key(_ id: String, tenant: String = "default") -> Session.Key {
        Session.Key(tenant: Tenant(unchecked: tenant), id: id)
    }

    private func lanes(_ change: (inout Lanes.Limits) -> Void = { _ in }) -> Lanes {
        var limits = Lanes.Limits()
        change(&limits)
        return Lanes(limits: limits)
    }

    @Test func `one place of a session runs at a time, first in, first out`() async throws {
        let lanes = lanes()
        let places = try (1...5).map { _ in try lanes.enter(key("s")) }
        for index in places.indices {
            #expect(places.map(\.hasBegun) == places.indices.map { $0 <= index })
            try await places[index].turn()
            lanes.leave(places[index])
        }
        #expect(!lanes.isBusy(key("s")))
        #expect(lanes.load == (0, 0))
    }

    @Test func `sessions do not wait for each other, nor do tenants`() throws {
        let lanes = lanes()
        let places = [
            try lanes.enter(key("a")), try lanes.enter(key("b")),
            try lanes.enter(key("a", tenant: "acme")),
        ]
        #expect(places.map(\.hasBegun) == [true, true, true])
    }

    @Test func `a lane takes so many waiting places and no more`() throws {
        let lanes = lanes { $0.depth = 2 }
        let places = try (1...3).map { _ in try lanes.enter(key("s")) }
        let failure = #expect(throws: Failure.self) { try lanes.enter(key("s")) }
        #expect(failure?.code == .overloaded)
        #expect(failure?.retryAfter == 1)
        #expect(try lanes.enter(key("other")).hasBegun)
        lanes.leave(places[0])
        #expect(try !lanes.enter(key("s")).hasBegun)
    }

    @Test func `where a second message is refused, it gets no place`() throws {
        let lanes = lanes { $0.admission = .reject }
        let place = try lanes.enter(key("s"))
        let failure = #expect(throws: Failure.self) { try lanes.enter(key("s")) }
        #expect(failure?.code == .sessionBusy)
        #expect(failure?.retryAfter == 1)
        lanes.leave(place)
        #expect(try lanes.enter(key("s")).hasBegun)
    }

    @Test func `the server runs so many at once and lets the others wait in order`() throws {
        let lanes = lanes { $0.running = 2 }
        let places = try (1...4).map { try lanes.enter(key("s\($0)")) }
        #expect(places.map(\.hasBegun) == [true, true, false, false])
        #expect(lanes.load == (2, 2))
        lanes.leave(places[1])
        #expect(places.map(\.hasBegun) == [true, true, true, false])
        lanes.leave(places[0])
        #expect(places.map(\.hasBegun) == [true, true, true, true])
        #expect(lanes.load == (2, 0))
    }

    @Test func `a turn that is being stored keeps its lane but lets others run`() throws {
        let lanes = lanes { $0.running = 1 }
        let first = try lanes.enter(key("a"))
        let second = try lanes.enter(key("a"))
        let other = try lanes.enter(key("b"))
        #expect([first, second, other].map(\.hasBegun) == [true, false, false])
        lanes.settle(first)
        lanes.settle(first)
        #expect([first, second, other].map(\.hasBegun) == [true, false, true])
        #expect(lanes.load == (1, 1))
        lanes.leave(first)
        #expect(!second.hasBegun)
        #expect(lanes.load == (1, 1))
        lanes.leave(other)
        #expect(second.hasBegun)
        lanes.leave(second)
        #expect(lanes.load == (0, 0))
    }

    @Test func `the server lets so many wait and no more`() throws {
        let lanes = lanes {
            $0.running = 1
            $0.waiting = 2
        }
        let places = try (1...3).map { try lanes.enter(key("s\($0)")) }
        let failure = #expect(throws: Failure.self) { try lanes.enter(key("s4")) }
        #expect(failure?.code == .overloaded)
        #expect(failure?.retryAfter == 1)
        #expect(!lanes.isBusy(key("s4")))
        lanes.leave(places[0])
        #expect(try !lanes.enter(key("s4")).hasBegun)
    }

    @Test func `one who leaves while waiting makes room`() async throws {
        let lanes = lanes { $0.depth = 1 }
        let places = try (1...2).map { _ in try lanes.enter(key("s")) }
        places[1].dismiss(with: .sessionNotFound(key("s")))
        await #expect(throws: Failure.self) { try await places[1].turn() }
        lanes.leave(places[1])
        let third = try lanes.enter(key("s"))
        #expect(!third.hasBegun)
        lanes.leave(places[0])
        #expect(third.hasBegun)
        lanes.leave(third)
        #expect(lanes.load == (0, 0))
    }

    @Test func `a place that has begun cannot be dismissed`() async throws {
        let lanes = lanes()
        let place = try lanes.enter(key("s"))
        place.dismiss(with: .sessionNotFound(key("s")))
        try await place.turn()
    }
}
