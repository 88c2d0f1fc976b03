import SQLite

/// Agent mappings in the database: finding them, and the one place where they change.
struct MappingStore: Sendable {
    let database: Database
    let clock: Clock
    /// Rows removed in one write.
    let batch: Int
    /// What follows a change within its transaction; it may run twice, so it only writes rows.
    var follow: @Sendable (MappingChange, borrowing Connection) throws -> Void = { _, _ in }
    /// What follows a change once it is durable.
    var announce: @Sendable (MappingChange) -> Void = { _ in }

    /// The mapping, nil when there is none.
    func find(_ key: Mapping.Key) throws -> Mapping? {
        try database.read { connection in try MappingStore.find(key, in: connection) }
    }

    /// The mapping. Throws 404 when there is none.
    func require(_ key: Mapping.Key) throws -> Mapping {
        guard let mapping = try find(key) else { throw Failure.agentNotFound(key) }
        return mapping
    }

    /// `require` within a transaction.
    static func require(
        _ key: Mapping.Key, in connection: borrowing Connection
    ) throws -> Mapping {
        guard let mapping = try find(key, in: connection) else {
            throw Failure.agentNotFound(key)
        }
        return mapping
    }

    /// `find` within a transaction.
    static func find(_ key: Mapping.Key, in connection: borrowing Connection) throws -> Mapping? {
        try connection.first(
            """
            SELECT ai_agent_address, inbox_destination_type, inbox_name, status, status_reason,
                   description, owner_team, health_status, health_streak, health_checks,
                   last_health_check_at, last_heard_at, updated_by, version, registered_at,
                   updated_at
            FROM agent_inboxes
            WHERE tenant_id = \(key.tenant.name) AND ai_agent_address = \(key.address)
              AND removing_since IS NULL
            """
        ) { try mapping($0, of: key.tenant) }
    }

    /// The mapping in a row that holds the columns in the order of `find`.
    static func mapping(_ row: borrowing Row, of tenant: Tenant) throws -> Mapping {
        Mapping(
            key: Mapping.Key(tenant: tenant, address: try row.text(0)),
            destinationType: Mapping.DestinationType(rawValue: try row.text(1)),
            inboxName: try row.text(2), status: try row.choice(3),
            reason: row.isNull(4) ? nil : try row.choice(4), description: try row.textOrNil(5),
            ownerTeam: try row.textOrNil(6), health: row.isNull(7) ? nil : try row.choice(7),
            healthStreak: try row.integer(8), healthChecks: try row.integer(9),
            lastHealthCheckAt: try row.timestampOrNil(10),
            lastHeardAt: try row.timestampOrNil(11), updatedBy: try row.text(12),
            version: try row.integer(13), registeredAt: try row.timestamp(14),
            updatedAt: try row.timestamp(15))
    }
}

/// Who changes a mapping: the name its record shows, and the request that asks for it.
struct MappingAuthor: Sendable {
    let name: String
    var requestID: String?
}

/// A mapping before and after a change.
struct MappingChange: Sendable {
    let before: Mapping
    let after: Mapping
    /// The request that made it, if one did.
    let requestID: String?

    /// Whether messages go to another place than before.
    var changesPlace: Bool {
        before.destinationType != after.destinationType || before.inboxName != after.inboxName
    }

    /// Whether messages may go another way than before: to another place, or on, or nowhere.
    var changesDelivery: Bool { before.status != after.status || changesPlace }
}

// MARK: - Changing

extension MappingStore {
    /// Changes a mapping by `edit` in a transaction of its own and returns what it has become.
    ///
    /// Throws 404 when there is none. Nothing is stored when `edit` changes nothing and returns
    /// false.
    func change(
        _ key: Mapping.Key, by author: MappingAuthor,
        _ edit: @escaping @Sendable (inout Mapping) throws -> Bool
    ) async throws -> Mapping {
        let (mapping, change) = try await database.write { connection in
            var mapping = try MappingStore.require(key, in: connection)
            guard try edit(&mapping) else { return (mapping, MappingChange?.none) }
            let change = try save(mapping, by: author, in: connection)
            return (change.after, change)
        }
        if let change { announce(change) }
        return mapping
    }

