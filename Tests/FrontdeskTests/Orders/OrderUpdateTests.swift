import Testing

@testable import Frontdesk

@Suite struct OrderUpdateTests {
    private static let moves: [Order.Status: [Order.Status]] = [
        .pending: [.confirmed, .cancelled], .confirmed: [.shipped, .cancelled],
        .shipped: [.delivered], .delivered: [], .cancelled: [],
    ]

    private func order(_ status: Order.Status) throws -> Order {
        try #require(DemoData.orders.first { $0.status == status })
    }

    @Test(arguments: Order.Status.allCases, Order.Status.allCases)
    func `an order only takes the steps that the rules know`(
        from: Order.Status, to: Order.Status
    ) throws {
        var order = try order(from)
        let update = OrderUpdate(id: order.id, status: to)
        if Self.moves[from, default: []].contains(to) {
            let events = try order.apply(
                update, allowed: Set(Order.Status.allCases), now: ToolWorld.now)
            #expect(order.status == to)
            #expect(order.statusSince == "2026-02-20T12:00:00.000000Z")
            #expect(order.updatedAt == "2026-02-20T12:00:00.000000Z")
            #expect(events.map(\.status) == [to.event])
        } else {
            let before = order
            let error = #expect(throws: ToolError.self) {
                try order.apply(update, allowed: Set(Order.Status.allCases), now: ToolWorld.now)
            }
            #expect(error?.type == .illegalTransition)
            #expect(order == before)
        }
    }

    @Test(arguments: Order.Status.allCases)
    func `address and remarks change only before shipping`(status: Order.Status) throws {
        var order = try order(status)
        let update = OrderUpdate(id: order.id, billingAddress: "9 Oak Lane", remarks: "Ring twice")
        if status == .pending || status == .confirmed {
            let events = try order.apply(update, allowed: [], now: ToolWorld.now)
            #expect(order.billingAddress == "9 Oak Lane")
            #expect(order.remarks == "Ring twice")
            #expect(events.map(\.description) == ["Changed: billing address, remarks."])
        } else {
            let error = #expect(throws: ToolError.self) {
                try order.apply(update, allowed: [], now: ToolWorld.now)
            }
            #expect(error?.type == .illegalTransition)
        }
    }

    @Test(arguments: Order.Status.allCases)
    func `carrier, number and day of delivery are set only from shipping on`(
        status: Order.Status
    ) throws {
        var order = try order(status)
        let update = OrderUpdate(
            id: order.id, carrier: "Swift", trackingNumber: "S1", estimatedDelivery: "2026-03-01")
        if status == .shipped || status == .delivered {
            let events = try order.apply(update, allowed: [], now: ToolWorld.now)
            #expect(order.carrier == "Swift")
            #expect(order.trackingNumber == "S1")
            #expect(order.estimatedDelivery == "2026-03-01")
            #expect(
                events.map(\.description)
                    == ["Changed: carrier, tracking number, estimated delivery."])
        } else {
            let error = #expect(throws: ToolError.self) {
                try order.apply(update, allowed: [], now: ToolWorld.now)
            }
            #expect(error?.type == .illegalTransition)
        }
    }

    @Test func `shipping can name carrier, day and place at once`() throws {
        var order = try order(.confirmed)
        let events = try order.apply(
            OrderUpdate(
                id: order.id, status: .shipped, carrier: "Swift", trackingNumber: "S1",
                estimatedDelivery: "2026-03-01", location: "Leeds"),
            allowed: [.shipped], now: ToolWorld.now)
        #expect(events.map(\.status) == [.shipped, .inTransit])
        #expect(events.map(\.location) == [nil, "Leeds"])
        #expect(events[0].description == "Shipped with Swift, tracking number S1.")
        #expect(order.estimatedDelivery == "2026-03-01")
    }

    @Test(arguments: [Order.Status.pending, .confirmed, .delivered, .cancelled])
    func `only an order that is on its way has a location`(status: Order.Status) throws {
        var order = try order(status)
        let error = #expect(throws: ToolError.self) {
            try order.apply(
                OrderUpdate(id: order.id, location: "Leeds"), allowed: [], now: ToolWorld.now)
        }
        #expect(error?.type == .illegalTransition)
    }

    @Test func `a parcel's place becomes a step of its own`() throws {
        var order = try order(.shipped)
        let since = order.statusSince
        let events = try order.apply(
            OrderUpdate(id: order.id, location: "Leeds"), allowed: [], now: ToolWorld.now)
        #expect(events.map(\.status) == [.inTransit])
        #expect(events.map(\.location) == ["Leeds"])
        #expect(order.status == .shipped)
        #expect(order.statusSince == since)
    }

    @Test func `remarks are added line by line`() throws {
        var order = try order(.pending)
        for note in ["first", "second"] {
            _ = try order.apply(
                OrderUpdate(id: order.id, remarks: note), allowed: [], now: ToolWorld.now)
        }
        #expect(order.remarks == "first\nsecond")
    }
}
