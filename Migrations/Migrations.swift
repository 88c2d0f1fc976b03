/// The schema's history: every migration's name and SQL, in the order they are applied.
public enum MigrationFiles {
    /// All migrations, oldest first; a file in this folder that is missing here fails a test.
    public static let all: [(name: String, sql: String)] = [
        ("0001_create_sessions", text(PackageResources._001_create_sessions_sql)),
        ("0002_create_orders", text(PackageResources._002_create_orders_sql)),
        ("0003_create_complaints", text(PackageResources._003_create_complaints_sql)),
        ("0004_create_emails", text(PackageResources._004_create_emails_sql)),
        ("0005_create_messages", text(PackageResources._005_create_messages_sql)),
        (
            "0006_create_idempotency_keys",
            text(PackageResources._006_create_idempotency_keys_sql)
        ),
        ("0007_create_agent_inboxes", text(PackageResources._007_create_agent_inboxes_sql)),
        ("0008_create_inbox_messages", text(PackageResources._008_create_inbox_messages_sql)),
        ("0009_create_webhook_secrets", text(PackageResources._009_create_webhook_secrets_sql)),
        ("0010_create_customers", text(PackageResources._010_create_customers_sql)),
        ("0011_create_ticket_orders", text(PackageResources._011_create_ticket_orders_sql)),
        ("0012_create_users", text(PackageResources._012_create_users_sql)),
        ("0013_add_callers", text(PackageResources._013_add_callers_sql)),
        ("0014_create_token_usage", text(PackageResources._014_create_token_usage_sql)),
        ("0015_index_tool_effects", text(PackageResources._015_index_tool_effects_sql)),
        ("0016_recheck_messages", text(PackageResources._016_recheck_messages_sql)),
        ("0017_create_open_refunds", text(PackageResources._017_create_open_refunds_sql)),
        ("0018_index_login_failures", text(PackageResources._018_index_login_failures_sql)),
        ("0019_slim_message_search", text(PackageResources._019_slim_message_search_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
