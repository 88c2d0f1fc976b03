import HTTPClient

/// One attempt to hand a message over, and what follows from its outcome.
struct EmailDelivery: Sendable {
    /// Seconds to wait after each attempt that failed for now; after the last one comes no more.
    static let delays: [Double] = [30, 120, 600, 1800, 7200, 21_600, 86_400]

    /// What an attempt came to.
    enum Outcome: Equatable, Sendable {
        /// The server has taken the message.
        case sent
        /// Another try may work.
        case retry(afterSeconds: Double, error: String)
        /// The message is given up.
        case failed(error: String)

        /// The outcome as the figures call it.
        var word: String {
            switch self {
            case .sent: "sent"
            case .retry: "delayed"
            case .failed: "failed"
            }
        }
    }

    private let client: SMTPClient
    private let sender: EmailMessage.Sender
    private let attachments: EmailAttachments

    /// Deliveries with these settings, at most `width` at once; nil without a mail server.
    init?(settings: EmailSettings, width: Int) {
        guard var options = settings.server, let sender = settings.sender else { return nil }
        options.width = width
        client = SMTPClient(options)
        self.sender = sender
        attachments = settings.attachments
    }

    /// Tries once; throws `CancellationError` when the task is cancelled meanwhile.
    func attempt(_ email: Email) async throws -> Outcome {
        if let address = email.envelope.first(where: { EmailAddress($0) == nil }) {
            return .failed(error: "'\(MIMEText.oneLine(address))' is no e-mail address")
        }
        do {
            let files = try await attachments.contents(of: email.attachments)
            let message = EmailMessage(email, from: sender, files: files)
            try await client.send(
                message.bytes, from: sender.address.text, to: email.envelope)
            return .sent
        } catch let error as SMTPError {
            return error.kind == .permanent
                ? .failed(error: error.message) : later(email, error.message)
        } catch let problem as EmailAttachments.Problem {
            guard case .unreadable = problem else { return .failed(error: problem.sentence) }
            return later(email, problem.sentence)
        }
    }

    /// Another try after the delay that belongs to the attempts made, if there is one left.
    private func later(_ email: Email, _ error: String) -> Outcome {
        let index = email.attempts - 1
        guard Self.delays.indices.contains(index) else { return .failed(error: error) }
        return .retry(afterSeconds: Self.delays[index], error: error)
    }
}

extension EmailAttachments.Problem {
    /// What the operator reads beside a message that cannot be sent.
    fileprivate var sentence: String {
        switch self {
        case .disabled: "attachments are not enabled any more"
        case .tooMany: "there are too many attachments"
        case .invalidName(let name): "the attachment's name '\(name)' is not allowed"
        case .notFound(let name): "the attachment '\(name)' is gone"
        case .tooLarge(let name): "the attachment '\(name)' is larger than is allowed now"
        case .tooLargeTogether: "the attachments are larger than is allowed"
        case .changed(let name): "the attachment '\(name)' has changed since it was queued"
        case .unreadable(let name, let code):
            "the attachment '\(name)' cannot be read (error \(code))"
        }
    }
}
