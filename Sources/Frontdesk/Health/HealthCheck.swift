/// What an agent said of its health, once.
struct HealthCheck: Sendable {
    /// What an agent can say.
    enum Status: String, CaseIterable, Sendable {
        case healthy = "HEALTHY"
        case unhealthy = "UNHEALTHY"
    }

    let id: String
    let status: Status
    /// The JSON object that came with it, if one did.
    let details: String?
    /// When it was so, as the agent says.
    let reportedAt: Timestamp
    /// When it came in.
    let receivedAt: Timestamp
}

/// A report as it comes in.
struct HealthReport: Sendable {
    let key: Mapping.Key
    let status: HealthCheck.Status
    let details: String?
    /// When it was so; nil means now.
    let reportedAt: Timestamp?
}

/// When reports and silence make a difference.
struct HealthRules: Sendable {
    /// Reports of ill health in a row that make an agent inactive.
    let unhealthyAfter: Int
    /// Reports of good health in a row that make it active again.
    let healthyAfter: Int
    /// Seconds of silence that make it stale; nil when silence means nothing.
    let staleAfter: Double?
    /// Seconds for which reports are kept.
    let retention: Double

    /// How far into the future an agent's clock may be, in seconds.
    static let tolerance = 300.0

    /// The rules of a configuration.
    init(_ configuration: Configuration.Router) {
        unhealthyAfter = configuration.unhealthyAfter
        healthyAfter = configuration.healthyAfter
        staleAfter =
            configuration.staleAfterSeconds > 0 ? Double(configuration.staleAfterSeconds) : nil
        retention = Double(configuration.healthRetentionDays) * 86_400
    }
}

extension Mapping {
    /// Takes in the newest report, which may make the agent inactive, or active again.
    mutating func note(_ word: HealthCheck.Status, at instant: Timestamp, _ rules: HealthRules) {
        let said: Health = word == .healthy ? .healthy : .unhealthy
        healthStreak = health == said ? healthStreak + 1 : 1
        health = said
        lastHealthCheckAt = instant
        switch word {
        case .unhealthy where healthStreak >= rules.unhealthyAfter:
            // What a person or the receiver said is more than a report can say.
            if status == .active || reason == .stale { deactivate(.health) }
        case .healthy where healthStreak >= rules.healthyAfter:
            if reason == .health || reason == .stale {
                status = .active
                reason = nil
            }
        default: break
        }
    }

    /// Takes in that the agent has fallen silent.
    mutating func noteSilence() {
        health = .stale
        healthStreak = 0
        if status == .active { deactivate(.stale) }
    }
}
