import JSON
import Testing

@testable import Frontdesk

/// Wishes that replace an open question.
@Suite struct NewWishTests {
    @Test(
        arguments: [
            ["I want to complain about ORD-10002"], ["I have a complaint"], ["Status of ORD-99999"],
            ["cancel my order"], ["Orders of Nobody Known"],
            ["I want to place an order", "SKU-DESK-003"],
            ["Order 2 of SKU-MOUSE-002 for Anna Berg, $49.98, to 5 Elm Road, Leeds"],
            ["Resolve a complaint"],
        ], ["What's the status of complaint 3?", "status of complaint 3"])
    func `the status of a complaint is told whatever is open`(
        _ before: [String], _ question: String
    ) async throws {
        let conversation = try await Conversation()
        for message in before { try await conversation.say(message) }
        let said = try await conversation.say(question)
        #expect(
            said.calls
                == [Conversation.Call(tool: "get_complaint", arguments: ["complaint_id": 3])])
        #expect(said.reply.contains("Wrong item received"))
    }

    @Test func `an answer that speaks of complaints stays an answer`() async throws {
        let conversation = try await Conversation()
        try await conversation.say("Resolve a complaint")
        let resolved = try await conversation.say("complaint 4")
        #expect(resolved.calls.map(\.tool) == ["resolve_complaint"])
        try await conversation.say("I want to complain about ORD-10002")
        let said = try await conversation.say("My complaint is that 3 keys are missing")
        #expect(said.calls.map(\.tool) == ["register_complaint"])
    }
}
