import JSON

/// Why a tool could not do what it was asked, told to whoever called it.
struct ToolError: Error, Equatable {
    /// The machine-readable kind.
    let type: ToolErrorType
    /// One sentence that may be passed on to the customer.
    let sentence: String

    /// An error with its kind and sentence.
    init(_ type: ToolErrorType, _ sentence: String) {
        self.type = type
        self.sentence = sentence
    }

    /// The result a failed call answers with.
    var result: JSONValue {
        [
            "status": "error", "error": .string(sentence), "error_type": .string(type.rawValue),
        ]
    }
}

/// The closed list of kinds of tool errors (conversations.md, section 6).
enum ToolErrorType: String, Sendable, CaseIterable {
    case validationError = "ValidationError"
    case orderNotFound = "OrderNotFound"
    case complaintNotFound = "ComplaintNotFound"
    case illegalTransition = "IllegalTransition"
    case noUpdates = "NoUpdates"
    case noCriteria = "NoCriteria"
    case complaintArchived = "ComplaintArchived"
    case alreadyResolved = "AlreadyResolved"
    case alreadyArchived = "AlreadyArchived"
    case emailNotConfigured = "EmailNotConfigured"
    case emailConnectionError = "EmailConnectionError"
    case recipientNotAllowed = "RecipientNotAllowed"
    case attachmentsDisabled = "AttachmentsDisabled"
    case attachmentNotFound = "AttachmentNotFound"
    case attachmentTooLarge = "AttachmentTooLarge"
    case unknownTool = "UnknownTool"
    case toolUnavailable = "ToolUnavailable"
    case toolTimeout = "ToolTimeout"
    case outcomeUnknown = "OutcomeUnknown"
    case internalError = "InternalError"
}
