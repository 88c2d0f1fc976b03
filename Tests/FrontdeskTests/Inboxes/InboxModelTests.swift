import Foundation
import Testing

@testable import Frontdesk

/// Random sends, pulls, answers, waits and restarts, each compared with the model.
///
/// `INBOX_MODEL_SEED=7 swift test --filter InboxModelTests` repeats one run.
@Suite struct InboxModelTests {
    private static let seeds: [UInt64] = {
        let named = ProcessInfo.processInfo.environment["INBOX_MODEL_SEED"]
        return named.flatMap { UInt64($0) }.map { [$0] } ?? Array(1...40)
    }()

    @Test(arguments: seeds)
    func `the store does what the model does`(seed: UInt64) async throws {
        let walk = try await InboxWalk(seed: seed)
        for step in 1...2500 {
            do {
                try await walk.step()
            } catch {
                Issue.record("seed \(seed), step \(step): \(error)")
                return
            }
        }
    }
}

/// Where the store and the model differ.
struct InboxDifference: Error, CustomStringConvertible {
    let description: String
}

/// A random walk of two inboxes and their models.
final class InboxWalk {
    private let world: InboxWorld
    private var random: SeededRandom
    private var keys: [Mapping.Key] = []
    private var models: [InboxModel] = []
    /// Names of leases of each inbox, newest last.
    private var ackIDs: [[String]] = [[], []]

    /// Two inboxes of the same address in two tenants.
    init(seed: UInt64) async throws {
        random = SeededRandom(seed: seed)
        let limits = InboxStore.Limits(
            parksInactive: seed % 2 == 0, depth: 40, pulls: Int(seed % 3) + 1)
        world = try await InboxWorld(limits: limits, clock: TestClock(step: 0), isHasty: true)
        for tenant in ["one", "two"] {
            keys.append(try await world.register(tenant: Tenant(unchecked: tenant)))
            models.append(InboxModel(limits: limits))
        }
    }

    /// Does one thing and compares what came of it.
    func step() async throws {
        let box = random.number(0...1)
        models[box].pass(to: world.clock.now)
        switch random.number(0...99) {
        case 0..<36: try await send(box)
        case 36..<58: try await pull(box)
        case 58..<76: try await answer(box)
        case 76..<88: wait()
        case 88..<92: try await lookAtFigures(box)
        case 92..<94: try await seek(box)
        case 94..<97: try await handleDeadLetters(box)
        case 97: try await turn(box)
        case 98: try lookAtStates(box)
        default: try await restart()
        }
    }

    private func expect<Value: Equatable>(
        _ found: Value, _ expected: Value, _ what: String
    ) throws {
        guard found != expected else { return }
        throw InboxDifference(description: "\(what): \(found), not \(expected)")
    }

    // MARK: - Steps

    private func send(_ box: Int) async throws {
        var draft = InboxDraft(inbox: keys[box], payload: "{}")
        if random.happens(oneIn: 2) { draft.orderingKey = "k\(random.number(1...4))" }
        if random.happens(oneIn: 4) { draft.delay = random.number(1...90) }
        if random.happens(oneIn: 3) { draft.priority = random.number(0...9) }
        if random.happens(oneIn: 5) { draft.sender.messageID = "m\(random.number(1...20))" }
        let now = world.clock.now
        let repeated = models[box].repeated(draft.sender.messageID, at: now)
        do {
            let sent = try await world.store.send(draft)
            try expect(sent.isRepeat, repeated != nil, "whether it is a repeat")
            if let repeated { return try expect(sent.id, repeated, "the repeated message") }
            try expect(models[box].refusal, nil, "the refusal")
            models[box].send(sent.id, draft, at: now)
        } catch let failure as Failure {
            try expect(repeated, nil, "the refused repeat")
            try expect(failure.code, models[box].refusal ?? .internal, "the refusal")
        }
    }

    private func pull(_ box: Int) async throws {
        let now = world.clock.now
        let order = LeaseOrder(count: random.number(1...6), seconds: random.number(10...60))
        let leases = try await world.store.pull(keys[box], order)
        let expected = models[box].available(at: now).prefix(order.count)
        try expect(
            leases.map(\.message.id), expected.map { models[box].entries[$0].id }, "pulled")
        for (index, lease) in zip(expected, leases) {
            let until = now.adding(seconds: Double(order.seconds))
            try expect(lease.until, until, "the end of the lease")
            models[box].lease(index, as: lease.ackID, until: until)
            try expect(lease.attempt, models[box].entries[index].attempts, "the attempt")
            ackIDs[box].append(lease.ackID)
        }
        ackIDs[box] = ackIDs[box].suffix(30)
    }

