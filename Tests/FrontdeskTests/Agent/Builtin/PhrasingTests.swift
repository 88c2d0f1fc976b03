import Foundation
import JSON
import Testing

@testable import Frontdesk

/// Ways of speaking beyond the dialogue table, over the real tools and the demo data.
@Suite struct PhrasingTests {
    @Test(arguments: Phrasing.all)
    func `a customer is understood in other words`(_ phrasing: Phrasing) async throws {
        let conversation = try await Conversation()
        var said = try await conversation.say(phrasing.messages[0])
        for message in phrasing.messages.dropFirst() {
            #expect(conversation.evidence.inventions(in: said.reply) == [])
            said = try await conversation.say(message)
        }
        #expect(said.calls.map(\.summary) == phrasing.calls, "\(said.reply)")
        #expect(said.reply.localizedCaseInsensitiveContains(phrasing.gist), "\(said.reply)")
        #expect(conversation.evidence.inventions(in: said.reply) == [], "\(said.reply)")
    }
}

extension Conversation.Call {
    /// The tool and its arguments' values: `search_orders ORD-10001`.
    var summary: String {
        let values = arguments.object?.members.map { $0.value.string ?? $0.value.text } ?? []
        return ([tool] + values).joined(separator: " ")
    }
}

/// What a customer says, which calls the last message leads to, and what the reply to it holds.
struct Phrasing: Sendable, CustomTestStringConvertible {
    let messages: [String]
    let calls: [String]
    let gist: String

    /// Messages are split by " → ", calls by "; ".
    init(_ messages: String, _ calls: String, _ gist: String) {
        self.messages = messages.components(separatedBy: " → ")
        self.calls = calls.isEmpty ? [] : calls.components(separatedBy: "; ")
        self.gist = gist
    }

    var testDescription: String { messages.joined(separator: " → ") }

    static let all = orders + searches + changes + complaints + emails + small
}
