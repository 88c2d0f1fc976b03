import JSON

/// One message of a session, as history shows it.
struct Message: Sendable {
    /// Who speaks.
    enum Role: String, CaseIterable, Sendable {
        case user, assistant, system
    }

    /// What became of it; the last three only of user messages whose turn brought no reply.
    enum Status: String, CaseIterable, Sendable {
        case pending, complete, failed, cancelled, interrupted
    }

    let id: String
    /// 1, 2, 3 … within the session, without gaps.
    let seq: Int
    let role: Role
    let content: String
    let requestID: String
    let createdAt: Timestamp
    let status: Status
    /// Why there is no reply.
    var errorCode: String?
    /// JSON array of the tools called, for an assistant's message that used any.
    var toolCalls: String?
}
