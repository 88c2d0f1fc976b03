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
    /// Who answers: `bot` or `human`.
    let owner: String
    let createdAt: Timestamp
    /// The newest of creation, user message and reply.
    let lastActivity: Timestamp
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
