import Foundation
import MailServer
import Testing

/// A server that is killed over and over while clients write.
struct KillTests {
    /// How often it is killed.
    private static let rounds = 50

    @Test(.timeLimit(.minutes(10)))
    func `kill -9 under load loses nothing acknowledged and does nothing twice`() async throws {
        let world = try World()
        let mail = SilentMailServer()
        let loaded = try await world.run(
            "demo-data", settings: ["FRONTDESK_DATABASE_PATH": world.database])
        #expect(loaded.end == .exit(0))
        let clients = ["amber", "birch", "cedar", "daisy"].map { LoadClient(name: $0) }
        for round in 1...Self.rounds {
            // Now and then death comes before the server is ready.
            if round % 10 == 0 { try await killEarly(world) }
            let server = try await world.serve(mail.settings)
            try await check(world, clients)
            let load = Task {
                await withTaskGroup(of: Void.self) { group in
                    for client in clients { group.addTask { await client.write(to: server) } }
                    // One turn is always in the middle of something.
                    group.addTask {
                        _ = try? await server.say("Is email working?", in: "sess_slow_\(round)")
                    }
                }
            }
            let moment = Int.random(in: 5...100) * Sanitizer.slowness
            try await Task.sleep(for: .milliseconds(moment))
            await server.kill()
            await load.value
        }
        let last = try await world.serve()
        try await check(world, clients)
        #expect(await last.stop() == .exit(0))
        var acknowledged = 0
        for client in clients { acknowledged += await client.knowledge.messages.count }
        #expect(acknowledged > Self.rounds)
        let interrupted = try await world.query(
            "SELECT count(*) FROM messages WHERE error_code = 'turn_interrupted'")
        #expect(try #require(interrupted.first.flatMap { Int($0) }) > Self.rounds / 4)
    }

    private func killEarly(_ world: World) async throws {
        let child = try await Child(
            [Program.path, "serve", "--port", "0", "--database", world.database],
            environment: Program.environment([:]), errors: world.folder.appending(path: "early"))
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...50) * Sanitizer.slowness))
        child.send(SIGKILL)
        await child.end()
    }

    /// Holds the database against what the clients know, and against itself.
    private func check(_ world: World, _ clients: [LoadClient]) async throws {
        let problems = try await world.query(Self.problems)
        try #require(problems == [])
        let stored = try await Stored(world)
        for client in clients {
            let known = await client.knowledge
            try #require(known.surprises == [])
            try #require(stored.missing(known) == [])
        }
        try #require(stored.twice == [])
    }

    /// What the database holds of the clients' deeds.
    private struct Stored {
        /// The sessions in which each text stands.
        var messages: [String: [String]] = [:]
        /// The sessions with each mark.
        var sessions: [String: [String]] = [:]
        /// How often each complaint was registered.
        var complaints: [String: Int] = [:]

        init(_ world: World) async throws {
            let rows = try await world.query(
                """
                SELECT 'message', m.session_id, m.content
                FROM messages m JOIN sessions s USING (tenant_id, session_id)
                WHERE m.role = 'user' AND s.removing_since IS NULL;
                SELECT 'session', session_id, metadata ->> 'mark' FROM sessions
                WHERE removing_since IS NULL AND metadata ->> 'mark' IS NOT NULL;
                SELECT 'complaint', '', description FROM complaints WHERE complaint_id > 20;
                """)
            for row in rows where !row.hasSuffix("|Is email working?") {
                let parts = row.split(
                    separator: "|", maxSplits: 2, omittingEmptySubsequences: false
                ).map(String.init)
                switch parts[0] {
                case "message": messages[parts[2], default: []].append(parts[1])
                case "session": sessions[parts[2], default: []].append(parts[1])
                default: complaints[parts[2], default: 0] += 1
                }
            }
        }

        /// What happened more than once.
        var twice: [String] {
            messages.filter { $1.count > 1 }.map(\.key)
                + sessions.filter { $1.count > 1 }.map(\.key)
                + complaints.filter { $1 > 1 }.map(\.key)
        }

        /// What a client was told and is not so.
        func missing(_ known: LoadClient.Knowledge) -> [String] {
            var missing: [String] = []
            for (text, session) in known.messages {
                let mayBeGone = known.deleted.contains(session) || session == known.doubtful
                if !mayBeGone, messages[text] != [session] {
                    missing.append(text)
                }
                // A complaint outlives its session.
                if let colon = text.firstRange(of: "ORD-10002: "),
                    complaints[String(text[colon.upperBound...])] != 1
                {
                    missing.append("the complaint of '\(text)'")
                }
            }
            for (mark, session) in known.sessions where session != known.doubtful {
                if (sessions[mark] == nil) != known.deleted.contains(session) {
                    missing.append("the session or deletion of \(mark)")
                }
            }
            return missing
        }
    }

    /// One line for everything in the database that contradicts itself.
    private static let problems = """
        SELECT 'damaged: ' || integrity_check FROM pragma_integrity_check
        WHERE integrity_check <> 'ok'
        UNION ALL
        SELECT 'refers to nothing: ' || "table" FROM pragma_foreign_key_check
        UNION ALL
        SELECT 'pending: ' || message_id FROM messages WHERE status = 'pending'
        UNION ALL
        SELECT 'answered or failed: ' || message_id FROM messages
        WHERE content = 'Is email working?'
            AND (status, error_code) IS NOT ('interrupted', 'turn_interrupted')
        UNION ALL
        SELECT 'miscounted: ' || session_id FROM sessions s
        WHERE removing_since IS NULL AND (message_count, message_count) IS NOT (
            SELECT count(*), coalesce(max(seq), 0) FROM messages m
            WHERE m.tenant_id = s.tenant_id AND m.session_id = s.session_id)
        UNION ALL
        SELECT 'half a turn: ' || m.message_id FROM messages m LEFT JOIN messages other
            ON other.tenant_id = m.tenant_id AND other.session_id = m.session_id
            AND other.seq = m.seq + iif(m.role = 'user', 1, -1) AND other.role <> m.role
            AND other.status = 'complete'
        WHERE m.status = 'complete' AND other.message_id IS NULL
        UNION ALL
        SELECT 'calls without effects: ' || m.message_id FROM messages m
        WHERE m.role = 'assistant' AND coalesce(json_array_length(m.tool_calls), 0) <> (
            SELECT count(*) FROM tool_effects e JOIN messages question
                ON question.message_id = e.turn_id
            WHERE question.tenant_id = m.tenant_id AND question.session_id = m.session_id
                AND question.seq = m.seq - 1)
        UNION ALL
        SELECT 'not searchable: ' || message_id FROM messages
        WHERE row_no NOT IN (SELECT rowid FROM message_search)
        UNION ALL
        SELECT 'search finds nothing: ' || rowid FROM message_search
        WHERE rowid NOT IN (SELECT row_no FROM messages)
        UNION ALL
        SELECT 'count without sessions: ' || active_in FROM (
            SELECT tenant_id, active_in, sessions FROM session_counts
            EXCEPT
            SELECT tenant_id, substr(last_activity, 1, 15), count(*) FROM sessions
            WHERE removing_since IS NULL GROUP BY 1, 2)
        UNION ALL
        SELECT 'sessions without count: ' || active_in FROM (
            SELECT tenant_id, substr(last_activity, 1, 15) AS active_in, count(*) FROM sessions
            WHERE removing_since IS NULL GROUP BY 1, 2
            EXCEPT
            SELECT tenant_id, active_in, sessions FROM session_counts)
        """
}
