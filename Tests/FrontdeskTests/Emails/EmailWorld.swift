import Foundation
import HTTPClient
import JSON
import MailServer
import SQLite
import Synchronization

@testable import Frontdesk

/// A database with an outbox, a clock that a test turns, and the worker that sends.
final class EmailWorld: Sendable {
    let database: Database
    let store: EmailStore
    let settings: EmailSettings
    let worker: EmailWorker
    let clock = StillClock()
    let folder: TemporaryFolder
    let metrics = Metrics()

    /// An outbox whose mail goes to `server`, or is held without one.
    init(
        server: MailServer? = nil, folder: TemporaryFolder? = nil,
        change: (inout Configuration.Email) -> Void = { _ in }
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        database = try migratedDatabase(at: folder.path + "/frontdesk.db")
        store = EmailStore(database: database)
        var email = Configuration.Email()
        email.attachmentsDir = folder.path + "/files"
        if let server {
            email.smtpURL = server.url
            email.sender = "desk@shop.example.com"
            email.starttls = .off
        }
        change(&email)
        settings = try EmailSettings(email)
        worker = EmailWorker(
            store: store, settings: settings, clock: clock.clock,
            log: Log(level: .error, clock: clock.clock, output: -1), metrics: metrics)
    }

    deinit {
        database.close()
    }

    /// Puts messages into the outbox, as the end of a turn does.
    func queue(_ emails: Email...) async throws {
        try await database.write { connection in
            for email in emails { try EmailStore.insert(email, in: connection) }
        }
    }

    /// What the outbox says of a message.
    func row(_ id: String = Email.sample().id) throws -> OutboxRow? {
        try database.read { connection in
            try connection.first(
                """
                SELECT state, attempts, next_attempt_at, lease_until, last_error, sent_at
                FROM emails WHERE email_id = \(id)
                """
            ) { row in
                OutboxRow(
                    state: try row.text(0), attempts: try row.integer(1),
                    next: try row.textOrNil(2), lease: try row.textOrNil(3),
                    error: try row.textOrNil(4), sent: try row.textOrNil(5))
            }
        }
    }

    /// The e-mail tools with a turn to call them in.
    func turn(
        customer: String? = nil, leaving: @escaping @Sendable () async throws -> Void = {}
    ) -> EmailTurn {
        EmailTurn(world: self, customer: customer, leaving: leaving)
    }
}

/// The part of a row that changes.
struct OutboxRow: Equatable {
    var state: String
    var attempts = 0
    var next: String?
    var lease: String?
    var error: String?
    var sent: String?
}

/// A clock that stands still until a test turns it.
final class StillClock: Sendable {
    private let time = Mutex(Timestamp.sample)

    /// The time shown.
    var now: Timestamp { time.withLock { $0 } }

    /// The clock as the program sees it.
    var clock: Clock { Clock { self.now } }

    /// Turns the clock on.
    func advance(seconds: Double) {
        time.withLock { $0 = $0.adding(seconds: seconds) }
    }
}

/// One turn that calls e-mail tools.
struct EmailTurn {
    let world: EmailWorld
    let stage = Stage()
    let toolbox: Toolbox
    let context: ToolContext

    init(
        world: EmailWorld, customer: String?, leaving: @escaping @Sendable () async throws -> Void
    ) {
        self.world = world
        let tools = EmailTools(settings: world.settings, ids: IDMaker(clock: world.clock.clock)) {
            _, _ in
        }
        toolbox = Toolbox(tools: tools.all) { tool, _, error in
            FileHandle.standardError.write(Data("\(tool): \(error)\n".utf8))
        }
        context = ToolContext(
            tenant: .default, sessionID: "sess_1", requestID: "req_1", now: world.clock.now,
            customerEmail: customer, stage: stage, leaving: leaving)
    }

    /// Calls a tool.
    func call(_ name: String, _ arguments: JSONValue = [:]) async -> JSONValue {
        await toolbox.call(name, arguments, in: context)
    }

    /// Ends the turn.
    func commit() async throws {
        let context = context
        try await world.database.write { connection in
            try context.stage.commit(
                in: connection, tenant: context.tenant, sessionID: context.sessionID,
                requestID: context.requestID)
        }
    }
}
