import SQLite

extension MappingStore {
    /// A page of the tenant's mappings by address, and the total of all pages.
    func list(
        _ tenant: Tenant, _ search: MappingSearch, limit: Int, after address: String?
    ) throws -> (mappings: [Mapping], total: Int) {
        let condition = MappingStore.condition(tenant, search)
        return try database.read { connection in
            let mappings = try connection.all(
                """
                SELECT ai_agent_address, inbox_destination_type, inbox_name, status,
                       status_reason, description, owner_team, health_status, health_streak,
                       health_checks, last_health_check_at, last_heard_at, updated_by, version,
                       registered_at, updated_at
                FROM agent_inboxes
                WHERE \(condition) AND ai_agent_address > \(address ?? "")
                ORDER BY ai_agent_address
                LIMIT \(limit)
                """
            ) { try MappingStore.mapping($0, of: tenant) }
            guard search.text != nil else {
                return (mappings, try MappingCounts.total(tenant, search, in: connection))
            }
            // A part of a text may stand anywhere: every row is looked at, whatever the page.
            let total = try connection.first(
                "SELECT count(*) FROM agent_inboxes WHERE \(condition)"
            ) { try $0.integer(0) }
            return (mappings, total ?? 0)
        }
    }

    private static func condition(_ tenant: Tenant, _ search: MappingSearch) -> SQL {
        var terms: [SQL] = ["tenant_id = \(tenant.name)", "removing_since IS NULL"]
        if let status = search.status { terms.append("status = \(status.rawValue)") }
        if let type = search.destinationType {
            terms.append("inbox_destination_type = \(type.rawValue)")
        }
        if let team = search.ownerTeam { terms.append("owner_team = \(team)") }
        if let text = search.text {
            terms.append("search_key LIKE \(text.lowercased().partPattern) ESCAPE '\\'")
        }
        return terms.joined(by: " AND ")
    }

    /// How many mappings there are by status, over all tenants.
    func counts() throws -> [String: Int] {
        try database.read { try MappingCounts.byStatus(in: $0) }
    }
}