    private func answer(_ box: Int) async throws {
        // Mostly of this inbox; of the other one none may count.
        let from = random.happens(oneIn: 15) ? 1 - box : box
        let ids = (0..<random.number(1...5)).compactMap { _ in
            ackIDs[from].randomElement(using: &random)
        }
        let now = world.clock.now
        let seconds = random.number(10...100)
        let delay = random.happens(oneIn: 2) ? 0 : random.number(1...60)
        let (found, expected): ([LeaseOutcome], [LeaseOutcome])
        switch random.number(0...5) {
        case 0...2:
            found = try await world.store.ack(keys[box], ids)
            expected = ids.map { models[box].ack($0) }
        case 3...4:
            found = try await world.store.nack(keys[box], ids, delay: delay)
            expected = ids.map { models[box].nack($0, delay: delay, at: now) }
        default:
            found = try await world.store.extend(keys[box], ids, seconds: seconds)
            expected = ids.map { models[box].extend($0, seconds: seconds, at: now) }
        }
        try expect(found, expected, "the outcomes")
    }

    private func wait() {
        // Often to the very instant at which something ends.
        let seconds =
            random.happens(oneIn: 60) ? 90_000 : random.number(0...random.number(1...60))
        world.clock.advance(seconds: Double(seconds))
    }

    private func seek(_ box: Int) async throws {
        let now = world.clock.now
        let time = now.adding(seconds: -Double(random.number(0...600)))
        let found = try await world.store.seek(keys[box], to: time)
        let expected = models[box].comeBack(at: now) {
            $0.standing == .acknowledged && $0.sentAt >= time
        }
        try expect(found, expected, "replayed")
    }

    private func handleDeadLetters(_ box: Int) async throws {
        let (page, total) = try await world.store.deadLetters(keys[box], limit: 5000, after: nil)
        let dead = models[box].ids(.dead)
        try expect(Set(page.map { $0.message.id }), Set(dead), "dead letters")
        try expect(total, dead.count, "the number of dead letters")
        let now = world.clock.now
        let all = random.happens(oneIn: 3)
        var ids = dead.filter { _ in random.happens(oneIn: 2) }
        if random.happens(oneIn: 4) { ids.append("none") }
        let choice: DeadLetterChoice = all ? .all : .ids(ids)
        func isMeant(_ entry: InboxModel.Entry) -> Bool {
            entry.standing == .dead && (all || ids.contains(entry.id))
        }
        let notFound = all ? [] : ids.filter { $0 == "none" }
        if random.happens(oneIn: 3) {
            let found = try await world.store.removeDeadLetters(keys[box], choice)
            try expect(found.count, models[box].throwAway(where: isMeant), "thrown away")
            try expect(found.notFound, notFound, "not found")
        } else {
            let found = try await world.store.redrive(keys[box], choice)
            let expected = models[box].comeBack(at: now, where: isMeant)
            try expect(found.count, expected, "redriven")
            try expect(found.notFound, notFound, "not found")
        }
    }

    private func turn(_ box: Int) async throws {
        models[box].isActive.toggle()
        try await world.set(keys[box], models[box].isActive ? .active : .inactive)
    }

    private func restart() async throws {
        if random.happens(oneIn: 4) { try world.restart() }
        try expect(world.mistakes(), [], "mistakes")
    }

    // MARK: - Looks

    private func lookAtFigures(_ box: Int) async throws {
        let expected = models[box].figures(at: world.clock.now)
        try expect(try await world.store.figures(keys[box]), expected, "the figures")
    }

    private func lookAtStates(_ box: Int) throws {
        for (index, entry) in models[box].entries.enumerated().suffix(60) {
            let report = try world.store.find(entry.id, of: keys[box].tenant)
            try expect(report?.state, models[box].state(of: index), "the state")
        }
    }
}

extension SeededRandom {
    /// Whether something happens that happens once in `count` times.
    fileprivate mutating func happens(oneIn count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }

    /// A number of a range.
    fileprivate mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &self)
    }
}
