import Foundation
import JSON
import Testing

@testable import Frontdesk

/// Every row of the dialogue table (conversations.md, section 5.1), in order.
@Suite struct DialogueTableTests {
    @Test(arguments: DialogueTable.rows)
    func `a row of the table runs as written`(_ row: DialogueTable.Row) async throws {
        let conversation = try await Conversation(
            BuiltinAgent(ticketTools: row.ticketTools), email: row.email)
        for (number, step) in row.steps.enumerated() {
            let said = try await conversation.say(step.message)
            let place = "row \(row.number), message \(number + 1): \(said.reply)"
            #expect(said.calls == step.calls, "\(place)")
            if let exact = step.exact { #expect(said.reply == exact, "\(place)") }
            for gist in step.holds {
                #expect(said.reply.localizedCaseInsensitiveContains(gist), "\(place) lacks \(gist)")
            }
            for gist in step.lacks {
                #expect(!said.reply.localizedCaseInsensitiveContains(gist), "\(place) has \(gist)")
            }
            #expect(conversation.evidence.inventions(in: said.reply) == [], "\(place)")
        }
        for (query, expected) in row.rows {
            #expect(try conversation.rows(query) == expected, "row \(row.number)")
        }
    }

    @Test func `no row of the table is missing`() {
        #expect(Set(DialogueTable.rows.flatMap(\.covers)) == Set(1...36))
    }

    @Test func `a number that nobody said would be noticed`() {
        var evidence = Evidence()
        evidence.hear("ORD-10001?", [["order_amount": 49.98, "order_date": "2026-02-15"]])
        #expect(evidence.inventions(in: "ORD-10001, $49.98, February 15, 2026") == [])
        #expect(
            evidence.inventions(in: "ORD-10002, $49.99, February 16, 2026")
                == ["ORD-10002", "February 16, 2026", "$49.99"])
    }
}
