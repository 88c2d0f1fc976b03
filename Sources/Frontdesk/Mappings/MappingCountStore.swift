import SQLite

/// Totals of mappings by what lists are narrowed to, so that no list counts rows.
enum MappingCounts {
    /// Counts a mapping in (or out, when negative).
    static func add(
        _ amount: Int, _ mapping: Mapping, in connection: borrowing Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO agent_inbox_counts
                (tenant_id, status, inbox_destination_type, owner_team, mappings)
            VALUES
                (\(mapping.key.tenant.name), \(mapping.status.rawValue),
                 \(mapping.destinationType.rawValue), \(mapping.ownerTeam ?? ""), \(amount))
            ON CONFLICT (tenant_id, status, inbox_destination_type, owner_team)
            DO UPDATE SET mappings = agent_inbox_counts.mappings + excluded.mappings
            """)
        guard amount < 0 else { return }
        try connection.execute(
            """
            DELETE FROM agent_inbox_counts
            WHERE tenant_id = \(mapping.key.tenant.name) AND status = \(mapping.status.rawValue)
              AND inbox_destination_type = \(mapping.destinationType.rawValue)
              AND owner_team = \(mapping.ownerTeam ?? "") AND mappings = 0
            """)
    }

    /// Counts a mapping from what it was to what it is; free when it stays where it is counted.
    static func move(
        from before: Mapping, to after: Mapping, in connection: borrowing Connection
    ) throws {
        guard
            before.status != after.status || before.destinationType != after.destinationType
                || before.ownerTeam != after.ownerTeam
        else { return }
        try add(-1, before, in: connection)
        try add(1, after, in: connection)
    }

    /// How many mappings of the tenant meet the criteria, whose `text` is not looked at.
    static func total(
        _ tenant: Tenant, _ search: MappingSearch, in connection: borrowing Connection
    ) throws -> Int {
        var terms: [SQL] = ["tenant_id = \(tenant.name)"]
        if let status = search.status { terms.append("status = \(status.rawValue)") }
        if let type = search.destinationType {
            terms.append("inbox_destination_type = \(type.rawValue)")
        }
        if let team = search.ownerTeam { terms.append("owner_team = \(team)") }
        return try connection.first(
            """
            SELECT coalesce(sum(mappings), 0) FROM agent_inbox_counts
            WHERE \(terms.joined(by: " AND "))
            """
        ) { try $0.integer(0) } ?? 0
    }

    /// How many mappings there are by status, over all tenants.
    static func byStatus(in connection: borrowing Connection) throws -> [String: Int] {
        let sums = try connection.all(
            "SELECT status, sum(mappings) FROM agent_inbox_counts GROUP BY status"
        ) { (try $0.text(0), try $0.integer(1)) }
        return Dictionary(sums) { $0 + $1 }
    }
}
