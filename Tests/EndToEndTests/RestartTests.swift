import JSON
import Testing

/// What a server leaves behind, and what the next one makes of it.
struct RestartTests {
    @Test(.timeLimit(.minutes(5)))
    func `what was answered is still there after kill -9`() async throws {
        let world = try World()
        let first = try await world.serve(demo: true)
        let question = try await first.say("Cancel order ORD-10004", in: "sess_kill")
        #expect(question.status == 200)
        let answer = try await first.say("yes", in: "sess_kill")
        #expect(answer["response"] == "Order ORD-10004 is cancelled.")
        await first.kill()

        let second = try await world.serve()
        let history = try await second.get("/api/v1/sessions/sess_kill/history")
        #expect(history.status == 200)
        let messages = try #require(history["messages"]?.array)
        #expect(messages.map { $0["role"] } == ["user", "assistant", "user", "assistant"])
        #expect(messages[0]["content"] == "Cancel order ORD-10004")
        #expect(messages[1]["content"] == question["response"])
        #expect(messages[3]["content"] == answer["response"])
        #expect(messages.allSatisfy { $0["status"] == "complete" })
        let order = try await world.query(
            "SELECT status, version FROM orders WHERE order_id = 'ORD-10004'")
        #expect(order == ["CANCELLED|2"])
        let effects = try await world.query(
            "SELECT tool, state FROM tool_effects ORDER BY started_at")
        #expect(effects == ["get_order|done", "update_order|done"])
        #expect(await second.stop() == .exit(0))
    }
}
