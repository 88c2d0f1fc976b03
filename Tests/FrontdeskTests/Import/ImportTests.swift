import Foundation
import JSON
import SQLite
import Synchronization
import Testing

@testable import Frontdesk

/// `frontdesk import`, as a person runs it.
@Suite struct ImportTests {
    private let terminal: Terminal

    init() throws {
        terminal = try Terminal()
    }

    /// Imports a text and returns what came of it.
    private func run(
        _ kind: String, _ text: String, _ options: String...
    ) async throws -> Terminal.Outcome {
        let file = try terminal.write(text, to: "\(kind).csv")
        return await terminal.run(["import", kind, file] + options)
    }

    /// The rows of a query, joined by "|".
    private func rows(_ sql: String) async throws -> [String] {
        var found: [String] = []
        try await terminal.withDatabase { database in
            found = try database.read { connection in
                try connection.all(SQL(stringLiteral: sql)) { row in
                    try (0..<row.count).map { try row.textOrNil($0) ?? "∅" }
                        .joined(separator: "|")
                }
            }
        }
        return found
    }

    private let customers = """
        first_name,email,last_name,phone,customer_id
        Zoë,ZOE@example.com,"O'Neil, Jr.",+1 555 0100,c1
        Al,al@example.com,B,,
        """

    private let tickets = """
        ticket_number,ticket_type,original_price,event_date,event_time,customer_id,customer_email,\
        metadata,status,ticket_id
        aaa-1,General,50,2027-01-09,19:00,c1,,"{""seat"": ""A1""}",,t1
        aaa-2,vip,100.5,2027-01-10T18:30:00Z,,,Zoe@Example.com,,used,
        """

