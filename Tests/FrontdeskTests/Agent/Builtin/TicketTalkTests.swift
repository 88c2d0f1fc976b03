import JSON
import Testing

@testable import Frontdesk

/// The ticket dialogues of tickets.md, section 9, over real tools and the demo of 2026-02-20.
@Suite struct TicketTalkTests {
    private let service: Service

    init() async throws {
        service = try await Service { $0.agent.ticketTools = true }
    }

    /// Says something and returns the reply with the tools that were called for it.
    private func say(_ message: String) async throws -> (reply: String, tools: [String]) {
        let answer = try await service.say(message)
        let tools = answer["metadata"]?["tool_calls"]?.array?.compactMap(\.string) ?? []
        return (answer["response"]?.string ?? "\(answer.body)", tools)
    }

    /// The arguments of the newest call of a tool.
    private func arguments(_ tool: String) throws -> JSONValue {
        let rows = try service.rows(
            "SELECT arguments FROM tool_effects WHERE tenant_id = 'default' AND tool = '\(tool)' "
                + "ORDER BY started_at DESC, call_no DESC LIMIT 1")
        return try JSONValue(parsing: rows.first ?? "null")
    }

    @Test func `a ticket that cannot be upgraded is refused with every reason`() async throws {
        let premium = try await say("Can I upgrade ticket DEMO-2002?")
        #expect(premium.tools == ["validate_ticket_eligibility"])
        #expect(
            premium.reply == "Ticket DEMO-2002 can't be upgraded. "
                + "There is no upgrade for a premium ticket.")
        let used = try await say("Can I upgrade demo-3002?")
        #expect(used.reply.contains("Ticket DEMO-3002 has been used."))
        #expect(used.reply.contains("too soon"))
    }

    @Test func `a price on a day is told with the new total and whether it can be had`()
        async throws
    {
        let said = try await say("What would double fun cost for DEMO-1001 on 23 December?")
        #expect(said.tools == ["calculate_upgrade_pricing"])
        #expect(
            try arguments("calculate_upgrade_pricing") == [
                "ticket_id": "DEMO-1001", "upgrade_tier": "double-fun",
                "event_date": "2026-12-23",
            ])
        #expect(
            said.reply == "The Double Fun Package for ticket DEMO-1001 costs $112.50 on "
                + "December 23, 2026. The ticket is then worth $162.50. That day is available. "
                + "Would you like me to reserve it?")
    }

    @Test func `the cheapest days are told, and the offer stands`() async throws {
        _ = try await say("What would double fun cost for DEMO-1001 on 23 December?")
        let cheapest = try await say("When is it cheapest?")
        #expect(cheapest.tools == ["get_upgrade_calendar"])
        #expect(try arguments("get_upgrade_calendar") == ["ticket_id": "DEMO-1001"])
        #expect(
            cheapest.reply == """
                In the next 30 days an upgrade of ticket DEMO-1001 is cheapest:
                - standard: $22.50 on February 24, 2026
                - non-stop: $45.00 on February 24, 2026
                - double-fun: $67.50 on February 24, 2026
                Shall I reserve the one I told you?
                """)
        let asked = try await say("Book it")
        #expect(asked.tools == ["validate_ticket_eligibility"])
        #expect(
            asked.reply == "Ticket DEMO-1001, double-fun on December 23, 2026 for $112.50.\n"
                + "Shall I reserve it? (yes/no)")
        let declined = try await say("no")
        #expect(declined.tools == [])
        #expect(declined.reply == "All right, nothing was booked.")
    }

    @Test func `a yes places the order with the quote`() async throws {
        _ = try await say("What would double fun cost for DEMO-1001 on 23 December?")
        _ = try await say("Book it")
        let booked = try await say("yes")
        #expect(booked.tools == ["create_upgrade_order"])
        let row = try service.rows(
            """
            SELECT order_id, confirmation_code, quote_id FROM ticket_orders
            WHERE tenant_id = 'default' AND status = 'pending'
            """)
        let parts = try #require(row.first?.split(separator: "|").map(String.init))
        #expect(booked.reply.contains("order \(parts[0])"))
        #expect(booked.reply.contains("confirmation code \(parts[1])"))
        #expect(booked.reply.contains("pay within 24 hours"))
        #expect(
            try arguments("create_upgrade_order") == [
                "ticket_id": "DEMO-1001", "upgrade_tier": "double-fun",
                "event_date": "2026-12-23", "quote_id": .string(parts[2]),
                "customer_id": "cus_demo0000000000000001",
            ])
        let again = try await say("Can I upgrade ticket DEMO-1001?")
        #expect(again.reply.contains("Order \(parts[0]) for ticket DEMO-1001 is still open."))
    }

    @Test func `a price that is no longer held is asked for again`() async throws {
        _ = try await say("What would double fun cost for DEMO-1001 on 23 December?")
        _ = try await say("Book it")
        service.clock.advance(seconds: 16 * 60)
        let late = try await say("yes")
        #expect(late.tools == ["create_upgrade_order", "calculate_upgrade_pricing"])
        #expect(late.reply.contains("$112.50 on December 23, 2026"))
        #expect(late.reply.hasSuffix("Would you like me to reserve it?"))
        _ = try await say("yes")
        #expect(try await say("yes").tools == ["create_upgrade_order"])
    }

    @Test func `another day is priced anew before it is booked`() async throws {
        _ = try await say("What would double fun cost for DEMO-1001 on 23 December?")
        let other = try await say("Book it on February 24")
        #expect(other.tools == ["calculate_upgrade_pricing"])
        #expect(try arguments("calculate_upgrade_pricing")["event_date"] == "2026-02-24")
        #expect(other.reply.contains("$67.50 on February 24, 2026"))
    }

    @Test func `a closed day is refused and another one asked for`() async throws {
        let closed = try await say("How much is non-stop for DEMO-1001 on the 15th of March 2026?")
        #expect(closed.reply.contains("That day is not available."))
        #expect(closed.reply.hasSuffix("Which other day would you like?"))
        let open = try await say("March 17")
        #expect(open.tools == ["calculate_upgrade_pricing"])
        #expect(open.reply.contains("$45.00 on March 17, 2026"))
    }

    @Test func `a day that cannot be told is asked for, not left out`() async throws {
        let vague = try await say("What would double fun cost for DEMO-1001 next weekend?")
        #expect(vague.tools == [])
        #expect(vague.reply.hasPrefix("I need a day such as December 23."))
        let clear = try await say("on 12/23")
        #expect(clear.tools == ["calculate_upgrade_pricing"])
        #expect(clear.reply.contains("$112.50 on December 23, 2026"))
        let other = try await say("book it next week")
        #expect(other.tools == [])
        #expect(other.reply.hasPrefix("I need a day such as December 23."))
        let near = try await say("What would double fun cost for DEMO-1001 tomorrow?")
        #expect(near.reply.contains("on February 21, 2026"))
    }

    @Test func `the word standard is the tier where a ticket is named`() async throws {
        let said = try await say("What would standard cost for DEMO-5001?")
        #expect(said.tools == ["calculate_upgrade_pricing"])
        #expect(
            try arguments("calculate_upgrade_pricing")
                == ["ticket_id": "DEMO-5001", "upgrade_tier": "standard"])
    }

    @Test(arguments: ["DEMO-9999", "demo\u{2011}9999"])
    func `a ticket that is not there is told in plain words`(_ number: String) async throws {
        let said = try await say("Can I upgrade ticket \(number)?")
        #expect(said.tools == ["validate_ticket_eligibility"])
        #expect(
            said.reply == "I couldn't find a ticket with the number DEMO-9999. "
                + "Please check the number and try again.")
    }

    @Test func `the time to pay is the one that is set`() async throws {
        let service = try await Service {
            $0.agent.ticketTools = true
            $0.tickets.orderHours = 1
        }
        for message in ["What would double fun cost for DEMO-1001 on 23 December?", "Book it"] {
            _ = try await service.say(message)
        }
        let booked = try await service.say("yes")
        #expect(booked["response"]?.string?.hasSuffix("please pay within one hour.") == true)
    }

    @Test func `a question without a ticket asks for its number`() async throws {
        let asked = try await say("When is the cheapest day to upgrade my ticket?")
        #expect(asked.tools == [])
        #expect(asked.reply.contains("ticket number"))
        let told = try await say("DEMO-2001")
        #expect(told.tools == ["get_upgrade_calendar"])
        #expect(told.reply.contains("double-fun: $22.50 on February 24, 2026"))
        let refused = try await say("When is it cheapest to upgrade DEMO-3001?")
        #expect(refused.tools == [] || refused.reply.contains("can't be upgraded"))
    }

    @Test(
        arguments: [
            ("on 2026-12-23", "2026-12-23"), ("on 23 December", "2026-12-23"),
            ("on December 23rd", "2026-12-23"), ("on the 23rd of December", "2026-12-23"),
            ("Dec 23, 2027", "2027-12-23"), ("on 1 February", "2027-02-01"),
            ("on 20 February", "2026-02-20"), ("on 19 Feb", "2027-02-19"),
            ("29 February", "2028-02-29"), ("May 3", "2026-05-03"), ("may I have one", nil),
            ("no day at all", nil), ("2 tickets", nil), ("tomorrow", "2026-02-21"),
            ("the day after tomorrow?", "2026-02-22"), ("tomorrow's show", "2026-02-21"),
            ("for today", "2026-02-20"), ("right now, today", nil), ("next Friday", "2026-02-27"),
            ("on saturday", "2026-02-21"), ("on Fri", "2026-02-27"), ("it sat there", nil),
            ("Friday, December 25", "2026-12-25"), ("on the 25th", "2026-02-25"),
            ("Thursday the 19th", "2026-03-19"), ("the 2nd one", nil), ("in 3 days", "2026-02-23"),
            ("in 2 weeks", "2026-03-06"), ("which days are there", nil), ("on 12/23", "2026-12-23"),
            ("(12/23/2027)", "2027-12-23"), ("on 23/12/26.", "2026-12-23"), ("5/5", "2026-05-05"),
            ("on 23.12.2026", "2026-12-23"), ("on 23.12.", "2026-12-23"), ("costs 23.12", nil),
            ("23-12-2026", "2026-12-23"), ("2026/12/23", "2026-12-23"), ("$23.12", nil),
        ] as [(String, String?)])
    func `a day is read as people write it`(_ text: String, _ day: String?) throws {
        let today = try #require(CalendarDay(parsing: "2026-02-20"))
        let reading = Utterance(text, today: today).day
        switch reading {
        case .value(let value): #expect(value.string == day, "\(text)")
        case .absent: #expect(day == nil, "\(text)")
        case .bad(let sentence): Issue.record("\(text): \(sentence)")
        }
    }

    @Test(
        arguments: [
            "2026-02-30", "31 April", "February 29, 2027", "31.02.2026", "13/13/2026", "on 5/6",
            "next weekend", "next week", "this month", "in March", "at Christmas",
        ])
    func `a day that does not exist or cannot be told is said to be none`(
        _ text: String
    ) throws {
        guard case .bad = Utterance(text, today: CalendarDay(daysSince1970: 20_000)).day else {
            Issue.record("\(text) is read as a day")
            return
        }
    }
}
