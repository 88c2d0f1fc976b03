import HTTP
import JSON

/// Sessions over HTTP: creating, listing, reading, deleting and counting them.
struct SessionRoutes: Sendable {
    let sessions: SessionStore
    let turns: Turns
    let idempotency: Idempotency

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/agent/sessions", Self.creating, use: create)
        router.get("/agent/sessions", Self.listing, use: index)
        router.delete("/agent/sessions/{session_id}", Self.deleting, use: delete)
        router.get("/api/v1/sessions", Self.pagedListing, use: pagedIndex)
        router.get("/api/v1/sessions/stats", Self.counting, use: stats)
        router.get("/api/v1/sessions/{session_id}", Self.showing, use: show)
        router.delete("/api/v1/sessions/{session_id}", Self.managedDeleting, use: managedDelete)
        router.post("/api/v1/sessions/{session_id}/cleanup", Self.cleaning, use: cleanup)
    }

    /// handles `POST /agent/sessions`
    @Sendable private func create(_ request: Request) throws -> Reply {
        let body = try request.body(Self.createBody, allowsEmpty: true)
        let tenant = try request.tenant(body: body)
        let id = body["session_id"]?.string ?? sessions.ids.make("sess")
        try checkSessionID(id)
        let metadata = try Self.metadataText(body["metadata"])
        let key = Session.Key(tenant: tenant, id: id)
        return .waiting {
            try await idempotency.once(request, tenant: tenant) { claim in
                let location = "/api/v1/sessions/\(id)"
                let clock = sessions.clock
                let created = try await sessions.create(
                    key, metadata: metadata, by: request.caller.visitor, requestID: request.id
                ) { session, connection in
                    let created = Created(session: session)
                    try claim?.store(
                        created, status: 201, location: location, at: clock.now(), in: connection)
                    return created
                }
                var response = Response.json(created, status: .created)
                response.headers["Location"] = location
                return response
            }
        }
    }

    /// handles `GET /agent/sessions`
    @Sendable private func index(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let tenant = try query.tenant(of: request)
        let limit = query.integer("limit", 1...1000, default: 100)
        var cursor: SessionStore.Cursor?
        if let text = query.text("cursor") {
            cursor = SessionStore.Cursor(text)
            if cursor == nil { query.refuse("cursor", "is not one that this server gave") }
        }
        try query.check()
        let page =
            if let subject = request.caller.visitor.onlySubject {
                try sessions.list(tenant, of: subject, limit: limit, after: cursor)
            } else {
                try sessions.list(tenant, limit: limit, after: cursor)
            }
        return .json { json in
            json.field("sessions", raw: page.sessions.bytes)
            json.field("total_count", page.total)
            json.field("status", "success")
            json.field("next_cursor", page.hasMore ? page.last?.text : nil)
        }
    }

    /// handles `GET /api/v1/sessions`
    @Sendable private func pagedIndex(_ request: Request) throws -> Reply {
        var query = QueryReader(request)
        let tenant = try query.tenant(of: request)
        let limit = query.integer("limit", 1...100, default: 50)
        let offset = query.integer("offset", 0...Int.max, default: 0)
        try query.check()
        // Skipping takes time by the row: far pages leave the network thread alone.
        let list: @Sendable () throws -> Response = {
            [subject = request.caller.visitor.onlySubject] in
            try pagedList(tenant, of: subject, limit: limit, offset: offset)
        }
        return offset > 1000 ? .later { try list() } : .now(try list())
    }

    private func pagedList(
        _ tenant: Tenant, of subject: String?, limit: Int, offset: Int
    ) throws -> Response {
        let page =
            if let subject {
                try sessions.list(
                    tenant, of: subject, limit: limit, offset: offset, after: nil, naming: tenant)
            } else {
                try sessions.list(tenant, limit: limit, offset: offset)
            }
        return .json { json in
            json.field("sessions", raw: page.sessions.bytes)
            json.field("total", page.total)
            json.field("limit", limit)
            json.field("offset", offset)
            json.field("tenant_id", tenant.name)
        }
    }

    /// handles `GET /api/v1/sessions/{session_id}`
    @Sendable private func show(_ request: Request) throws -> Response {
        let key = try request.session()
        let session = try sessions.require(key, for: request.caller.visitor)
        let waiting = turns.waiting(in: key)
        return .json { json in
            json.field("session_id", key.id)
            json.field("tenant_id", key.tenant.name)
            json.field("message_count", session.messageCount)
            json.field("created_at", session.createdAt.text)
            json.field("last_activity", session.lastActivity.text)
            json.field("metadata", raw: session.metadata)
            json.field(
                "expires_at", session.lastActivity.adding(seconds: sessions.lifetime.ttl).text)
            json.field("owner", session.owner)
            json.field("turns_waiting", waiting)
        }
    }

    /// handles `DELETE /agent/sessions/{session_id}`
    @Sendable private func delete(_ request: Request) async throws -> Response {
        let key = try request.session(body: try request.body(.naming, allowsEmpty: true))
        try await remove(key, for: request.caller.visitor)
        return .json { json in
            json.field("session_id", key.id)
            json.field("status", "deleted")
            json.field("message", "Session deleted successfully")
        }
    }

    /// handles `DELETE /api/v1/sessions/{session_id}`
    @Sendable private func managedDelete(_ request: Request) async throws -> Response {
        let key = try request.session(body: try request.body(.naming, allowsEmpty: true))
        try await remove(key, for: request.caller.visitor)
        return .json { json in
            json.field("session_id", key.id)
            json.field("tenant_id", key.tenant.name)
            json.field("message", "Session deleted successfully")
        }
    }

    private func remove(_ key: Session.Key, for visitor: SessionVisitor) async throws {
        // Before the turns of somebody else's session are ended.
        if visitor.seesOnlyOwn { try sessions.checkOwner(of: key, for: visitor) }
        turns.abort(key)
        try await sessions.delete(key, for: visitor)
    }

    /// handles `POST /api/v1/sessions/{session_id}/cleanup`
    @Sendable private func cleanup(_ request: Request) async throws -> Response {
        let tenant = try request.session().tenant
        let count = try await sessions.removeExpired(of: tenant)
        return .json { json in
            json.field("cleaned_sessions", count)
            json.field("message", "Expired sessions cleaned up successfully")
        }
    }

    /// handles `GET /api/v1/sessions/stats`
    @Sendable private func stats(_ request: Request) async throws -> Response {
        let only = try request.caller.tenant ?? request.namedTenant()
        return .json(try sessions.stats(only: only))
    }
}

