import Foundation
import JSON
import Testing
import WebPeer

/// A router that is killed over and over while messages are sent, pulled, acknowledged and posted.
struct RouterKillTests {
    /// How often it is killed.
    private static let rounds = 50

    private static let settings = [
        "FRONTDESK_ROUTER_MAX_DELIVERY_ATTEMPTS": "1000",
        "FRONTDESK_ROUTER_WEBHOOK_ALLOW_PRIVATE": "true",
    ]

    /// A webhook's request as its receiver wrote it down.
    private struct Diary: Decodable {
        let requests: [Entry]

        struct Entry: Decodable {
            let headers: [String: String]
            let body: String
            let valid: [Bool]
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `kill -9 under load loses no message, and what was acknowledged stays so`()
        async throws
    {
        let world = try World()
        let receiver = try await WebPeer(script: "webhook/receiver.py", packages: true)
        try await register(world, receiver)
        let ledger = RouterLedger()
        let senders =
            ["amber", "birch"].map { RouterSender($0, to: "pulls", ledger) }
            + [RouterSender("cedar", to: "hooks", ledger)]
        let pullers = (1...2).map { _ in RouterPuller(of: "pulls", ledger) }
        for _ in 1...Self.rounds {
            let server = try await world.serve(Self.settings)
            try await check(world, ledger)
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for sender in senders { group.addTask { await sender.send(to: server) } }
                    for puller in pullers { group.addTask { await puller.work(on: server) } }
                }
            }
            let moment = Int.random(in: 5...100) * Sanitizer.slowness
            try await Task.sleep(for: .milliseconds(moment))
            await server.kill()
            await load.value
        }
        let last = try await world.serve(Self.settings)
        try await drain(world, last, pullers)
        try await check(world, ledger)
        try await checkEnd(world, ledger, try receiver.ask(#"{"diary": true}"#, as: Diary.self))
        #expect(await last.stop() == .exit(0))
    }

    /// Registers an agent whose messages are pulled and one whose messages are posted.
    private func register(_ world: World, _ receiver: WebPeer) async throws {
        let server = try await world.serve(Self.settings)
        let pulls = try await server.post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "pulls", "inboxDestinationType": "FRONTDESK_INBOX",
                "inboxName": "pulls",
            ])
        #expect(pulls.status == 201)
        let hooks = try await server.post(
            "/v1/agent-inboxes",
            [
                "aiAgentAddress": "hooks", "inboxDestinationType": "HTTP_WEBHOOK",
                "inboxName": .string(receiver.url("/hooks")),
            ])
        let secret = try #require(hooks["webhookSecret"]?.string)
        _ = try receiver.ask(
            #"{"secrets": ["\#(secret)"], "secret-of": "/hooks"}"#, as: [String: Int].self)
        await server.kill()
    }

    /// Lets the leases of the dead run out and everything go to its end.
    private func drain(
        _ world: World, _ server: RunningServer, _ pullers: [RouterPuller]
    ) async throws {
        let waiting = """
            SELECT count(*) FROM inbox_messages WHERE state NOT IN ('acknowledged', 'delivered')
            """
        let deadline = ContinuousClock.now + .seconds(120)
        while try await world.query(waiting) != ["0"] {
            try #require(ContinuousClock.now < deadline, "messages are left over")
            for puller in pullers { await puller.work(on: server, drains: true) }
        }
    }

    /// Holds the database against what the clients know, and against itself.
    private func check(_ world: World, _ ledger: RouterLedger) async throws {
        try #require(try await world.query(Self.problems) == [])
        try #require(await ledger.surprises == [])
        let rows = try await world.query(
            "SELECT ai_agent_address, message_id, state, payload ->> 'text' FROM inbox_messages")
        var states: [String: String] = [:]
        var ids: [String: String] = [:]
        for row in rows {
            let parts = row.split(separator: "|").map(String.init)
            states[parts[1]] = parts[2]
            try #require(ids[parts[0] + " " + parts[3]] == nil, "'\(parts[3])' is there twice")
            ids[parts[0] + " " + parts[3]] = parts[1]
        }
        for (address, texts) in await ledger.sent {
            let lost = texts.filter { ids[address + " " + $0.key] != $0.value }
            try #require(lost == [:])
        }
        let forgotten = await ledger.acked.filter { states[$0] != "acknowledged" }
        try #require(forgotten == [])
    }

    /// Everything sent has arrived, and the webhook's receiver has seen every message under one id.
    private func checkEnd(_ world: World, _ ledger: RouterLedger, _ diary: Diary) async throws {
        let sent = await ledger.sent
        let pulled = Set((sent["pulls"] ?? [:]).values)
        let posted = Set((sent["hooks"] ?? [:]).values)
        #expect(pulled.count > Self.rounds)
        #expect(posted.count > Self.rounds)
        // An answer to the last ack may have been cut off, but then the row says it.
        #expect(await ledger.acked.count > Self.rounds)
        var seen: [String: String] = [:]
        for entry in diary.requests {
            let id = try #require(entry.headers["webhook-id"])
            #expect(entry.valid == [true])
            #expect(try JSONValue(parsing: entry.body)["messageId"]?.string == id)
            if let body = seen[id] { #expect(body == entry.body) }
            seen[id] = entry.body
        }
        #expect(posted.subtracting(seen.keys) == [])
        let stored = try await world.query(
            "SELECT message_id FROM inbox_messages WHERE ai_agent_address = 'hooks'")
        #expect(Set(stored) == Set(seen.keys))
    }

    /// One line for everything in the database that contradicts itself.
    private static let problems = """
        SELECT 'damaged: ' || integrity_check FROM pragma_integrity_check
        WHERE integrity_check <> 'ok'
        UNION ALL
        SELECT 'refers to nothing: ' || "table" FROM pragma_foreign_key_check
        UNION ALL
        SELECT 'miscounted: ' || ai_agent_address FROM inbox_depths AS depth
        WHERE (ready, delayed, held, leased, dead) IS NOT (
            SELECT count(*) FILTER (WHERE state = 'ready'),
                count(*) FILTER (WHERE state = 'delayed'),
                count(*) FILTER (WHERE state = 'held'),
                count(*) FILTER (WHERE state = 'leased'),
                count(*) FILTER (WHERE state = 'dead')
            FROM inbox_messages AS message
            WHERE message.tenant_id = depth.tenant_id
              AND message.ai_agent_address = depth.ai_agent_address)
        UNION ALL
        SELECT 'dead: ' || message_id FROM inbox_messages WHERE state IN ('dead', 'removed')
        UNION ALL
        SELECT 'stuck behind nobody: ' || message_id FROM inbox_messages AS message
        WHERE state = 'held' AND NOT EXISTS (
            SELECT 1 FROM inbox_messages AS head
            WHERE head.tenant_id = message.tenant_id
              AND head.ai_agent_address = message.ai_agent_address
              AND head.ordering_key = message.ordering_key
              AND head.state IN ('ready', 'delayed', 'leased'))
        """
}
