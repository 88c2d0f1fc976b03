import JSON
import Testing

@testable import Frontdesk

/// Rows 32 and 33 of the dialogue table with ticket tools on, over results as specified.
@Suite struct TicketDialogueTests {
    private static func result(of tool: String) -> JSONValue {
        switch tool {
        case "validate_ticket_eligibility":
            [
                "status": "success", "eligible": true, "reasons": [],
                "ticket": [
                    "ticket_id": "tkt_1", "customer_id": "cus_1", "event_date": "2027-01-06",
                ],
            ]
        case "get_upgrade_tier_comparison":
            [
                "status": "success", "event_date": "2027-01-06", "currency": "USD",
                "tiers": [
                    [
                        "tier": "standard", "name": "Standard Upgrade", "available": true,
                        "upgrade_price": 22.5,
                    ],
                    [
                        "tier": "non-stop", "name": "Non-Stop Experience", "available": true,
                        "upgrade_price": 45,
                    ],
                    [
                        "tier": "double-fun", "name": "Double Fun Package", "available": false,
                        "upgrade_price": 67.5,
                    ],
                ],
            ]
        case "calculate_upgrade_pricing":
            [
                "status": "success", "upgrade_tier": "non-stop", "upgrade_price": 45,
                "tier_name": "Non-Stop Experience", "event_date": "2027-01-06", "currency": "USD",
                "eligible": true, "reasons": [], "quote_id": "quo_1",
            ]
        default:
            [
                "status": "success",
                "order": [
                    "order_id": "ord_1", "confirmation_code": "CONFK7QX2MPA",
                    "created_at": "2026-12-11T10:30:00.000000Z",
                    "expires_at": "2026-12-12T10:30:00.000000Z",
                ],
            ]
        }
    }

    private func talk(
        _ messages: [String],
        _ result: @escaping (String) -> JSONValue = TicketDialogueTests.result
    ) async throws -> (replies: [String], calls: [String]) {
        var replies: [String] = []
        var calls: [String] = []
        var state: JSONValue?
        for message in messages {
            let reply = try await BuiltinAgent(ticketTools: true).respond(
                to: message, state: state
            ) { tool, arguments in
                calls.append("\(tool) \(arguments)")
                return result(tool)
            }
            replies.append(reply.text)
            state = reply.state
        }
        return (replies, calls)
    }

    @Test func `the tiers of a ticket are listed with their prices`() async throws {
        let talk = try await talk(["Can I upgrade my ticket?", "DEMO-1001", "non-stop"])
        #expect(
            talk.calls == [
                #"validate_ticket_eligibility {"ticket_id":"DEMO-1001"}"#,
                #"get_upgrade_tier_comparison {"ticket_id":"DEMO-1001"}"#,
                #"calculate_upgrade_pricing {"ticket_id":"DEMO-1001","upgrade_tier":"non-stop"}"#,
            ])
        #expect(talk.replies[0].contains("ticket number"))
        #expect(
            talk.replies[1] == """
                Ticket DEMO-1001 can be upgraded on January 6, 2027:
                - Standard Upgrade: $22.50
                - Non-Stop Experience: $45.00
                Which one would you like?
                """)
        #expect(talk.replies[2].contains("$45.00 on January 6, 2027"))
    }

    @Test func `an upgrade is priced, ordered and confirmed`() async throws {
        let talk = try await talk(["What does non-stop cost for DEMO-1001?", "order it", "yes"])
        #expect(
            talk.calls == [
                #"calculate_upgrade_pricing {"ticket_id":"DEMO-1001","upgrade_tier":"non-stop"}"#,
                #"validate_ticket_eligibility {"ticket_id":"DEMO-1001","upgrade_tier":"non-stop","#
                    + #""event_date":"2027-01-06"}"#,
                #"create_upgrade_order {"ticket_id":"DEMO-1001","upgrade_tier":"non-stop","#
                    + #""event_date":"2027-01-06","quote_id":"quo_1","customer_id":"cus_1"}"#,
            ])
        #expect(talk.replies[1].contains("DEMO-1001, non-stop on January 6, 2027 for $45.00"))
        #expect(talk.replies[2].contains("CONFK7QX2MPA"))
        #expect(talk.replies[2].contains("pay within 24 hours"))
    }

    @Test func `nothing is booked on no`() async throws {
        let talk = try await talk(["What does non-stop cost for DEMO-1001?", "order it", "no"])
        #expect(talk.calls.count == 2)
        #expect(talk.replies[2] == "All right, nothing was booked.")
    }

    @Test func `a ticket that cannot be upgraded is refused with every reason`() async throws {
        let talk = try await talk(["Can I upgrade ticket DEMO-3001?"]) { _ in
            [
                "status": "success", "eligible": false, "ticket": [],
                "reasons": [
                    ["code": "ticket_not_active", "message": "The ticket has expired."],
                    ["code": "event_too_soon", "message": "The event is too soon."],
                ],
            ]
        }
        #expect(talk.calls.count == 1)
        #expect(
            talk.replies == [
                "Ticket DEMO-3001 can't be upgraded. The ticket has expired. The event is too soon."
            ])
    }

    @Test func `an expired quote is priced again`() async throws {
        let talk = try await talk(["what does non-stop cost for DEMO-1001?", "book it", "yes"]) {
            tool in
            tool == "create_upgrade_order"
                ? [
                    "status": "error", "error_type": "QuoteExpired",
                    "error": "The price is no longer held.",
                ] : TicketDialogueTests.result(of: tool)
        }
        #expect(talk.calls.last?.hasPrefix("calculate_upgrade_pricing") == true)
        #expect(talk.replies[2].hasPrefix("The price is no longer held. "))
        #expect(talk.replies[2].contains("$45.00"))
    }
}
