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

    @Test func `a turn that was stopped is not reported as a fault`() async {
        let reports = Reports()
        let stopped = tool("stopped") { _, _ in throw CancellationError() }
        let toolbox = Toolbox(tools: [stopped]) { name, _, _ in reports.add(name) }
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

    @Test func `the catalogue shows the complaint tools as one entry`() async throws {
        let world = try await ToolWorld(demo: false)
        let tools = world.toolbox.tools
        let email = (1...5).map { tool("email_\($0)", .email) }
        let orders = tools.filter { $0.category == .order }
        let complaints = tools.filter { $0.category == .complaint }
        #expect(complaints.count == 6)
        let toolbox = Toolbox(tools: orders + email + complaints) { _, _, _ in }
        let catalogue = toolbox.catalogue { $0 != .email }
        #expect(catalogue.count == 12)
        #expect(catalogue.map(\.category.rawValue).prefix(6).allSatisfy { $0 == "order" })
        #expect(catalogue[6...10].allSatisfy { $0.category == .email && !$0.available })
        #expect(
            catalogue.last
                == Toolbox.Entry(
                    name: "complaint_management",
                    description: "Manage customer complaints via MCP integration",
                    category: .complaint, available: true))
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
