import JSON
import SQLite
import Testing

@testable import Frontdesk

@Suite struct ComplaintToolsTests {
    @Test func `a complaint is numbered, stored and shown with every fact`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        let result = await turn.call(
            "register_complaint",
            newComplaint(["order_number": "#10002", "priority": "high", "remarks": "Call back"]))
        #expect(
            result.text == """
                {"status":"success","message":"Complaint 21 is registered.","complaint":{\
                "complaint_id":21,"title":"Mouse arrived broken",\
                "description":"The left button does not click.",\
                "customer_name":"Michael Chen","order_number":"ORD-10002","priority":"HIGH",\
                "status":"OPEN","remarks":"2026-02-20T12:00:00.000000Z Call back",\
                "is_archived":false,"resolution_date":null,\
                "created_at":"2026-02-20T12:00:00.000000Z",\
                "updated_at":"2026-02-20T12:00:00.000000Z"}}
                """)
        try await turn.commit()
        #expect(
            try world.rows(
                """
                SELECT complaint_id, title_key, customer_key, order_number, priority, status,
                    is_archived, version, session_id, request_id
                FROM complaints WHERE complaint_id = 21
                """) == [
                    """
                    21|mouse arrived broken|michael chen|ORD-10002|HIGH|OPEN|0|1|sess_1|req_1
                    """
                ])
        let again = await world.turn().call("get_complaint", ["complaint_id": 21])
        #expect(again["complaint"] == result["complaint"])
    }

    @Test func `priority is medium unless said`() async throws {
        let turn = (try await ToolWorld()).turn()
        let result = await turn.call("register_complaint", newComplaint())
        #expect(result["complaint"]?["priority"] == "MEDIUM")
        #expect(result["complaint"]?["remarks"] == .null)
    }

    @Test func `remarks are added one line each, begun with the time`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        _ = await turn.call(
            "update_complaint", ["complaint_id": 4, "remarks": "Asked the warehouse"])
        try await turn.commit()
        let later = world.turn(at: ToolWorld.now.adding(seconds: 60))
        let result = await later.call(
            "resolve_complaint", ["complaint_id": 4, "remarks": "The part arrived"])
        #expect(result["message"] == "Complaint 4 is resolved.")
        #expect(
            result["complaint"]?["remarks"] == """
                2026-02-20T12:00:00.000000Z Asked the warehouse
                2026-02-20T12:01:00.000000Z The part arrived
                """)
        #expect(result["complaint"]?["status"] == "RESOLVED")
        #expect(result["complaint"]?["resolution_date"] == "2026-02-20T12:01:00.000000Z")
        #expect(result["complaint"]?["updated_at"] == "2026-02-20T12:01:00.000000Z")
    }

    @Test func `a resolved complaint can be reopened, and then resolved again`() async throws {
        let turn = (try await ToolWorld()).turn()
        let reopened = await turn.call(
            "update_complaint", ["complaint_id": 3, "status": "in progress"])
        #expect(reopened["complaint"]?["status"] == "IN_PROGRESS")
        #expect(reopened["complaint"]?["resolution_date"] == .null)
        #expect(await turn.error("resolve_complaint", ["complaint_id": 3]) == nil)
    }

    @Test func `an update changes what is named and nothing else`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        _ = await turn.call(
            "update_complaint",
            [
                "complaint_id": 4, "title": "Missing screws", "priority": "CRITICAL",
                "description": "All eight screws are missing.",
            ])
        try await turn.commit()
        #expect(
            try world.rows(
                """
                SELECT title, title_key, description, priority, status, customer_name, version
                FROM complaints WHERE complaint_id = 4
                """) == [
                    """
                    Missing screws|missing screws|All eight screws are missing.|CRITICAL|OPEN|\
                    José García|2
                    """
                ])
    }

    @Test func `an archived complaint is hidden from search, read only and archived once`()
        async throws
    {
        let turn = (try await ToolWorld()).turn()
        let archived = await turn.call("archive_complaint", ["complaint_id": 3])
        #expect(archived["complaint"]?["is_archived"] == true)
        #expect(archived["complaint"]?["status"] == "RESOLVED")
        #expect(await turn.call("search_complaints", ["order_number": "10003"])["count"] == 0)
        let all = await turn.call(
            "search_complaints", ["order_number": "10003", "include_archived": true])
        #expect(all["count"] == 1)
        #expect(await turn.error("get_complaint", ["complaint_id": 3]) == nil)
        #expect(await turn.error("archive_complaint", ["complaint_id": 3]) == "AlreadyArchived")
        #expect(await turn.error("resolve_complaint", ["complaint_id": 3]) == "ComplaintArchived")
        #expect(
            await turn.error("update_complaint", ["complaint_id": 3, "priority": "LOW"])
                == "ComplaintArchived")
    }

    @Test(
        arguments: [
            ("get_complaint", ["complaint_id": 99], "ComplaintNotFound"),
            ("update_complaint", ["complaint_id": 99, "priority": "LOW"], "ComplaintNotFound"),
            ("resolve_complaint", ["complaint_id": 99], "ComplaintNotFound"),
            ("archive_complaint", ["complaint_id": 99], "ComplaintNotFound"),
            ("register_complaint", newComplaint(["order_number": "99999"]), "OrderNotFound"),
            ("search_complaints", [:], "NoCriteria"),
            ("search_complaints", ["include_archived": true, "title": nil], "NoCriteria"),
            ("update_complaint", ["complaint_id": 4], "NoUpdates"),
            ("resolve_complaint", ["complaint_id": 3], "AlreadyResolved"),
            ("resolve_complaint", ["complaint_id": 17], "AlreadyResolved"),
            ("resolve_complaint", ["complaint_id": 20], "ComplaintArchived"),
            ("archive_complaint", ["complaint_id": 10], "AlreadyArchived"),
        ] as [(String, JSONValue, String)])
    func `what cannot be done is said with its kind`(
        tool: String, arguments: JSONValue, type: String
    ) async throws {
        let turn = (try await ToolWorld()).turn()
        #expect(await turn.error(tool, arguments) == type)
        #expect(turn.context.stage.isEmpty)
    }

    /// Complaints of the demo data that are not archived, by state.
    private static let examples: [Complaint.Status: Int] = [
        .open: 4, .inProgress: 2, .resolved: 3, .closed: 17,
    ]
    private static let moves: [Complaint.Status: [Complaint.Status]] = [
        .open: [.inProgress], .inProgress: [.open], .resolved: [.inProgress, .closed], .closed: [],
    ]

    @Test(arguments: Complaint.Status.allCases, Complaint.Status.allCases)
    func `a complaint only takes the steps that the rules know`(
        from: Complaint.Status, to: Complaint.Status
    ) async throws {
        let turn = (try await ToolWorld()).turn()
        let id = try #require(Self.examples[from])
        let before = await turn.call("get_complaint", ["complaint_id": JSONValue(id)])
        #expect(before["complaint"]?["status"] == .string(from.rawValue))
        let result = await turn.call(
            "update_complaint",
            ["complaint_id": JSONValue(id), "status": .string(to.rawValue.lowercased())])
        if Self.moves[from, default: []].contains(to) {
            #expect(result["complaint"]?["status"] == .string(to.rawValue))
        } else {
            #expect(result["error_type"] == "IllegalTransition")
            #expect(turn.context.stage.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("title", "abcd", "title must be 5 to 200 characters long."),
            ("title", "  abcd  ", "title must be 5 to 200 characters long."),
            ("title", "Broken\u{0}mouse", "title must not contain"),
            ("description", "Too short", "description must be 10 to 2,000 characters long."),
            (
                "description", .string(String(repeating: "x", count: 2001)),
                "description must be 10 to 2,000 characters long."
            ),
            (
                "description", "First line\nsecond",
                "description must not contain control characters."
            ),
            ("customer_name", "4711", "customer_name must contain a letter."),
            ("order_number", "ten", "order_number must be an order number such as ORD-10001."),
            (
                "priority", "URGENT",
                "priority must be one of 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'."
            ),
            (
                "remarks", .string(String(repeating: "x", count: 2001)),
                "remarks must be 1 to 2,000 characters long."
            ),
            ("status", "OPEN", "status is not a known field."),
        ] as [(String, JSONValue, String)])
    func `a hostile value is refused with a sentence that names it`(
        field: String, value: JSONValue, sentence: String
    ) async throws {
        let turn = (try await ToolWorld()).turn()
        let result = await turn.call("register_complaint", newComplaint([field: value]))
        #expect(result["error_type"] == "ValidationError")
        #expect(try #require(result["error"]?.string).hasPrefix(sentence))
        #expect(turn.context.stage.isEmpty)
    }

    @Test(arguments: [0, -1, 1.5, "3", nil, true] as [JSONValue])
    func `a complaint's number is a whole number from 1`(id: JSONValue) async throws {
        let turn = (try await ToolWorld()).turn()
        for tool in ["get_complaint", "resolve_complaint", "archive_complaint"] {
            #expect(await turn.error(tool, ["complaint_id": id]) == "ValidationError")
        }
    }
}
