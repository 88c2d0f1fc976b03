import HTTP
import JSON
import Testing

@testable import Frontdesk

extension SeedExample {
    /// What the service says about itself.
    static let service: [SeedExample] = [
        SeedExample(
            method: .get, path: "/",
            answer: #"""
                {"name": "Customer Service Agent API", "version": "0.1.0",
                 "status": "operational", "documentation": "/docs", "health": "/health",
                 "openapi": "/openapi.json"}
                """#,
            fixed: ["name", "version", "status", "documentation", "health", "openapi"]),
        SeedExample(
            method: .get, path: "/health",
            answer: #"""
                {"status": "healthy", "timestamp": "2026-02-20T10:30:00.123456Z",
                 "version": "0.1.0", "uptime_seconds": 3600.5,
                 "checks": {"agent_manager": true, "database": true, "mcp_server": false}}
                """#,
            fixed: [
                "status", "version", "checks.agent_manager", "checks.database",
                "checks.mcp_server",
            ]),
        SeedExample(
            method: .get, path: "/health/ready",
            answer: #"""
                {"ready": true, "status": "ready", "timestamp": "2026-02-20T10:30:00.123456Z",
                 "components": {"agent_manager": true, "database": true, "mcp_server": false}}
                """#,
            fixed: ["ready", "status", "components.mcp_server"]),
        SeedExample(
            method: .get, path: "/health/ready", status: 503,
            answer: #"""
                {"ready": false, "status": "not_ready",
                 "timestamp": "2026-02-20T10:30:00.123456Z",
                 "components": {"agent_manager": false, "database": false}}
                """#,
            fixed: ["ready", "status", "components.agent_manager"],
            prepare: { $0.app.beginStopping() }),
        SeedExample(
            method: .get, path: "/health/live",
            answer: #"{"status": "alive", "timestamp": "2026-02-20T10:30:00.123456Z"}"#,
            fixed: ["status"]),
        SeedExample(
            method: .get, path: "/info",
            answer: #"""
                {"name": "Customer Service Agent API", "version": "0.1.0",
                 "description": "REST API for AI-powered customer service agent with order management, email communication, and complaint tracking capabilities.",
                 "documentation_url": "/docs",
                 "contact": {"name": "API Support", "email": "support@example.com",
                             "url": "https://github.com/yourusername/project"}}
                """#,
            fixed: [
                "name", "version", "description", "documentation_url", "contact.name",
                "contact.email", "contact.url",
            ]),
        SeedExample(
            method: .get, path: "/info/tools",
            answer: #"""
                {"tools": [{"name": "create_new_order",
                            "description": "Create a new order for a customer",
                            "category": "order", "available": true}],
                 "total_count": 12, "categories": ["order", "email", "complaint"]}
                """#,
            fixed: ["total_count", "categories", "tools[].available"]),
    ]

    /// Sessions and messages.
    static let conversations: [SeedExample] = [
        SeedExample(
            method: .post, path: "/agent/sessions",
            body: #"""
                {"session_id": "optional-custom-id", "tenant_id": "default",
                 "metadata": {"user_name": "John Doe", "channel": "web",
                              "custom_field": "value"}}
                """#,
            status: 201,
            answer: #"""
                {"session_id": "optional-custom-id", "status": "created",
                 "message": "Session created successfully",
                 "created_at": "2026-02-20T10:30:00.123456Z",
                 "metadata": {"user_name": "John Doe", "channel": "web",
                              "custom_field": "value"}}
                """#,
            fixed: ["session_id", "status", "message", "metadata"]),
        SeedExample(
            method: .post, path: "/agent/messages",
            body: #"""
                {"session_id": "sess_abc123xyz",
                 "message": "What's the status of my order ORD-10001?",
                 "tenant_id": "default", "stream": false}
                """#,
            answer: #"""
                {"session_id": "sess_abc123xyz",
                 "response": "Your order ORD-10001 is currently in transit and expected to arrive on February 25, 2026.",
                 "status": "success", "timestamp": "2026-02-20T10:30:05.789Z",
                 "metadata": {"request_id": "req_xyz789", "tool_calls": ["search_orders"],
                              "processing_time_ms": 1234}}
                """#,
            fixed: ["session_id", "response", "status", "metadata.tool_calls"]),
        SeedExample(
            method: .get, path: "/agent/sessions",
            answer: #"""
                {"sessions": [{"session_id": "sess_abc123xyz",
                               "created_at": "2026-02-20T10:00:00Z", "message_count": 2,
                               "last_activity": "2026-02-20T10:30:00Z"}],
                 "total_count": 1, "status": "success"}
                """#,
            fixed: ["sessions[].session_id", "sessions[].message_count", "total_count", "status"],
            prepare: { try await $0.converse(in: "default") }),
        SeedExample(
            method: .delete, path: "/agent/sessions/sess_abc123xyz",
            answer: #"""
                {"session_id": "sess_abc123xyz", "status": "deleted",
                 "message": "Session deleted successfully"}
                """#,
            fixed: ["session_id", "status", "message"],
            prepare: { try await $0.converse(in: "default") }),
    ]

    /// The management of sessions.
    static let management: [SeedExample] = [
        SeedExample(
            method: .get,
            path: "/api/v1/sessions/sess_abc123xyz/history?tenant_id=customer_acme",
            answer: #"""
                {"session_id": "sess_abc123xyz", "tenant_id": "customer_acme",
                 "message_count": 2, "created_at": "2026-02-20T10:00:00.123456Z",
                 "last_activity": "2026-02-20T10:30:00.789Z",
                 "messages": [{"role": "user", "content": "Hello, I need help with my order",
                               "timestamp": "2026-02-20T10:00:15.123456Z"}]}
                """#,
            fixed: ["session_id", "tenant_id", "message_count"],
            prepare: { try await $0.converse(in: "customer_acme") }),
        SeedExample(
            method: .delete, path: "/api/v1/sessions/sess_abc123xyz?tenant_id=customer_acme",
            answer: #"""
                {"session_id": "sess_abc123xyz", "tenant_id": "customer_acme",
                 "message": "Session deleted successfully"}
                """#,
            fixed: ["session_id", "tenant_id", "message"],
            prepare: { try await $0.converse(in: "customer_acme") }),
        SeedExample(
            method: .get, path: "/api/v1/sessions/?tenant_id=customer_acme&limit=20&offset=0",
            answer: #"""
                {"sessions": [{"session_id": "sess_abc123xyz", "tenant_id": "customer_acme",
                               "message_count": 2, "created_at": "2026-02-20T10:00:00Z",
                               "last_activity": "2026-02-20T10:30:00Z"}],
                 "total": 1, "limit": 20, "offset": 0, "tenant_id": "customer_acme"}
                """#,
            fixed: [
                "sessions[].session_id", "sessions[].tenant_id", "sessions[].message_count",
                "total", "limit", "offset", "tenant_id",
            ],
            prepare: { try await $0.converse(in: "customer_acme") }),
        SeedExample(
            method: .post,
            path: "/api/v1/sessions/sess_abc123xyz/cleanup?tenant_id=customer_acme",
            answer: #"""
                {"cleaned_sessions": 1, "message": "Expired sessions cleaned up successfully"}
                """#,
            fixed: ["cleaned_sessions", "message"],
            prepare: { service in
                try await service.converse(in: "customer_acme")
                service.clock.advance(seconds: 25 * 3600)
            }),
        SeedExample(
            method: .get, path: "/api/v1/sessions/stats",
            answer: #"""
                {"total_sessions": 2, "active_sessions": 1, "expired_sessions": 1,
                 "sessions_by_tenant": {"default": 1, "customer_acme": 1},
                 "oldest_session": "2026-02-19T08:00:00Z",
                 "newest_session": "2026-02-20T10:35:00Z"}
                """#,
            fixed: [
                "total_sessions", "active_sessions", "expired_sessions", "sessions_by_tenant",
            ],
            prepare: { service in
                try await service.converse(in: "customer_acme")
                service.clock.advance(seconds: 25 * 3600)
                try await service.converse(in: "default")
            }),
    ]
}

extension Service {
    /// One message and its reply in the session of the description's examples.
    fileprivate func converse(in tenant: String) async throws {
        _ = try await post(
            "/agent/messages",
            [
                "session_id": "sess_abc123xyz", "tenant_id": .string(tenant),
                "message": "Hello, I need help with my order",
            ])
    }
}