extension SessionRoutes {
    /// The answer to a creation.
    private struct Created: JSONWritable, Sendable {
        let session: Session

        func write(to writer: inout JSONWriter) {
            writer.object { json in
                json.field("session_id", session.key.id)
                json.field("status", "created")
                json.field("message", "Session created successfully")
                json.field("created_at", session.createdAt.text)
                json.field("metadata", raw: session.metadata)
            }
        }
    }

    /// Metadata as it is stored. Throws when it is too large or too deep.
    private static func metadataText(_ metadata: JSONValue?) throws -> String {
        guard let metadata, !metadata.isNull else { return "{}" }
        guard metadata.depth <= 16 else {
            throw Failure.invalid("metadata", "must not be nested deeper than 16 levels")
        }
        let text = metadata.text
        guard text.utf8.count <= 16_384 else {
            throw Failure.invalid("metadata", "must not be larger than 16 KiB")
        }
        return text
    }
}

extension SessionStore.Cursor {
    /// The cursor as callers see it: opaque, safe in a URL.
    var text: String {
        Array("\(lastActivity) \(id)".utf8).base64URL
    }

    /// Reads a cursor that this server gave, nil for anything else.
    init?(_ text: String) {
        guard let bytes = [UInt8](base64URL: text),
            let plain = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let parts = plain.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let instant = Timestamp(parsing: parts[0]),
            isIdentifier(String(parts[1]))
        else { return nil }
        self.init(lastActivity: instant.text, id: String(parts[1]))
        guard self.text == text else { return nil }
    }
}
