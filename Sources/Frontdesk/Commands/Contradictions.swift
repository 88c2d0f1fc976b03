import SQLite

/// Where one table says something else than another, which no constraint of the schema forbids.
enum Contradictions {
    /// What must not be there, and how a row of it reads.
    private struct Rule {
        let text: @Sendable (borrowing Row) throws -> String
        let rows: SQL
    }

    /// How many rows of a rule are told.
    private static let told = 20

    /// One sentence for each contradiction, at most 20 of a kind.
    ///
    /// What is being removed is left out: its rows go in batches, children before parents.
    static func find(in connection: borrowing Connection) throws -> [String] {
        var sentences: [String] = []
        for rule in rules {
            let found = try connection.all("\(rule.rows) LIMIT \(told + 1)") { try rule.text($0) }
            sentences += found.prefix(told)
            if found.count > told { sentences.append("and more like the one before") }
        }
        return sentences
    }

    private static let rules = [
        Rule(
            text: { row in
                "session \(try row.text(1)) of tenant \(try row.text(0)) counts "
                    + "\(try row.integer(2)) messages and has \(try row.integer(3))"
            },
            rows: """
                SELECT tenant_id, session_id, message_count, held FROM (
                    SELECT session.tenant_id, session.session_id, session.message_count,
                           (SELECT count(*) FROM messages message
                            WHERE message.tenant_id = session.tenant_id
                              AND message.session_id = session.session_id) AS held
                    FROM sessions session WHERE session.removing_since IS NULL)
                WHERE message_count <> held
                """),
        Rule(
            text: { row in
                "tenant \(try row.text(0)) counts \(try row.integer(2)) sessions last active in "
                    + "\(try row.text(1))0 and has \(try row.integer(3))"
            },
            rows: """
                SELECT tenant_id, active_in, sum(counted), sum(held) FROM (
                    SELECT tenant_id, active_in, sessions AS counted, 0 AS held
                    FROM session_counts
                    UNION ALL
                    SELECT tenant_id, substr(last_activity, 1, 15), 0, count(*) FROM sessions
                    WHERE removing_since IS NULL GROUP BY 1, 2)
                GROUP BY tenant_id, active_in HAVING sum(counted) <> sum(held)
                """),
        Rule(
            text: { "message \(try $0.text(0)) is missing in the search index" },
            rows: """
                SELECT message.message_id FROM messages message
                WHERE NOT EXISTS (SELECT 1 FROM message_search entry
                                  WHERE entry.rowid = message.row_no)
                """),
        Rule(
            text: { "the search index has an entry for row \(try $0.integer(0)) of no message" },
            rows: """
                SELECT entry.rowid FROM message_search entry
                WHERE NOT EXISTS (SELECT 1 FROM messages message
                                  WHERE message.row_no = entry.rowid)
                """),
        Rule(
            text: { row in
                "tenant \(try row.text(0)) counts \(try row.integer(4)) mappings that are "
                    + "\(try row.text(1)), go to \(try row.text(2)) and belong to team "
                    + "'\(try row.text(3))', and has \(try row.integer(5))"
            },
            rows: """
                SELECT tenant_id, status, inbox_destination_type, owner_team,
                       sum(counted), sum(held)
                FROM (
                    SELECT tenant_id, status, inbox_destination_type, owner_team,
                           mappings AS counted, 0 AS held
                    FROM agent_inbox_counts
                    UNION ALL
                    SELECT tenant_id, status, inbox_destination_type, coalesce(owner_team, ''),
                           0, count(*)
                    FROM agent_inboxes WHERE removing_since IS NULL GROUP BY 1, 2, 3, 4)
                GROUP BY 1, 2, 3, 4 HAVING sum(counted) <> sum(held)
                """),
        Rule(
            text: { row in
                "inbox \(try row.text(1)) of tenant \(try row.text(0)) counts "
                    + "\(try row.integer(3)) messages that are \(try row.text(2)) and has "
                    + "\(try row.integer(4))"
            },
            rows: """
                SELECT tenant_id, ai_agent_address, state, sum(counted), sum(held) FROM (
                    SELECT tenant_id, ai_agent_address, column1 AS state,
                           CASE column1 WHEN 'ready' THEN ready WHEN 'delayed' THEN delayed
                                        WHEN 'held' THEN held WHEN 'leased' THEN leased
                                        ELSE dead END AS counted, 0 AS held
                    FROM inbox_depths,
                         (VALUES ('ready'), ('delayed'), ('held'), ('leased'), ('dead'))
                    UNION ALL
                    SELECT tenant_id, ai_agent_address, state, 0, count(*) FROM inbox_messages
                    WHERE state IN ('ready', 'delayed', 'held', 'leased', 'dead')
                    GROUP BY 1, 2, 3)
                WHERE (tenant_id, ai_agent_address) NOT IN (
                    SELECT tenant_id, ai_agent_address FROM agent_inboxes
                    WHERE removing_since IS NOT NULL)
                GROUP BY 1, 2, 3 HAVING sum(counted) <> sum(held)
                """),
        Rule(
            text: { row in
                "inbox \(try row.text(1)) of tenant \(try row.text(0)) counts "
                    + "\(try row.integer(2)) health reports and has \(try row.integer(3))"
            },
            rows: """
                SELECT tenant_id, ai_agent_address, health_checks, held FROM (
                    SELECT inbox.tenant_id, inbox.ai_agent_address, inbox.health_checks,
                           (SELECT count(*) FROM agent_health_checks report
                            WHERE report.tenant_id = inbox.tenant_id
                              AND report.ai_agent_address = inbox.ai_agent_address) AS held
                    FROM agent_inboxes inbox WHERE inbox.removing_since IS NULL)
                WHERE health_checks <> held
                """),
    ]
}
