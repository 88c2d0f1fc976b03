import HTTP
import JSON
import Testing

@testable import Frontdesk

/// What a turn leaves behind.
@Suite struct StoredTurnTests {
    @Test func `message and reply are stored side by side`() async throws {
        let service = try await Service()
        let answer = try await service.post(
            "/agent/messages",
            ["session_id": "s", "message": "Status of ORD-10001", "tenant_id": "default"],
            headers: ["X-Request-ID": "req-1"])
        let reply = try #require(answer["response"]?.string)
        #expect(
            try service.rows(
                """
                SELECT seq, role, author, content, request_id, status, error_code, tool_calls
                FROM messages ORDER BY seq
                """) == [
                    "1|user|customer|Status of ORD-10001|req-1|complete|∅|∅",
                    "2|assistant|builtin|\(reply)|req-1|complete|∅|[\"search_orders\"]",
                ])
        #expect(
            try service.rows("SELECT created_at FROM messages WHERE seq = 2")
                == [answer["timestamp"]?.string])
        #expect(
            try service.rows(
                """
                SELECT message_count, last_activity, request_id, metadata FROM sessions
                """) == ["2|\(answer["timestamp"]?.string ?? "")|req-1|{}"])
        #expect(try service.miscounts() == [])
    }

    @Test func `the answer tells what the turn used`() async throws {
        let service = try await Service()
        let answer = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "Where is ORD-10001?"],
            headers: ["X-Request-ID": "req-1"])
        #expect(answer["status"] == "success")
        #expect(answer["session_id"] == "s")
        let metadata = answer["metadata"]
        #expect(
            metadata?.object?.keys == ["request_id", "tool_calls", "processing_time_ms", "agent"])
        #expect(metadata?["request_id"] == "req-1")
        #expect(metadata?["tool_calls"] == ["track_order"])
        #expect(metadata?["agent"] == "builtin")
        let quiet = try await service.say("Hi")
        #expect(quiet["metadata"]?["tool_calls"] == [])
    }

    @Test func `each tool call is recorded with its arguments and result`() async throws {
        let service = try await Service()
        _ = try await service.post(
            "/agent/messages", ["session_id": "s", "message": "ORD-10001 and ORD-10003?"],
            headers: ["X-Request-ID": "req-1"])
        #expect(
            try service.rows(
                """
                SELECT effect.call_no, effect.tool, effect.server, effect.arguments, effect.state,
                       json_extract(effect.result, '$.status'), effect.request_id, message.seq
                FROM tool_effects effect JOIN messages message
                  ON message.message_id = effect.turn_id
                ORDER BY effect.call_no
                """) == [
                    #"1|search_orders|local|{"order_id":"ORD-10001"}|done|success|req-1|1"#,
                    #"2|search_orders|local|{"order_id":"ORD-10003"}|done|success|req-1|1"#,
                ])
        let history = try await service.get("/api/v1/sessions/s/history")
        #expect(
            history["messages"]?[1]?["tool_calls"] == ["search_orders", "search_orders"])
    }

    @Test func `a tool that fails does not fail its turn`() async throws {
        let service = try await Service()
        let answer = try await service.say("Resolve complaint 3")
        #expect(answer.status == 200)
        #expect(
            try service.rows(
                """
                SELECT state, json_extract(result, '$.error_type') FROM tool_effects
                WHERE tool = 'resolve_complaint'
                """) == ["failed|AlreadyResolved"])
        #expect(try service.rows("SELECT status FROM messages") == ["complete", "complete"])
    }

    @Test func `a message is stored as sent`() async throws {
        let service = try await Service()
        let message = "  Grüße \t\"quoted\"\r\n\u{1F9E6}\u{200D} e\u{301} \u{1}\\ </script>\n"
        #expect(try await service.say(message).status == 200)
        let history = try await service.get("/api/v1/sessions/sess_test/history")
        let content = try #require(history["messages"]?[0]?["content"]?.string)
        #expect(Array(content.utf8) == Array(message.utf8))
    }

    @Test func `an open question is remembered with the reply, and then forgotten`() async throws {
        let service = try await Service()
        _ = try await service.say("I want to place an order")
        #expect(try service.rows("SELECT agent_state IS NULL FROM sessions") == ["0"])
        _ = try await service.say("never mind")
        #expect(try service.rows("SELECT agent_state IS NULL FROM sessions") == ["1"])
    }

    @Test func `an order is on disk with the reply that tells of it`() async throws {
        let service = try await Service()
        _ = try await service.say(
            "Order 2 of SKU-MOUSE-002 for Anna Berg, $49.98, to 5 Elm Road, Leeds")
        #expect(try service.rows("SELECT count(*) FROM orders WHERE number > 10020") == ["0"])
        let answer = try await service.say("yes")
        #expect(answer["response"]?.string?.contains("ORD-10021") == true)
        let requestID = answer.header("X-Request-ID") ?? ""
        #expect(
            try service.rows(
                """
                SELECT order_id, customer_name, amount_cents, session_id, request_id FROM orders
                WHERE number > 10020
                """) == ["ORD-10021|Anna Berg|4998|sess_test|\(requestID)"])
    }

    @Test func `a refused message leaves nothing`() async throws {
        let service = try await Service()
        let refused = [
            try await service.say("   \n", in: "s"), try await service.say("Hi", in: "a b"),
            try await service.say("a\u{0}b", in: "s"),
        ]
        #expect(refused.map(\.status) == [400, 400, 400])
        #expect(try service.rows("SELECT count(*) FROM sessions") == ["0"])
    }

    @Test func `fifty turns number their messages without a gap`() async throws {
        let service = try await Service()
        for _ in 1...50 { _ = try await service.say("Hi") }
        #expect(
            try service.rows("SELECT seq FROM messages ORDER BY seq") == (1...100).map { "\($0)" })
    }
}
