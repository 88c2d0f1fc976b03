import JSON

extension JSONSchema {
    /// One line of addresses.
    static func addresses(_ description: String) -> JSONSchema {
        .anyOf(
            [
                .array(
                    of: .string(minimum: 1, maximum: 254),
                    count: 1...ArgumentReader.mostAddresses),
                .string(minimum: 1, maximum: 5500),
            ],
            description: "\(description): 1 to 20 addresses, as an array or with commas between",
            example: ["sarah.johnson@example.com"])
    }

    /// The subject.
    static var subject: JSONSchema {
        .string(minimum: 1, maximum: 200, description: "One line")
    }

    /// The text of a message.
    static func emailBody(_ description: String) -> JSONSchema {
        .string(minimum: 1, maximum: 100_000, description: description)
    }

    /// Whether the text is HTML.
    static var isHTML: JSONSchema {
        .boolean(default: false, description: "Whether the body is HTML")
    }

    /// Names of attachments.
    static func fileNames(atLeast minimum: Int) -> JSONSchema {
        .array(
            of: .string(minimum: 1, maximum: 1000),
            count: minimum...EmailAttachments.maximumCount,
            description: "Names of files in the folder for attachments")
    }
}

extension EmailAttachments.Problem {
    /// What an agent is told; nil for what is no fault of its own.
    func toolError(limit: Int) -> ToolError? {
        switch self {
        case .disabled: ToolError(.attachmentsDisabled, "Attachments are not enabled here.")
        case .tooMany:
            ToolError(
                .validationError,
                "A message may have at most \(EmailAttachments.maximumCount) attachments.")
        case .invalidName:
            ToolError(
                .validationError,
                "An attachment's name must be relative and must not lead upwards.")
        case .notFound(let name):
            ToolError(.attachmentNotFound, "There is no attachment named '\(name)'.")
        case .tooLarge(let name):
            ToolError(
                .attachmentTooLarge, "The attachment '\(name)' is larger than \(limit) bytes.")
        case .tooLargeTogether:
            ToolError(
                .attachmentTooLarge,
                "The attachments together are larger than \(EmailAttachments.maximumTotal) bytes.")
        case .changed(let name):
            ToolError(.attachmentNotFound, "The attachment '\(name)' is just being written.")
        case .unreadable: nil
        }
    }
}
