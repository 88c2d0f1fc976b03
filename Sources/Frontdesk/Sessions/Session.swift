import JSON

/// A conversation of one customer with the agent.
struct Session: Sendable {
    /// Which session: its tenant and its id within the tenant.
    struct Key: Hashable, Sendable {
        let tenant: Tenant
        let id: String
    }

    let key: Key
    /// The JSON object the creator sent, as sent.
    let metadata: String
    /// How many messages it holds.
    var messageCount: Int
    /// Who created it, when signed in.
    var subject: String?
    /// Who answers: `bot` or `human`.
    let owner: String
    let createdAt: Timestamp
    /// The newest of creation, user message and reply.
    let lastActivity: Timestamp
}

/// Who asks for a session: what a new one remembers, and whether others' are out of reach.
struct SessionVisitor: Sendable {
    /// `Caller.identity`; nil without a credential.
    let identity: String?
    /// Whether only sessions that they created themselves are theirs to see.
    let seesOnlyOwn: Bool

    /// Whoever it is, they may see every session of the tenant.
    static let anyone = SessionVisitor(identity: nil, seesOnlyOwn: false)

    /// The only subject whose sessions are to be seen, nil for all.
    var onlySubject: String? { seesOnlyOwn ? identity ?? "" : nil }

    /// Throws 403 when the session of this subject is somebody else's.
    func check(_ subject: String?) throws {
        guard !seesOnlyOwn || (subject != nil && subject == identity) else {
            throw Failure(.notOwner, "This session belongs to somebody else.")
        }
    }
}

extension Caller {
    /// The caller as one who asks for sessions.
    var visitor: SessionVisitor {
        SessionVisitor(identity: identity, seesOnlyOwn: seesOnlyOwn)
    }
}

/// What decides how long sessions live (conversations.md, section 2).
struct SessionLifetime: Sendable {
    /// Idle seconds after which a session is expired.
    let ttl: Double
    /// Seconds from expiry until the sweeper removes it.
    let purgeAfter: Double

    /// The times of a configuration.
    init(_ configuration: Configuration.Sessions) {
        ttl = configuration.ttlHours * 3600
        purgeAfter = configuration.purgeAfterHours * 3600
    }

    /// Sessions last active before this instant are expired at `now`.
    func expiry(at now: Timestamp) -> Timestamp {
        now.adding(seconds: -ttl)
    }

    /// Sessions last active before this instant are due for the sweeper at `now`.
    func purge(at now: Timestamp) -> Timestamp {
        now.adding(seconds: -(ttl + purgeAfter))
    }
}

extension Failure {
    /// 404: no such session, or one that was deleted.
    static func sessionNotFound(_ key: Session.Key) -> Failure {
        Failure(
            .sessionNotFound, "No session '\(key.id)' in tenant '\(key.tenant.name)'.")
    }

    /// 410: the session was idle for too long.
    static func sessionExpired(_ key: Session.Key) -> Failure {
        Failure(
            .sessionExpired,
            "Session '\(key.id)' in tenant '\(key.tenant.name)' has expired; create a new one.")
    }
}
