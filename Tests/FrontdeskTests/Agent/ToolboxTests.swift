import JSON
import Testing

@testable import Frontdesk

@Suite struct ToolboxTests {
    private struct Odd: Error {}

    private func tool(
        _ name: String, _ category: Tool.Category = .order,
        run: @escaping @Sendable (JSONValue, ToolContext) async throws -> JSONValue = { _, _ in
            ["status": "success"]
        }
    ) -> Tool {
        Tool(
            name: name, description: "Does \(name)", category: category,
            parameters: .object(
                [.optional("note", .string(maximum: 5)), .optional("count", .integer)],
                additional: false),
            run: run)
    }

    private let context = ToolContext(
        tenant: .default, sessionID: nil, requestID: "req_1", now: ToolWorld.now,
        customerEmail: nil, stage: Stage())

    @Test func `an unknown tool is an error, and so is the catalogue's collective entry`() async {
        let toolbox = Toolbox(tools: [tool("a")]) { _, _, _ in }
        #expect(
            await toolbox.call("b", [:], in: context) == [
                "status": "error", "error": "There is no tool named 'b'.",
                "error_type": "UnknownTool",
            ])
        let outcome = await toolbox.outcome(of: "complaint_management", [:], in: context)
        #expect(outcome.errorType == .unknownTool)
        #expect(!outcome.succeeded)
    }

    @Test func `a tool gets trimmed texts and no nulls`() async {
        let toolbox = Toolbox(tools: [tool("echo") { arguments, _ in arguments }]) { _, _, _ in }
        let result = await toolbox.call(
            "echo", ["note": " \u{a0}a b\n", "count": nil], in: context)
        #expect(result == ["note": "a b"])
    }

    @Test func `an unexpected error is reported and hidden`() async {
        let reports = Reports()
        let toolbox = Toolbox(tools: [tool("odd") { _, _ in throw Odd() }]) {
            name, context, error in
            reports.add("\(name) \(context.requestID) \(error)")
        }
        #expect(
            await toolbox.call("odd", [:], in: context) == [
                "status": "error", "error": "The tool failed for an internal reason.",
                "error_type": "InternalError",
            ])
        #expect(reports.all == ["odd req_1 Odd()"])
    }

    @Test(arguments: [CancellationError(), Failure(.turnCancelled, "Cancelled.")] as [any Error])
    func `a turn that was stopped is not reported as a fault`(error: any Error) async {
        let reports = Reports()
        let toolbox = Toolbox(tools: [tool("stopped") { _, _ in throw error }]) { name, _, _ in
            reports.add(name)
        }
        let outcome = await toolbox.outcome(of: "stopped", [:], in: context)
        #expect(outcome.errorType == .internalError)
        #expect(reports.all.isEmpty)
    }

    @Test func `the outcome tells whether there is an effect to record`() async throws {
        let world = try await ToolWorld()
        let turn = world.turn()
        let read = await world.toolbox.outcome(
            of: "get_order", ["order_id": "10001"], in: turn.context)
        #expect(read.isReadOnly && read.succeeded)
        let write = await world.toolbox.outcome(
            of: "update_order", ["order_id": "10004", "new_status": "CANCELLED"],
            in: turn.context)
        #expect(!write.isReadOnly && write.succeeded)
        #expect(write.tool == "update_order")
    }

    @Test func `the catalogue has twelve entries, the complaint tools as one`() async throws {
        let world = try await ToolWorld(demo: false)
        let catalogue = world.toolbox.catalogue { $0 != .email }
        #expect(
            catalogue.map { "\($0.category.rawValue) \($0.name) \($0.available)" } == [
                "order create_new_order true", "order get_order true",
                "order search_orders true", "order get_customer_orders true",
                "order update_order true", "order track_order true",
                "email send_simple_email false", "email send_formatted_email false",
                "email send_email_with_files false", "email send_complete_email false",
                "email test_email_connection false", "complaint complaint_management true",
            ])
        #expect(catalogue.last?.description == "Manage customer complaints via MCP integration")
        #expect(
            world.toolbox.tools.filter { $0.category == .complaint }.map(\.name) == [
                "register_complaint", "get_complaint", "search_complaints", "update_complaint",
                "resolve_complaint", "archive_complaint",
            ])
    }

    @Test func `what the tools may do to data is told`() async throws {
        let world = try await ToolWorld(demo: false)
        func names(_ has: (Tool) -> Bool) -> Set<String> {
            Set(world.toolbox.tools.filter { $0.category != .email && has($0) }.map(\.name))
        }
        #expect(
            names(\.isReadOnly) == [
                "get_order", "search_orders", "get_customer_orders", "track_order",
                "get_complaint", "search_complaints",
            ])
        #expect(
            names { $0.traits.contains(.destructive) } == [
                "update_order", "update_complaint", "resolve_complaint", "archive_complaint",
            ])
    }

    @Test func `every schema is strict and names each argument's meaning`() async throws {
        for tool in (try await ToolWorld(demo: false)).toolbox.tools {
            let schema = tool.parameters.jsonSchema
            #expect(schema["type"] == "object", "\(tool.name)")
            #expect(schema["additionalProperties"] == false, "\(tool.name)")
            let properties = schema["properties"]?.object?.members ?? []
            for property in properties where property.key != "limit" {
                #expect(
                    property.value["description"]?.string?.isEmpty == false,
                    "\(tool.name).\(property.key)")
            }
        }
    }

    @Test func `a schema reads as the specification shows it`() async throws {
        let world = try await ToolWorld(demo: false)
        #expect(
            world.toolbox.tool(named: "get_customer_orders")?.parameters.jsonSchema == [
                "type": "object", "additionalProperties": false, "required": ["customer_name"],
                "properties": [
                    "customer_name": [
                        "type": "string", "minLength": 1, "maxLength": 100,
                        "description": "The name or a part of it",
                    ],
                    "limit": ["type": "integer", "minimum": 1, "maximum": 100, "default": 20],
                ],
            ])
    }
}
