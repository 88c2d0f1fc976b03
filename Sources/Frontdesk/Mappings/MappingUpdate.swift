/// What a person changes about a mapping; what is not named stays as it is.
struct MappingUpdate: Sendable {
    var destinationType: Mapping.DestinationType?
    var inboxName: String?
    var status: Mapping.Status?
    /// A new description, or nil inside to take it away.
    var description: String??
    /// A new owner team, or nil inside to take it away.
    var ownerTeam: String??
}

extension Mapping {
    /// Changes what `update` names. Throws when the result would have a name that does not fit
    /// its type.
    mutating func apply(_ update: MappingUpdate) throws {
        if let type = update.destinationType { destinationType = type }
        if let name = update.inboxName { inboxName = name }
        if update.destinationType != nil || update.inboxName != nil,
            let problem = destinationType.problem(withName: inboxName)
        {
            throw Failure.invalid("inboxName", problem)
        }
        if let description = update.description { self.description = description }
        if let team = update.ownerTeam { ownerTeam = team }
        switch update.status {
        case .active:
            status = .active
            reason = nil
        case .inactive: deactivate(.manual)
        case nil: break
        }
    }

    /// Takes no more messages, for a reason that replaces any other.
    mutating func deactivate(_ reason: Reason) {
        status = .inactive
        self.reason = reason
    }

    /// What a search looks into: address, description and owner team without regard to case.
    var searchKey: String {
        [key.address, description ?? "", ownerTeam ?? ""].joined(separator: Mapping.fieldMark)
            .lowercased()
    }

    /// Stands between the fields of a search key, where no sensible search text holds it.
    private static let fieldMark = "\u{1F}"
}

/// The state of a mapping that a caller has seen (RFC 9110, section 13.1.1).
struct MappingCondition: Sendable {
    /// The tags that are fine; nil when any state is.
    private let tags: [String]?

    /// Reads `If-Match`; several fields count as one.
    init(_ fields: [String]) {
        let words = fields.joined(separator: ",").split(separator: ",").map { part in
            String(part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })
        }
        tags = fields.isEmpty || words.contains("*") ? nil : words
    }

    /// Throws 412 when the mapping is in another state.
    func check(_ mapping: Mapping) throws {
        guard let tags, !tags.contains(mapping.entityTag) else { return }
        throw Failure(
            .etagMismatch,
            "Agent '\(mapping.key.address)' has changed since; read it again and repeat.")
    }
}

extension Mapping {
    /// A tag that no two states of a mapping share, not even one registered anew.
    var entityTag: String { "\"\(registeredAt.microseconds)-\(version)\"" }
}
