import JSON
import Testing
import WebPeer

@testable import Frontdesk

/// The official SDK as a client of our tools, in every version of the protocol that it speaks.
@Suite(.serialized) struct OfficialClientTests {
    /// The SDK in its process, for all tests.
    private static let sdk = Task { try await WebPeer(script: "mcp/client.py", packages: true) }

    /// A conversation of the SDK with a server: what came of it, step by step.
    private func speak(
        to port: Int, _ path: String = "/mcp", version: String = "auto",
        headers: JSONValue = [:], _ steps: JSONValue...
    ) async throws -> JSONValue {
        try await Self.sdk.value.answer(to: [
            "url": .string("http://127.0.0.1:\(port)\(path)"), "version": .string(version),
            "headers": headers, "do": .array(steps),
        ])
    }

    private func call(
        _ tool: String, _ arguments: JSONValue, progress: Int = 0, headers: JSONValue = [:]
    ) -> JSONValue {
        [
            "call": .string(tool), "arguments": arguments, "progress": JSONValue(progress),
            "headers": headers,
        ]
    }

    @Test func `each version that the SDK speaks lists, calls and is told of errors`()
        async throws
    {
        let service = try await Service()
        let versions = try await Self.sdk.value.answer(to: ["versions": true])
        let old = versions["handshake"]?.array?.compactMap(\.string) ?? []
        let new = versions["modern"]?.array?.compactMap(\.string) ?? []
        #expect(old.contains("2025-06-18") && old.contains("2025-11-25"))
        #expect(new == ["2026-07-28"])
        try await service.live { port in
            for version in old + new + ["auto"] {
                let said = try await speak(
                    to: port, version: version, ["list": true],
                    call("get_order", ["order_id": "ORD-10001"]),
                    call("get_order", ["order_id": "ORD-99999"]),
                    call("get_order", ["number": 1]), call("drop_tables", [:]))
                try check(said, of: version, service)
                // Who offers a version that is not spoken here gets the newest.
                let expected = version == "auto" ? "2026-07-28" : version
                let spoken = MCPProtocol.legacyVersions + [MCPProtocol.modernVersion]
                #expect(
                    said["version"]?.string
                        == (spoken.contains(expected) ? expected : "2025-11-25"), "\(version)")
            }
        }
    }

    /// What every version must come to.
    private func check(_ said: JSONValue, of version: String, _ service: Service) throws {
        #expect(said["error"] == nil, "\(version): \(said)")
        let results = try #require(said["results"]?.array)
        let tools = results[0]["tools"]?.array ?? []
        #expect(tools.compactMap { $0["name"]?.string } == service.app.toolbox.tools.map(\.name))
        for tool in tools {
            // The SDK held what succeeded against this.
            #expect(tool["outputSchema"]?["required"] == ["status"], "\(version)")
            #expect(tool["inputSchema"]?["additionalProperties"] == false)
        }
        let order = results[1]
        #expect(order["isError"] == false)
        #expect(order["structured"]?["order"]?["customer_name"] == "Sarah Johnson")
        let text = try #require(order["texts"]?[0]?.string)
        #expect(try JSONValue(parsing: text) == order["structured"])
        #expect(results[2]["isError"] == true)
        #expect(results[2]["structured"]?["error_type"] == "OrderNotFound")
        #expect(results[3]["structured"]?["error_type"] == "ValidationError")
        #expect(results[4]["code"] == -32602, "\(version)")
    }

    @Test(
        arguments: Tool.Category.allCases.filter { $0 != .mcp },
        ["2025-06-18", "2025-11-25", "2026-07-28"])
    func `a category's address offers that category alone`(
        _ category: Tool.Category, _ version: String
    ) async throws {
        let service = try await Service()
        let mine = service.app.toolbox.tools.filter { $0.category == category }
        let other = try #require(service.app.toolbox.tools.first { $0.category != category })
        try await service.live { port in
            let said = try await speak(
                to: port, "/mcp/\(category.rawValue)", version: version, ["list": true],
                call(other.name, [:]))
            let tools = said["results"]?[0]?["tools"]?.array ?? []
            #expect(tools.compactMap { $0["name"]?.string } == mine.map(\.name))
            #expect(said["results"]?[1]?["code"] == -32602)
        }
    }

    @Test(arguments: ["2025-11-25", "2026-07-28"])
    func `a long call tells that it goes on, to whom asks for it`(_ version: String) async throws {
        let slow = try await SlowService()
        try await slow.service.live { port in
            let early = try await speak(
                to: port, version: version, call("test_email_connection", [:], progress: 2))
            #expect(early == ["told": 2])
            // Only now the mail server hangs up.
            slow.release()
            let result = try await Self.sdk.value.nextAnswer()["results"]?[0]
            #expect(result?["structured"]?["error_type"] == "EmailConnectionError")
            let beats = result?["progress"]?.array ?? []
            #expect(beats.count >= 2)
            #expect(beats == (1...max(1, beats.count)).map { JSONValue($0) })
            let quick = try await speak(
                to: port, version: version,
                call("get_order", ["order_id": "ORD-10001"], progress: 1))
            #expect(quick["results"]?[0]?["isError"] == false)
        }
    }

    @Test(arguments: ["2025-06-18", "2025-11-25", "2026-07-28"])
    func `a call with a key happens once, though each message has a number of its own`(
        _ version: String
    ) async throws {
        let service = try await Service()
        let key: JSONValue = ["Idempotency-Key": "k"]
        let complaint: JSONValue = [
            "title": "Broken mouse", "description": "It arrived in two pieces.",
            "customer_name": "Michael Chen", "order_number": "ORD-10002",
        ]
        try await service.live { port in
            let said = try await speak(
                to: port, version: version,
                call("register_complaint", complaint, headers: key), ["list": true],
                call("register_complaint", complaint, headers: key))
            let results = try #require(said["results"]?.array, "\(said)")
            #expect(results[0]["structured"]?["complaint"]?["complaint_id"] == 21)
            #expect(results[2] == results[0])
            // A client that begins anew after a crash.
            let again = try await speak(
                to: port, version: version,
                call("register_complaint", complaint, headers: key))
            #expect(again["results"]?[0] == results[0])
        }
        #expect(try service.rows("SELECT count(*) FROM complaints") == ["21"])
    }

    @Test func `with sign-in the credential decides the tenant and the tools`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let key = try await service.addKey(scopes: [.toolsOrder], tenant: "acme")
        try await service.live { port in
            for version in ["2025-11-25", "2026-07-28"] {
                let nobody = try await speak(to: port, version: version, ["list": true])
                #expect(nobody["results"]?[0]?["tools"] == nil)
                let said = try await speak(
                    to: port, version: version,
                    headers: ["Authorization": .string("Bearer \(key)")], ["list": true],
                    call("get_order", ["order_id": "ORD-10001"]),
                    call("get_complaint", ["complaint_id": 1]))
                let results = try #require(said["results"]?.array, "\(said)")
                #expect(results[0]["tools"]?.array?.count == 6)
                // The order is another tenant's.
                #expect(results[1]["structured"]?["error_type"] == "OrderNotFound")
                #expect(results[2]["structured"] == nil)
            }
        }
    }
}
