import HTTP
import JSON

/// Reading what was said: a session's history, and search over a tenant's sessions.
struct HistoryRoutes: Sendable {
    let messages: MessageStore
    let search: MessageSearch

    /// Adds the routes.
    func register(on router: inout Router) {
        router.get("/api/v1/sessions/search", Self.searching, use: find)
        router.get("/api/v1/sessions/{session_id}/history", Self.reading, use: history)
    }

    private enum Order: String, CaseIterable { case asc, desc }

    /// Messages that are written out in one piece; longer histories come in such pieces.
    private static let piece = 200

    /// handles `GET /api/v1/sessions/{session_id}/history`
    @Sendable private func history(_ request: Request) throws -> Reply {
        let key = try request.session()
        var query = QueryReader(request)
        var range = MessageStore.Range()
        let isLimited = request.query["limit"] != nil
        range.limit = query.integer("limit", 1...1000, default: Self.piece)
        range.after = query.integer("after", 0...Int.max, default: 0)
        range.before = query.integer("before", 0...Int.max, default: Int.max)
        range.isDescending = query.choice("order", Order.self) == .desc
        try query.check()
        let visitor = request.caller.visitor
        let page = try messages.history(key, range, for: visitor)
        if isLimited || !page.hasMore {
            return .now(.json { json in write(page, isLimited: isLimited, range, to: &json) })
        }
        return .now(whole(page, range, for: visitor))
    }

    private func write(
        _ page: MessageStore.Page, isLimited: Bool, _ range: MessageStore.Range,
        to json: inout JSONWriter
    ) {
        write(page.session, to: &json)
        json.field("messages", raw: page.messages.bytes)
        guard isLimited else { return }
        json.field("has_more", page.hasMore)
        json.field("next", page.hasMore ? page.last : nil)
    }

    private func write(_ session: Session, to json: inout JSONWriter) {
        json.field("session_id", session.key.id)
        json.field("tenant_id", session.key.tenant.name)
        json.field("message_count", session.messageCount)
        json.field("created_at", session.createdAt.text)
        json.field("last_activity", session.lastActivity.text)
    }

    /// The complete history, piece by piece, so that memory does not grow with its length.
    private func whole(
        _ first: MessageStore.Page, _ wanted: MessageStore.Range, for visitor: SessionVisitor
    ) -> Response {
        let messages = messages
        return .stream(contentType: "application/json") { body in
            var head = JSONWriter()
            head.object { json in
                write(first.session, to: &json)
                json.key("messages")
            }
            // Without the closing brace: the pages' elements follow, then both ends.
            try await body.write(head.bytes.dropLast() + Array("[".utf8))
            var page = first
            var range = wanted
            // What comes meanwhile is not among those counted in the head.
            range.before = min(range.before, first.session.messageCount + 1)
            while true {
                try await body.write(Array(page.messages.bytes.dropFirst().dropLast()))
                guard page.hasMore, let last = page.last else { break }
                if range.isDescending { range.before = last } else { range.after = last }
                page = try messages.history(first.session.key, range, for: visitor)
                if page.last != nil { try await body.write(",") }
            }
            try await body.write("]}")
        }
    }

    /// handles `GET /api/v1/sessions/search`
    @Sendable private func find(_ request: Request) async throws -> Response {
        var query = QueryReader(request)
        let tenant = try query.tenant(of: request)
        let text = query.text("q")
        if request.query["q"] == nil { query.refuse("q", "is required") }
        var wanted = MessageSearch.Query()
        if let text {
            do throws(SearchExpression.Problem) {
                wanted.expression = try SearchExpression(text).text
            } catch {
                query.refuse("q", error.text)
            }
        }
        wanted.role = query.choice("role", Message.Role.self)
        wanted.sessionID = query.text("session_id") { id in
            isIdentifier(id) ? nil : "must be 1 to 100 characters of A-Z, a-z, 0-9 and . _ : @ -"
        }
        wanted.limit = query.integer("limit", 1...100, default: 20)
        if let cursor = query.text("cursor") {
            if let row = try MessageSearch.Hit.id(in: cursor).flatMap({
                try search.rowNumber(of: $0, tenant)
            }) {
                wanted.before = row
            } else {
                query.refuse("cursor", "is not one that this server gave, or its message is gone")
            }
        }
        try query.check()
        wanted.subject = request.caller.visitor.onlySubject
        let (hits, more) = try search.hits(of: tenant, wanted)
        return .json { json in
            json.field("query", text ?? "")
            json.field("tenant_id", tenant.name)
            json.array("results") { json in
                for hit in hits { hit.write(to: &json) }
            }
            json.field("limit", wanted.limit)
            json.field("next_cursor", more ? hits.last?.cursor : nil)
        }
    }
}

extension MessageSearch.Hit {
    /// The place after which a search goes on, as callers see it. It names the message and no row:
    /// rows are counted over all tenants.
    fileprivate var cursor: String { Array(messageID.utf8).base64URL }

    /// The message that a cursor names, nil for what is no cursor.
    fileprivate static func id(in cursor: String) -> String? {
        guard let bytes = [UInt8](base64URL: cursor), bytes.base64URL == cursor else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension MessageSearch.Hit: JSONWritable {
    /// Writes one result of a search.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("session_id", sessionID)
            json.field("message_id", messageID)
            json.field("seq", seq)
            json.field("role", role)
            json.field("timestamp", timestamp)
            json.field("snippet", SearchSnippet(excerpt, marks).html)
        }
    }
}
