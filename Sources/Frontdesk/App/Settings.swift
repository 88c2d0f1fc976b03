extension Setting {
    /// Every key, in the order in which `config` prints them and `config.example.json` lists them.
    static let all: [Setting] =
        server + storage + conversations + agent + email + router + tickets + auth + payments
        + operations

    private static let server: [Setting] = [
        .text("server.host", \.server.host) { $0.isEmpty ? "must not be empty" : nil },
        .integer("server.port", \.server.port, 0...65_535),
        .integer("server.threads", \.server.threads, 0...256),
        .integer("server.max_body_bytes", \.server.maxBodyBytes, 1024...67_108_864),
        .integer("server.max_connections", \.server.maxConnections, 1...1_000_000),
        .integer("server.idle_timeout_seconds", \.server.idleTimeoutSeconds, 1...3600),
        .integer("server.read_timeout_seconds", \.server.readTimeoutSeconds, 1...3600),
        .integer("server.shutdown_seconds", \.server.shutdownSeconds, 0...3600),
        .text("server.tls_certificate", \.server.tlsCertificate),
        .text("server.tls_key", \.server.tlsKey),
        .list("server.trusted_proxies", \.server.trustedProxies),
        .list("server.cors_origins", \.server.corsOrigins, check: checkOrigin),
    ]

    private static let storage: [Setting] = [
        .text("database.path", \.database.path) { $0.isEmpty ? "must not be empty" : nil },
        .integer("database.readers", \.database.readers, 1...64),
        .choice("database.synchronous", \.database.synchronous),
        .integer("database.busy_timeout_ms", \.database.busyTimeoutMS, 0...600_000),
        .integer("database.write_queue", \.database.writeQueue, 1...1_000_000),
    ]

    private static let conversations: [Setting] = [
        .number("sessions.ttl_hours", \.sessions.ttlHours, 0.0001...876_000),
        .number("sessions.purge_after_hours", \.sessions.purgeAfterHours, 0...876_000),
        .flag("sessions.auto_create", \.sessions.autoCreate),
        .choice("sessions.admission", \.sessions.admission),
        .integer("sessions.lane_depth", \.sessions.laneDepth, 0...100_000),
        .flag("cleanup.enabled", \.cleanup.enabled),
        .integer("cleanup.interval_seconds", \.cleanup.intervalSeconds, 1...86_400),
        .integer("cleanup.batch", \.cleanup.batch, 1...10_000),
    ]

    private static let agent: [Setting] = [
        .choice("agent.provider", \.agent.provider),
        .text("agent.model", \.agent.model),
        .text("agent.base_url", \.agent.baseURL, check: checkModelServer),
        .text("agent.api_key_env", \.agent.apiKeyEnv),
        .text("agent.system_prompt", \.agent.systemPrompt, allowsLines: true),
        .integer("agent.timeout_seconds", \.agent.timeoutSeconds, 1...3600),
        .integer("agent.max_tool_rounds", \.agent.maxToolRounds, 0...100),
        .integer("agent.history_messages", \.agent.historyMessages, 0...1000),
        .integer("agent.max_output_tokens", \.agent.maxOutputTokens, 1...1_000_000),
        .integer("agent.max_tokens_per_turn", \.agent.maxTokensPerTurn, 0...1_000_000_000),
        .integer(
            "agent.daily_tokens_per_tenant", \.agent.dailyTokensPerTenant,
            0...1_000_000_000_000),
        .integer("agent.stream_flush_ms", \.agent.streamFlushMS, 0...10_000),
        .integer("agent.max_concurrent_turns", \.agent.maxConcurrentTurns, 1...10_000),
        .flag("agent.bind_customer", \.agent.bindCustomer),
        .list("agent.order_statuses", \.agent.orderStatuses) { word in
            ["CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED"].contains(word)
                ? nil
                : "must hold only 'CONFIRMED', 'SHIPPED', 'DELIVERED' and 'CANCELLED'"
        },
        .flag("agent.ticket_tools", \.agent.ticketTools),
        .flag("mcp.serve", \.mcp.serve),
        .objects("mcp.servers", \.mcp.servers, write: Upstream.listed, read: Upstream.read),
    ]

    private static let email: [Setting] = [
        .text("email.smtp_url", \.email.smtpURL, check: checkMailServer),
        .choice("email.starttls", \.email.starttls),
        .text("email.username", \.email.username),
        .text("email.password_env", \.email.passwordEnv),
        .text("email.sender", \.email.sender) { sender in
            sender.isEmpty || sender.contains("@") ? nil : "must be an e-mail address, or empty"
        },
        .text("email.sender_name", \.email.senderName),
        .list("email.allowed_recipients", \.email.allowedRecipients),
        .text("email.attachments_dir", \.email.attachmentsDir),
        .integer(
            "email.max_attachment_bytes", \.email.maxAttachmentBytes, 1...104_857_600),
    ]

    private static let router: [Setting] = [
        .integer("router.unhealthy_after", \.router.unhealthyAfter, 1...1000),
        .integer("router.healthy_after", \.router.healthyAfter, 1...1000),
        .integer("router.stale_after_seconds", \.router.staleAfterSeconds, 0...31_536_000),
        .integer("router.health_retention_days", \.router.healthRetentionDays, 1...3650),
        .integer("router.health_sweep_seconds", \.router.healthSweepSeconds, 1...3600),
        .flag("router.park_inactive", \.router.parkInactive),
        .integer("router.max_inbox_depth", \.router.maxInboxDepth, 1...100_000_000),
        .integer("router.max_delivery_attempts", \.router.maxDeliveryAttempts, 1...1000),
        .integer("router.message_retention_days", \.router.messageRetentionDays, 1...3650),
        .integer(
            "router.dead_letter_retention_days", \.router.deadLetterRetentionDays, 1...3650),
        .flag("router.webhook_allow_private", \.router.webhookAllowPrivate),
        .integer("router.breaker_failures", \.router.breakerFailures, 1...1_000_000),
        .integer("router.breaker_seconds", \.router.breakerSeconds, 1...86_400),
        .text("router.pubsub_endpoint", \.router.pubsubEndpoint, check: checkEndpoint),
        .text("router.pubsub_credentials", \.router.pubsubCredentials),
    ]

    private static let operations: [Setting] = [
        .flag("rate_limit.enabled", \.rateLimit.enabled),
        .integer("rate_limit.requests_per_minute", \.rateLimit.requestsPerMinute, 1...1_000_000),
        .integer("rate_limit.burst", \.rateLimit.burst, 0...1_000_000),
        .choice("log.level", \.log.level),
        .choice("log.format", \.log.format),
        .flag("docs.enabled", \.docs.enabled),
        .text("docs.swagger_ui_base", \.docs.swaggerUIBase),
        .text("docs.redoc_base", \.docs.redocBase),
        .text("info.contact_name", \.info.contactName),
        .text("info.contact_email", \.info.contactEmail),
        .text("info.contact_url", \.info.contactURL),
    ]

    @Sendable private static func checkMailServer(_ url: String) -> String? {
        if url.isEmpty { return nil }
        guard url.hasPrefix("smtp://") || url.hasPrefix("smtps://") else {
            return "must begin with 'smtp://' or 'smtps://', or be empty"
        }
        // What stands here is printed and logged.
        return url.contains("@")
            ? "must not hold a user or a password: use 'email.username' and "
                + "'email.password_env'" : nil
    }

    @Sendable private static func checkEndpoint(_ url: String) -> String? {
        // Tokens go there, so it is either encrypted or this very machine.
        let isFine =
            url.hasPrefix("https://") || url.hasPrefix("http://127.0.0.1:")
            || url.hasPrefix("http://localhost:")
        // What stands here is printed.
        return isFine && !url.contains("@")
            ? nil
            : "must begin with 'https://', or be on this machine as 'http://127.0.0.1:8085', and "
                + "hold no user or password"
    }

    @Sendable private static func checkModelServer(_ url: String) -> String? {
        if url.isEmpty { return nil }
        guard url.hasPrefix("http://") || url.hasPrefix("https://"),
            WebAuthority(url) != nil
        else { return "must begin with 'http://' or 'https://', or be empty" }
        // What stands here is printed.
        return url.contains("@")
            ? "must not hold a user or a password: use 'agent.api_key_env'" : nil
    }

    @Sendable private static func checkOrigin(_ origin: String) -> String? {
        let isOrigin =
            (origin.hasPrefix("http://") || origin.hasPrefix("https://"))
            && !origin.hasSuffix("/")
        return origin == "*" || isOrigin
            ? nil : "must hold origins such as 'https://shop.example.com', or '*'"
    }
}