    /// Stores a changed mapping: every change of a status or a destination passes here, with what
    /// follows from it. The caller announces the change after the commit.
    func save(
        _ changed: Mapping, by author: MappingAuthor, in connection: borrowing Connection
    ) throws -> MappingChange {
        let before = try MappingStore.require(changed.key, in: connection)
        var mapping = changed
        mapping.version = before.version + 1
        mapping.updatedBy = author.name
        mapping.updatedAt = clock.now()
        try MappingStore.update(mapping, requestID: author.requestID, in: connection)
        try MappingCounts.move(from: before, to: mapping, in: connection)
        let change = MappingChange(before: before, after: mapping, requestID: author.requestID)
        try follow(change, connection)
        return change
    }

    private static func update(
        _ mapping: Mapping, requestID: String?, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            UPDATE agent_inboxes
            SET inbox_destination_type = \(mapping.destinationType.rawValue),
                inbox_name = \(mapping.inboxName), status = \(mapping.status.rawValue),
                status_reason = \(mapping.reason?.rawValue),
                description = \(mapping.description), owner_team = \(mapping.ownerTeam),
                search_key = \(mapping.searchKey), health_status = \(mapping.health?.rawValue),
                health_streak = \(mapping.healthStreak), health_checks = \(mapping.healthChecks),
                last_health_check_at = \(mapping.lastHealthCheckAt),
                last_heard_at = \(mapping.lastHeardAt), updated_by = \(mapping.updatedBy),
                version = \(mapping.version), updated_at = \(mapping.updatedAt),
                request_id = coalesce(\(requestID), request_id)
            WHERE tenant_id = \(mapping.key.tenant.name)
              AND ai_agent_address = \(mapping.key.address)
            """)
    }
}

// MARK: - Registering

extension MappingStore {
    /// What came of an attempt to register within one transaction.
    private enum Attempt<Outcome: Sendable>: Sendable {
        case registered(Outcome)
        /// The address is held by a record that must be removed first.
        case occupied
    }

    /// Registers an agent and returns what `finish` makes of it in the same transaction.
    ///
    /// Throws 409 `agent_exists` when the address is taken, by an inactive one too.
    func register<Outcome: Sendable>(
        _ registration: MappingRegistration, by author: MappingAuthor,
        finish: @escaping @Sendable (Mapping, borrowing Connection) throws -> Outcome
    ) async throws -> Outcome {
        let key = registration.key
        while true {
            let attempt = try await database.write { connection -> Attempt<Outcome> in
                if try MappingStore.find(key, in: connection) != nil {
                    throw Failure(
                        .agentExists,
                        "Agent '\(key.address)' already exists in tenant '\(key.tenant.name)'.")
                }
                if try MappingRemoval.isUnderWay(key, in: connection) {
                    let rest = try MappingRemoval.removeRows(
                        of: key, atMost: batch, in: connection)
                    if !rest.isDone { return .occupied }
                }
                let mapping = Mapping(registration, by: author.name, at: clock.now())
                try MappingStore.insert(
                    mapping, requestID: author.requestID ?? "", in: connection)
                return .registered(try finish(mapping, connection))
            }
            switch attempt {
            case .registered(let outcome): return outcome
            case .occupied: try await finishRemoval(of: key)
            }
        }
    }

    /// Inserts a mapping; the caller has made sure that the address is free.
    static func insert(
        _ mapping: Mapping, requestID: String, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO agent_inboxes
                (tenant_id, ai_agent_address, inbox_destination_type, inbox_name, status,
                 status_reason, description, owner_team, search_key, updated_by, request_id,
                 registered_at, updated_at)
            VALUES
                (\(mapping.key.tenant.name), \(mapping.key.address),
                 \(mapping.destinationType.rawValue), \(mapping.inboxName),
                 \(mapping.status.rawValue), \(mapping.reason?.rawValue),
                 \(mapping.description), \(mapping.ownerTeam), \(mapping.searchKey),
                 \(mapping.updatedBy), \(requestID), \(mapping.registeredAt),
                 \(mapping.updatedAt))
            """)
        try MappingCounts.add(1, mapping, in: connection)
    }
}

// MARK: - Delivering

extension MappingStore {
    /// Makes a mapping inactive because its place is gone; false when it leads elsewhere by now.
    func close(_ key: Mapping.Key, _ route: InboxStore.Route) async throws -> Bool {
        let mapping = try await change(key, by: MappingAuthor(name: "router_service/delivery")) {
            mapping in
            guard mapping.status == .active, mapping.destinationType == route.destination,
                mapping.inboxName == route.name
            else { return false }
            mapping.deactivate(.gone)
            return true
        }
        return mapping.status == .inactive
    }
}
