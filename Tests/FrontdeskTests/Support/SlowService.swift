import HTTP
import JSON
import MailServer
import Testing

@testable import Frontdesk

/// The product with a mail server that answers nothing, so that a question about it takes as long
/// as a test wants.
final class SlowService: Sendable {
    let service: Service
    private let mail = SilentMailServer()

    /// A service whose mail server is silent.
    init(_ change: (inout Configuration) -> Void = { _ in }) async throws {
        let port = mail.port
        service = try await Service { configuration in
            configuration.email.smtpURL = "smtp://127.0.0.1:\(port)"
            configuration.email.starttls = .off
            configuration.email.sender = "desk@example.com"
            change(&configuration)
        }
    }

    deinit {
        mail.hangUp()
    }

    /// What a customer says to make a turn hang.
    static let question = "Is email working?"

    /// Asks what takes long and returns once the turn has left for the mail server.
    func ask(
        in session: String, headers: Headers = [:],
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> Task<Answer, any Error> {
        let service = service
        let before = try pending
        let turn = Task {
            try await service.post(
                "/agent/messages",
                ["session_id": .string(session), "message": .string(SlowService.question)],
                headers: headers, location)
        }
        try await eventually { try self.pending > before }
        return turn
    }

    /// Lets all turns that hang go on.
    func release() {
        mail.hangUp()
    }

    /// How many user messages are stored whose turns run.
    var pending: Int {
        get throws {
            try service.rows("SELECT seq FROM messages WHERE status = 'pending'").count
        }
    }
}
