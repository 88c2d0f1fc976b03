import JSON

/// What went wrong, as a caller may know it; every other error becomes `internal`.
///
/// The one error type that crosses from a slice to the wire (conventions.md, "Errors").
struct Failure: Error, Equatable {
    /// The HTTP status, the title and the machine-readable word that belong together.
    let code: Code
    /// One sentence that a person can act on.
    let detail: String
    /// Every field that is wrong, for a validation error.
    var fields: [Field] = []
    /// Whole seconds after which another try makes sense.
    var retryAfter: Int?
    /// When it happened, where the answer must repeat a stored one; else the answer's own time.
    var occurredAt: Timestamp?
    /// Further facts of the body, such as `turn_request_id`.
    var extra = JSONObject()

    /// A field of the request and what is wrong with it.
    struct Field: Equatable, Sendable {
        /// The field's path, such as `metadata.channel`.
        let field: String
        /// What is wrong, to be read after the field's name: "is required".
        let problem: String
    }

    /// A failure with its code and sentence.
    init(_ code: Code, _ detail: String, retryAfter: Int? = nil) {
        self.code = code
        // What a caller named may hold the one character that no text here may.
        self.detail = detail.utf8.contains(0) ? detail.replacing("\0", with: "\u{FFFD}") : detail
        self.retryAfter = retryAfter
    }

    /// A validation failure that names all wrong fields at once.
    init(invalid fields: [Field]) {
        code = .validationError
        detail =
            fields.map { "'\($0.field)' \($0.problem)" }.joined(separator: "; ") + "."
        self.fields = fields
    }

    /// A validation failure of one field.
    static func invalid(_ field: String, _ problem: String) -> Failure {
        Failure(invalid: [Field(field: field, problem: problem)])
    }
}

extension Failure {
    /// A stable word with its status and title; the table of conventions.md.
    struct Code: Equatable, Sendable {
        /// The machine word, such as `session_not_found`.
        let word: String
        /// The HTTP status.
        let status: Int
        /// The title, the body's `error`.
        let title: String

        static let validationError = Code(
            word: "validation_error", status: 400, title: "Validation Error")
        static let malformedJSON = Code(
            word: "malformed_json", status: 400, title: "Validation Error")
        static let notOwner = Code(word: "not_owner", status: 403, title: "Access Denied")
        static let sessionNotFound = Code(
            word: "session_not_found", status: 404, title: "Session Not Found")
        static let turnNotFound = Code(
            word: "turn_not_found", status: 404, title: "Resource Not Found")
        static let notFound = Code(
            word: "route_not_found", status: 404, title: "Resource Not Found")
        static let sessionExists = Code(word: "session_exists", status: 409, title: "Conflict")
        static let sessionBusy = Code(word: "session_busy", status: 409, title: "Conflict")
        static let turnCancelled = Code(word: "turn_cancelled", status: 409, title: "Conflict")
        static let turnConflict = Code(word: "turn_conflict", status: 409, title: "Conflict")
        static let turnFinished = Code(word: "turn_finished", status: 409, title: "Conflict")
        static let turnInterrupted = Code(
            word: "turn_interrupted", status: 503, title: "Service Unavailable")
        static let idempotencyInProgress = Code(
            word: "idempotency_in_progress", status: 409, title: "Conflict")
        static let idempotencyMismatch = Code(
            word: "idempotency_mismatch", status: 422, title: "Unprocessable Request")
        static let sessionExpired = Code(
            word: "session_expired", status: 410, title: "Session Expired")
        static let rateLimited = Code(
            word: "rate_limited", status: 429, title: "Rate Limit Exceeded")
        static let budgetExceeded = Code(
            word: "budget_exceeded", status: 429, title: "Rate Limit Exceeded")
        static let agentFailed = Code(word: "agent_failed", status: 500, title: "Service Error")
        static let `internal` = Code(
            word: "internal", status: 500, title: "Internal Server Error")
        static let upstreamTimeout = Code(
            word: "upstream_timeout", status: 504, title: "Gateway Timeout")
        static let notReady = Code(
            word: "not_ready", status: 503, title: "Service Unavailable")
        static let overloaded = Code(
            word: "overloaded", status: 503, title: "Service Unavailable")
    }
}

extension Failure {
    /// A caller cancelled the turn.
    static let turnCancelled = Failure(.turnCancelled, "The turn was cancelled.")

    /// The turn was running when the server died or was stopped.
    static let turnInterrupted = Failure(
        .turnInterrupted, "The server stopped while it answered; send the message again.")
}
