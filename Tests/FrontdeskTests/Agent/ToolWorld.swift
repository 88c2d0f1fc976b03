import Foundation
import JSON
import SQLite
import Synchronization

@testable import Frontdesk

/// A database of its own with all tools on it; outgoing mail is not configured.
final class ToolWorld: Sendable {
    /// The database, with all migrations applied.
    let database: Database
    /// All local tools in catalogue order.
    let toolbox: Toolbox
    private let errors: Reports
    private let folder: URL

    /// The instant every turn takes as now.
    static let now = Timestamp(parsing: "2026-02-20T12:00:00Z")!

    init(
        demo: Bool = true,
        allowed: Set<Order.Status> = [.confirmed, .shipped, .delivered, .cancelled]
    ) async throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("frontdesk-tools-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try migratedDatabase(at: folder.appendingPathComponent("test.db").path)
        let counters = CounterStore(database: database)
        let orders = OrderStore(database: database)
        let complaints = ComplaintStore(database: database)
        let email = EmailTools(
            settings: try EmailSettings(Configuration.Email()),
            ids: IDMaker(clock: Clock { ToolWorld.now }), report: { _, _ in })
        let tools =
            OrderTools(store: orders, counters: counters, allowed: allowed).all + email.all
            + ComplaintTools(store: complaints, orders: orders, counters: counters).all
        let errors = Reports()
        self.errors = errors
        toolbox = Toolbox(tools: tools) { tool, _, error in errors.add("\(tool): \(error)") }
        if demo {
            _ = try await database.loadDemo(reset: false)
        }
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The errors that no tool foresaw.
    var reported: [String] { errors.all }

    /// A turn that has staged nothing yet.
    func turn(
        _ tenant: Tenant = .default, customer: String? = nil, at now: Timestamp = ToolWorld.now
    ) -> Turn {
        Turn(
            world: self,
            context: ToolContext(
                tenant: tenant, sessionID: "sess_1", requestID: "req_1", now: now,
                customerEmail: customer, stage: Stage()))
    }

    /// The rows of a query, each with its columns joined by "|".
    func rows(_ sql: SQL) throws -> [String] {
        try database.read { connection in
            try connection.all(sql) { row in
                try (0..<row.count).map { column in
                    switch try row.value(column) {
                    case .null: "∅"
                    case .integer(let value): String(value)
                    case .real(let value): String(value)
                    case .text(let value): value
                    }
                }.joined(separator: "|")
            }
        }
    }
}

/// One turn of a conversation, as its tools see it.
struct Turn {
    let world: ToolWorld
    let context: ToolContext

    /// Calls a tool.
    func call(_ name: String, _ arguments: JSONValue = [:]) async -> JSONValue {
        await world.toolbox.call(name, arguments, in: context)
    }

    /// Calls a tool and returns the kind of error, nil for a success.
    func error(_ name: String, _ arguments: JSONValue = [:]) async -> String? {
        await call(name, arguments)["error_type"]?.string
    }

    /// Writes what is staged, as the end of the turn does.
    func commit() async throws {
        let context = context
        try await world.database.write { connection in
            try context.stage.commit(
                in: connection, tenant: context.tenant, sessionID: context.sessionID,
                requestID: context.requestID)
        }
    }
}

/// Collects lines from any thread.
final class Reports: Sendable {
    private let lines = Mutex<[String]>([])

    /// Adds a line.
    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }

    /// All lines so far.
    var all: [String] { lines.withLock { $0 } }
}

/// What a new order needs, with what a test wants to be different.
func newOrder(_ changes: JSONObject = [:]) -> JSONValue {
    var arguments: JSONObject = [
        "customer_name": "Zoë D'Arcy", "billing_address": "1 Main Street, York",
        "product_sku": "SKU-LAPTOP-001", "quantity": 2, "order_amount": 2599.98,
    ]
    for member in changes.members { arguments[member.key] = member.value }
    return .object(arguments)
}

/// What a new complaint needs, with what a test wants to be different.
func newComplaint(_ changes: JSONObject = [:]) -> JSONValue {
    var arguments: JSONObject = [
        "title": "Mouse arrived broken", "description": "The left button does not click.",
        "customer_name": "Michael Chen", "order_number": "ORD-10002",
    ]
    for member in changes.members { arguments[member.key] = member.value }
    return .object(arguments)
}
