import JSON

/// Why a tool could not do what it was asked, told to whoever called it.
struct ToolError: Error, Equatable {
    /// The machine-readable kind.
    let type: ToolErrorType
    /// One sentence that may be passed on to the customer.
    let sentence: String
    /// Further facts, such as every reason against an upgrade.
    var extra = JSONObject()

    /// An error with its kind and sentence.
    init(_ type: ToolErrorType, _ sentence: String) {
        self.type = type
        self.sentence = sentence
    }

    /// The result a failed call answers with.
    var result: JSONValue {
        var object: JSONObject = [
            "status": "error", "error": .string(sentence), "error_type": .string(type.rawValue),
        ]
        for member in extra.members { object[member.key] = member.value }
        return .object(object)
    }

    /// Adds the word by which the routes tell the same, unless it is there.
    mutating func addCode() {
        if extra["code"] == nil { extra["code"] = .string(type.code) }
    }

    /// Whether both say the same.
    static func == (left: ToolError, right: ToolError) -> Bool {
        left.type == right.type && left.result == right.result
    }
}

extension ToolError {
    /// Arguments that are none.
    static let noObject = ToolError(.validationError, "The arguments must be a JSON object.")

    /// Throws one error that names all problems, if there are any.
    static func check(_ problems: [JSONProblem]) throws {
        guard !problems.isEmpty else { return }
        var parts = problems.prefix(20).map { "\($0.field.prefix(64)) \($0.problem)" }
        if problems.count > parts.count { parts.append("\(problems.count - parts.count) more") }
        throw ToolError(.validationError, parts.joined(separator: "; ") + ".")
    }

    /// What a route refuses, as a tool tells it; rethrows what no caller may know.
    init(_ failure: Failure, of tenant: Tenant? = nil) throws {
        guard let type = ToolErrorType(code: failure.code.word) else { throw failure }
        // Whoever talks with an agent knows of no tenants.
        let place = tenant.map { " in tenant '\($0.name)'" } ?? ""
        self.init(type, place.isEmpty ? failure.detail : failure.detail.replacing(place, with: ""))
        extra["code"] = .string(failure.code.word)
        for member in failure.extra.members { extra[member.key] = member.value }
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
    // Those of ticket tools are the routes' codes.
    case ticketNotFound = "TicketNotFound"
    case customerNotFound = "CustomerNotFound"
    case quoteNotFound = "QuoteNotFound"
    case customerMismatch = "CustomerMismatch"
    case scopeMissing = "ScopeMissing"
    case notOwner = "NotOwner"
    case ticketNotActive = "TicketNotActive"
    case eventTooSoon = "EventTooSoon"
    case typeNotUpgradeable = "TypeNotUpgradeable"
    case tierNotOffered = "TierNotOffered"
    case dateUnavailable = "DateUnavailable"
    case alreadyUpgraded = "AlreadyUpgraded"
    case orderOpen = "OrderOpen"
    case priceChanged = "PriceChanged"
    case quoteExpired = "QuoteExpired"
    case quoteUsed = "QuoteUsed"
    case quoteMismatch = "QuoteMismatch"

    /// The word in the routes' spelling: `tier_not_offered`.
    var code: String {
        rawValue.reduce(into: "") { word, letter in
            if letter.isUppercase, !word.isEmpty { word += "_" }
            word += letter.lowercased()
        }
    }

    /// The kind with a route's code, nil if there is none.
    init?(code: String) {
        guard let type = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = type
    }
}
