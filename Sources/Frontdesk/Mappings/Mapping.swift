/// Where the messages of one agent address go, and whether the agent takes any.
struct Mapping: Sendable, Equatable {
    /// Which mapping: its tenant and the agent's address within the tenant.
    struct Key: Hashable, Sendable {
        let tenant: Tenant
        let address: String
    }

    /// Whether messages are taken for the agent.
    enum Status: String, CaseIterable, Sendable {
        case active = "ACTIVE"
        case inactive = "INACTIVE"
    }

    /// Why a mapping is inactive.
    enum Reason: String, CaseIterable, Sendable {
        /// A person said so, which wins over whatever the agent reports.
        case manual
        /// The agent said that it is not well.
        case health
        /// The agent fell silent.
        case stale
        /// The receiver answered that it is gone for good.
        case gone
    }

    /// What is known of the agent's health.
    enum Health: String, CaseIterable, Sendable {
        case healthy = "HEALTHY"
        case unhealthy = "UNHEALTHY"
        /// It has reported before and fell silent.
        case stale = "STALE"
    }

    /// What kind of place messages go to; types that nobody here knows are kept as they are.
    struct DestinationType: RawRepresentable, Hashable, Sendable {
        let rawValue: String

        /// Messages wait in this server until they are pulled.
        static let frontdeskInbox = DestinationType(rawValue: "FRONTDESK_INBOX")
        /// Messages are posted to a URL.
        static let httpWebhook = DestinationType(rawValue: "HTTP_WEBHOOK")
        /// Messages are published to a topic of Google Cloud Pub/Sub.
        static let pubSubTopic = DestinationType(rawValue: "GCP_PUBSUB_TOPIC")
    }

    let key: Key
    var destinationType: DestinationType
    /// The topic, the URL or the label that messages go to.
    var inboxName: String
    var status: Status
    /// Why it is inactive; nil while it is active.
    var reason: Reason?
    var description: String?
    var ownerTeam: String?
    /// What the newest report says; nil before the first.
    var health: Health?
    /// How many of the newest reports in a row say so.
    var healthStreak: Int
    /// How many reports are kept.
    var healthChecks: Int
    /// The newest report's own time.
    var lastHealthCheckAt: Timestamp?
    /// When a report last came in.
    var lastHeardAt: Timestamp?
    /// Who made the last change.
    var updatedBy: String
    /// Grows with every change.
    var version: Int
    let registeredAt: Timestamp
    var updatedAt: Timestamp
}

extension Failure {
    /// 404: no such agent, or one whose record was removed.
    static func agentNotFound(_ key: Mapping.Key) -> Failure {
        Failure(
            .agentNotFound, "No agent '\(key.address)' in tenant '\(key.tenant.name)'.")
    }
}

extension Failure.Code {
    static let agentNotFound = Failure.Code(
        word: "agent_not_found", status: 404, title: "Agent Not Found")
    static let agentExists = Failure.Code(word: "agent_exists", status: 409, title: "Conflict")
    static let etagMismatch = Failure.Code(
        word: "etag_mismatch", status: 412, title: "Precondition Failed")
}
