import HTTPClient
import JSON

/// The five tools of the category `email`.
struct EmailTools: Sendable {
    let settings: EmailSettings
    let ids: IDMaker
    /// Tells the operator why the mail server could not be used; the agent gets no details.
    let report: @Sendable (ToolContext, SMTPError) -> Void
    private let client: SMTPClient?

    /// The e-mail tools; `ids` names the messages.
    init(
        settings: EmailSettings, ids: IDMaker,
        report: @escaping @Sendable (ToolContext, SMTPError) -> Void
    ) {
        self.settings = settings
        self.ids = ids
        self.report = report
        client = settings.server.map { SMTPClient($0) }
    }

    /// All five in the order of the catalogue.
    var all: [Tool] {
        [simple, formatted, withFiles, complete, connection]
    }
}

// MARK: - Sending

extension EmailTools {
    private var simple: Tool {
        sending(
            "send_simple_email", "Send a simple email to a customer",
            [
                .required("recipients", .addresses("To whom")),
                .required("subject", .subject),
                .required("body", .emailBody("The text, plain")),
                .optional("cc", .addresses("Who gets a copy")),
            ]
        ) { EmailDraft(&$0, isHTML: false) }
    }

    private var formatted: Tool {
        sending(
            "send_formatted_email", "Send an HTML email",
            [
                .required("recipients", .addresses("To whom")),
                .required("subject", .subject),
                .required("html_body", .emailBody("The text as HTML")),
                .optional("cc", .addresses("Who gets a copy")),
            ]
        ) { EmailDraft(&$0, body: "html_body", isHTML: true) }
    }

    private var withFiles: Tool {
        sending(
            "send_email_with_files", "Send an email with attachments",
            [
                .required("recipients", .addresses("To whom")),
                .required("subject", .subject),
                .required("body", .emailBody("The text")),
                .required("attachment_paths", .fileNames(atLeast: 1)),
                .optional("html", .isHTML),
                .optional("cc", .addresses("Who gets a copy")),
            ]
        ) { EmailDraft(&$0, files: "attachment_paths") }
    }

    private var complete: Tool {
        sending(
            "send_complete_email", "Send an email with copies, HTML and attachments",
            [
                .required("recipients", .addresses("To whom")),
                .required("subject", .subject),
                .required("body", .emailBody("The text")),
                .optional("html", .isHTML),
                .optional("cc", .addresses("Who gets a copy")),
                .optional("bcc", .addresses("Who gets a copy that the others do not see")),
                .optional("attachments", .fileNames(atLeast: 0)),
            ]
        ) { EmailDraft(&$0, files: "attachments") }
    }

    private func sending(
        _ name: String, _ description: String, _ properties: [JSONSchema.Property],
        read: @escaping @Sendable (inout ArgumentReader) -> EmailDraft
    ) -> Tool {
        Tool(
            name: name, description: description, category: .email,
            parameters: .object(properties, additional: false),
            read: read, run: stage)
    }

    /// Puts a message into the turn, so that it is written with the reply or not at all.
    private func stage(_ draft: EmailDraft, _ context: ToolContext) async throws -> JSONValue {
        try check(draft.everybody, context)
        let email = Email(
            id: ids.make("eml"), tenant: context.tenant, recipients: draft.recipients,
            cc: draft.cc, bcc: draft.bcc, subject: draft.subject, body: draft.body,
            isHTML: draft.isHTML, attachments: try await attachments(draft.attachments),
            state: settings.isConfigured ? .queued : .held, sessionID: context.sessionID,
            requestID: context.requestID, createdAt: context.now)
        context.stage.insert(email)
        return result(of: email)
    }

    private func check(_ addresses: [String], _ context: ToolContext) throws {
        if let own = context.customerEmail?.lowercased(),
            addresses.contains(where: { $0.lowercased() != own })
        {
            throw ToolError(
                .recipientNotAllowed,
                "From this conversation mail can only go to the customer's own address.")
        }
        if let address = addresses.first(where: { !settings.allows($0) }) {
            throw ToolError(.recipientNotAllowed, "Mail to \(address) is not allowed here.")
        }
    }

    private func attachments(_ names: [String]) async throws -> [Email.Attachment] {
        do {
            return try await settings.attachments.describe(names)
        } catch let problem as EmailAttachments.Problem {
            throw problem.toolError(limit: settings.attachments.maximumBytes) ?? problem
        }
    }

    private func result(of email: Email) -> JSONValue {
        let message =
            email.state == .held
            ? "Held in the outbox: outgoing mail is not configured." : "Queued for delivery."
        return [
            "status": "success", "email_id": .string(email.id),
            "state": .string(email.state.rawValue), "message": .string(message),
            "recipients": .array(email.recipients.map { .string($0) }),
            "cc": .array(email.cc.map { .string($0) }),
            "bcc": .array(email.bcc.map { .string($0) }), "subject": .string(email.subject),
            "attachments": JSONValue(email.attachments.count),
        ]
    }
}

// MARK: - The connection

extension EmailTools {
    private var connection: Tool {
        Tool(
            name: "test_email_connection",
            description: "Check the connection to the mail server", category: .email,
            parameters: .object([], additional: false), traits: .reading
        ) { _, context in try await check(context) }
    }

    private func check(_ context: ToolContext) async throws -> JSONValue {
        guard let client, let sender = settings.sender else {
            throw ToolError(
                .emailNotConfigured,
                "Outgoing mail is not configured; messages are held in the outbox.")
        }
        try await context.leaving()
        do {
            try await client.check()
        } catch let error as SMTPError {
            report(context, error)
            let reason = error.code.map { "it answered \($0)" } ?? "it could not be reached"
            throw ToolError(
                .emailConnectionError, "The mail server cannot be used now: \(reason).")
        }
        return [
            "status": "success", "message": "The mail server is ready to take messages.",
            "sender": .string(sender.address.text),
        ]
    }
}
