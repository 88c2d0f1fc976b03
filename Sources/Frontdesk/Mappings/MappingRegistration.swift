/// What a caller registers an agent with.
struct MappingRegistration: Sendable {
    let key: Mapping.Key
    let destinationType: Mapping.DestinationType
    let inboxName: String
    var description: String?
    var ownerTeam: String?
}

extension Mapping {
    /// The mapping that a registration makes: active from now on.
    init(_ registration: MappingRegistration, by author: String, at now: Timestamp) {
        self.init(
            key: registration.key, destinationType: registration.destinationType,
            inboxName: registration.inboxName, status: .active, reason: nil,
            description: registration.description, ownerTeam: registration.ownerTeam,
            health: nil, healthStreak: 0, healthChecks: 0, lastHealthCheckAt: nil,
            lastHeardAt: nil, updatedBy: author, version: 1, registeredAt: now, updatedAt: now)
    }
}