    @Test func `customers and tickets are added as the rules say`() async throws {
        let first = try await run("customers", customers)
        #expect(first == Terminal.Outcome(code: 0, output: "added: 2\nupdated: 0\nskipped: 0\n"))
        let second = try await run("tickets", tickets, "--json")
        #expect(
            try JSONValue(parsing: second.output)
                == ["dry_run": false, "added": 2, "updated": 0, "skipped": 0])
        let people = "SELECT first_name, last_name, email, phone FROM customers ORDER BY email DESC"
        #expect(
            try await rows(people) == [
                "Zoë|O'Neil, Jr.|zoe@example.com|+15550100", "Al|B|al@example.com|∅",
            ])
        let columns = """
            SELECT ticket_number, ticket_type, CAST(original_cents AS TEXT), event_date, event_time,
                customer_id, metadata, status, currency FROM tickets ORDER BY 1
            """
        #expect(
            try await rows(columns) == [
                #"AAA-1|general|5000|2027-01-09|19:00|c1|{"seat":"A1"}|active|USD"#,
                "AAA-2|vip|10050|2027-01-10|18:30|c1|{}|used|USD",
            ])
        let ids = "SELECT ticket_id FROM tickets WHERE ticket_number = 'AAA-2'"
        #expect(try await rows(ids).first?.hasPrefix("tkt_") == true)
    }

    @Test func `what exists is skipped, or overwritten on demand`() async throws {
        _ = try await run("customers", customers)
        _ = try await run("tickets", tickets)
        let again = try await run("tickets", tickets)
        #expect(again.output == "added: 0\nupdated: 0\nskipped: 2\n")
        let changed = """
            ticket_id,ticket_number,ticket_type,original_price,event_date,customer_id
            t1,BBB-1,premium,1,2027-02-01,c1
            ,aaa-2,premium,2,2027-02-02,c1
            ,ccc-3,premium,3,2027-02-03,c1
            """
        let dry = try await run("tickets", changed, "--update", "--dry-run")
        #expect(dry.output == "would be added: 1\nwould be updated: 2\nwould be skipped: 0\n")
        #expect(
            try await rows("SELECT ticket_number FROM tickets ORDER BY 1") == ["AAA-1", "AAA-2"])
        let real = try await run("tickets", changed, "--update")
        #expect(real.output == "added: 1\nupdated: 2\nskipped: 0\n")
        let left = "SELECT ticket_number, event_time, metadata, status FROM tickets ORDER BY 1"
        // What has no column keeps its value.
        #expect(
            try await rows(left) == [
                "AAA-2|18:30|{}|used", #"BBB-1|19:00|{"seat":"A1"}|active"#, "CCC-3|∅|{}|active",
            ])
        let people = try await run(
            "customers", "email,first_name,last_name\nzoe@example.com,New,Name\n", "--update")
        #expect(people.output == "added: 0\nupdated: 1\nskipped: 0\n")
        #expect(
            try await rows("SELECT first_name, phone FROM customers WHERE customer_id = 'c1'")
                == ["New|+15550100"])
    }

    @Test func `a tenant gets its own rows`() async throws {
        let outcome = try await run("customers", customers, "--tenant", "acme")
        #expect(outcome.code == 0)
        #expect(
            try await rows("SELECT DISTINCT tenant_id FROM customers") == ["acme"])
        let missing = try await run("tickets", tickets)
        #expect(missing.code == 1)
        #expect(missing.notes.contains("line 2 names no customer 'c1'"))
        #expect(try await run("tickets", tickets, "--tenant=acme").code == 0)
    }

    @Test func `nothing is imported when a line is bad, and every bad line is named`() async throws
    {
        _ = try await run("customers", customers)
        let text = """
            ticket_number,ticket_type,original_price,event_date,customer_id,customer_email
            GOOD-1,vip,100,2027-01-09,c1,
            BAD_1,gold,1e9,2027-02-29,c1,
            GOOD-2,vip,100

            GOOD-3,vip,"1"00,2027-01-09,c1,
            GOOD-4,vip,100,2027-01-09,,
            good-1,vip,100,2027-01-09,c1,
            """
        let outcome = try await run("tickets", text)
        #expect(outcome.code == 1)
        #expect(outcome.output == "")
        #expect(
            outcome.notes == """
                line 3 'ticket_number' must be 5 to 50 letters A-Z, digits and hyphens; \
                'ticket_type' must be 'general', 'standard', 'vip' or 'premium'; \
                'original_price' must be a number from 0 to 10000 with at most two decimals; \
                'event_date' must be a day like '2026-12-24' from 2000 to 2100
                line 4 has 3 fields, the header 6
                line 6 holds text behind a closing quote
                line 7 'customer_id' or 'customer_email' is required
                line 8 repeats the number 'GOOD-1' of line 2
                frontdesk: nothing was imported from '\(terminal.file("tickets.csv"))': 5 problems

                """)
        let second = """
            ticket_number,ticket_type,original_price,event_date,customer_id,customer_email
            GOOD-1,vip,100,2027-01-09,c1,
            GOOD-2,vip,100,2027-01-09,c9,
            good-1,vip,100,2027-01-09,c1,
            GOOD-5,vip,100,2027-01-09,c1,al@example.com
            GOOD-6,vip,100,2027-01-09,,nobody@example.com
            """
        let found = try await run("tickets", second)
        #expect(
            found.notes.split(separator: "\n").dropLast() == [
                "line 3 names no customer 'c9'", "line 4 repeats the number 'GOOD-1' of line 2",
                "line 5 names two customers", "line 6 names no customer 'nobody@example.com'",
            ])
        #expect(try await rows("SELECT ticket_id FROM tickets") == [])
    }

    @Test(arguments: [
        ("", "line 1 must hold the names of columns"),
        ("email,first_name\n", "line 1 lacks the column 'last_name'"),
        (
            "email,first_name,last_name,fone\n",
            "line 1 names the unknown column 'fone'; did you mean 'phone'?"
        ),
        ("email,first_name,last_name,email\n", "line 1 names column 'email' twice"),
        (
            "email,first_name,last_name\na@b.example,A,B\nA@b.example,C,D\n",
            "line 3 repeats the e-mail address 'a@b.example' of line 2"
        ),
        (
            "email,first_name,last_name,auth_subject\nx@b.example,A,B,s\ny@b.example,C,D,s\n",
            "line 3 holds the auth_subject of customer '"
        ),
    ])
    func `a file of customers that cannot be used is refused`(_ text: String, _ note: String)
        async throws
    {
        let outcome = try await run("customers", text)
        #expect(outcome.code == 1)
        #expect(outcome.notes.hasPrefix(note), "\(outcome.notes)")
        #expect(try await rows("SELECT email FROM customers") == [])
    }

    @Test func `an update never takes another record's key nor an upgraded ticket`() async throws {
        _ = try await run("customers", customers)
        _ = try await run("tickets", tickets)
        let moved = try await run(
            "customers", "customer_id,email,first_name,last_name\nc1,al@example.com,A,B\n",
            "--update")
        #expect(moved.code == 1)
        #expect(moved.notes.hasPrefix("line 2 holds the e-mail address of customer '"))
        let header = "ticket_id,ticket_number,ticket_type,original_price,event_date,customer_id\n"
        let taken = try await run(
            "tickets", header + "t1,AAA-2,vip,1,2027-01-09,c1\n", "--update")
        #expect(taken.notes.hasPrefix("line 2 holds the number of ticket 'tkt_"))
        try await terminal.withDatabase { database in
            _ = try await database.write {
                try $0.execute(
                    "UPDATE tickets SET status = 'upgraded', upgrade_tier = 'standard' "
                        + "WHERE tenant_id = 'default' AND ticket_id = 't1'")
            }
        }
        let line = header + "t1,AAA-1,vip,1,2027-01-09,c1\n"
        let upgraded = try await run("tickets", line, "--update")
        #expect(upgraded.notes.hasPrefix("line 2 is about a ticket that is upgraded\n"))
        #expect(try await run("tickets", line).output == "added: 0\nupdated: 0\nskipped: 1\n")
    }

    @Test(arguments: [
        [], ["customers"], ["orders", "x.csv"], ["customers", "x.csv", "--tenant", "a b"],
    ])
    func `a command that makes no sense is refused`(_ words: [String]) async {
        #expect(await terminal.run(["import"] + words).code == 2)
    }

    @Test func `a file that is missing is named`() async {
        let outcome = await terminal.run("import", "tickets", terminal.file("none.csv"))
        #expect(outcome.code == 1)
        #expect(outcome.notes.contains("none.csv' cannot be read"))
    }

    /// A hundred thousand tickets of customer `c1`.
    private static let bulk: String = {
        var text = "ticket_number,ticket_type,original_price,event_date,customer_id\n"
        text.reserveCapacity(5_000_000)
        for number in 1...100_000 { text += "BULK-\(number),general,50,2027-01-09,c1\n" }
        return text
    }()

    @Test func `a hundred thousand tickets are added beside a running server`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        let file = try terminal.write(Self.bulk, to: "bulk.csv")
        let shown = Mutex<[String]>([])
        let outcome = await terminal.run(
            ["import", "tickets", file],
            environment: ["FRONTDESK_DATABASE_PATH": service.app.database.path],
            progress: { line in shown.withLock { $0.append(line) } })
        #expect(outcome == .init(code: 0, output: "added: 100000\nupdated: 0\nskipped: 0\n"))
        // A line that is written over as it goes, and taken away in the end.
        #expect(shown.withLock { $0.contains("50000 rows") && $0.last == "" })
        let page = try await service.get("/customers/c1/tickets?limit=1")
        #expect(page["data"]?["total"] == 100_000)
        try await service.enterTicket("AAA-1", of: "c1")
    }

    @Test func `one bad line of a hundred thousand keeps all out`() async throws {
        let service = try await Service.december()
        try await service.enterCustomer("c1")
        let bad = Self.bulk.replacing("BULK-60000,general", with: "BULK-60000,gold")
        let file = try terminal.write(bad, to: "bulk.csv")
        let outcome = await terminal.run(
            ["import", "tickets", file],
            environment: ["FRONTDESK_DATABASE_PATH": service.app.database.path])
        #expect(outcome.code == 1)
        #expect(outcome.notes.hasPrefix("line 60001 "), "\(outcome.notes.prefix(200))")
        #expect(outcome.notes.hasSuffix(": 1 problem\n"))
        #expect(try service.rows("SELECT count(*) FROM tickets") == ["0"])
    }
}
