import HTTP
import JSON

/// Agents' inboxes over HTTP: pulling, answering, dead letters, replaying and figures.
struct InboxRoutes: Sendable {
    let inboxes: Inboxes

    /// Adds the routes.
    func register(on router: inout Router) {
        let inbox = "/v1/inboxes/{aiAgentAddress}"
        router.post(inbox + "/pull", Self.pulling, use: pull)
        router.post(inbox + "/ack", Self.acking, use: ack)
        router.post(inbox + "/nack", Self.nacking, use: nack)
        router.post(inbox + "/extend", Self.extending, use: extend)
        router.get(inbox + "/dead-letters", Self.listingDeadLetters, use: deadLetters)
        router.post(inbox + "/dead-letters/redrive", Self.redriving, use: redrive)
        router.delete(inbox + "/dead-letters", Self.deletingDeadLetters, use: deleteDeadLetters)
        router.post(inbox + "/seek", Self.seeking, use: seek)
        router.get(inbox + "/stats", Self.counting, use: stats)
        router.get(inbox + "/stream", Self.streaming, use: stream)
    }

    /// handles `POST /v1/inboxes/{aiAgentAddress}/pull`
    @Sendable private func pull(_ request: Request) throws -> Reply {
        let body = try request.body(Self.pullBody, allowsEmpty: true)
        let order = LeaseOrder(
            count: body["maxMessages"]?.int ?? 10,
            seconds: body["ackDeadlineSeconds"]?.int ?? 30)
        let inbox = try request.mappingKey(body: body)
        return .waiting {
            let leases = try await inboxes.pull(
                inbox, order, wait: body["waitSeconds"]?.int ?? 0,
                isGone: { request.isAbandoned })
            return .json { json in
                json.array("receivedMessages") { json in
                    for lease in leases { json.value(lease) }
                }
            }
        }
    }

    /// handles `POST /v1/inboxes/{aiAgentAddress}/ack`
    @Sendable private func ack(_ request: Request) throws -> Reply {
        let (inbox, ids, _) = try leases(request, Self.ackBody)
        return .waiting { results(try await inboxes.ack(inbox, ids)) }
    }

    /// handles `POST /v1/inboxes/{aiAgentAddress}/nack`
    @Sendable private func nack(_ request: Request) throws -> Reply {
        let (inbox, ids, body) = try leases(request, Self.nackBody)
        let delay = body["delaySeconds"]?.int ?? 0
        return .waiting { results(try await inboxes.nack(inbox, ids, delay: delay)) }
    }

    /// handles `POST /v1/inboxes/{aiAgentAddress}/extend`
    @Sendable private func extend(_ request: Request) throws -> Reply {
        let (inbox, ids, body) = try leases(request, Self.extendBody)
        let seconds = body["ackDeadlineSeconds"]?.int ?? 30
        return .waiting { results(try await inboxes.extend(inbox, ids, seconds: seconds)) }
    }

    private func leases(
        _ request: Request, _ schema: JSONSchema
    ) throws -> (Mapping.Key, [String], JSONValue) {
        let body = try request.body(schema)
        let ids = body["ackIds"]?.array?.compactMap(\.string) ?? []
        return (try request.mappingKey(body: body), ids, body)
    }

    private func results(_ answers: [Inboxes.Answer]) -> Response {
        .json { json in
            json.array("results") { json in
                for (ackID, outcome) in answers {
                    json.object { json in
                        json.field("ackId", ackID)
                        json.field("status", outcome.word)
                        if case .extended(let until) = outcome {
                            json.field("leaseUntil", until.milliseconds)
                        }
                    }
                }
            }
        }
    }

    /// handles `GET /v1/inboxes/{aiAgentAddress}/stats`
    @Sendable private func stats(_ request: Request) async throws -> Response {
        let figures = try await inboxes.store.figures(try request.mappingKey())
        return .json { json in
            json.field("depth", figures.depth)
            json.field("inFlight", figures.inFlight)
            json.field("delayed", figures.delayed)
            json.field("parked", figures.parked)
            json.field("dead", figures.dead)
            json.field("oldestAgeSeconds", Int(figures.oldestAge))
        }
    }

    /// handles `POST /v1/inboxes/{aiAgentAddress}/seek`
    @Sendable private func seek(_ request: Request) async throws -> Response {
        let body = try request.body(Self.seekBody)
        guard let time = body["time"]?.string.flatMap({ Timestamp(parsing: $0) }) else {
            throw Failure.invalid("time", "must be an RFC 3339 date and time")
        }
        let count = try await inboxes.seek(try request.mappingKey(body: body), to: time)
        return .json { $0.field("replayed", count) }
    }
}

// MARK: - Dead letters

extension InboxRoutes {
    /// handles `GET /v1/inboxes/{aiAgentAddress}/dead-letters`
    @Sendable private func deadLetters(_ request: Request) async throws -> Response {
        let inbox = try request.mappingKey()
        var query = QueryReader(request)
        let limit = query.integer("limit", 1...500, default: 100)
        var cursor: InboxStore.DeadLetterCursor?
        if let text = query.text("cursor") {
            cursor = InboxStore.DeadLetterCursor(text)
            if cursor == nil { query.refuse("cursor", "is not one that this server gave") }
        }
        try query.check()
        let (page, total) = try await inboxes.store.deadLetters(
            inbox, limit: limit + 1, after: cursor)
        return .json { json in
            json.array("items") { json in
                for letter in page.prefix(limit) { json.value(letter) }
            }
            json.field("total", total)
            json.field("limit", limit)
            json.field("nextCursor", page.count > limit ? page[limit - 1].cursor.text : nil)
        }
    }

    /// handles `POST /v1/inboxes/{aiAgentAddress}/dead-letters/redrive`
    @Sendable private func redrive(_ request: Request) async throws -> Response {
        let (inbox, choice) = try self.choice(request)
        let result = try await inboxes.redrive(inbox, choice)
        return .json { json in
            json.field("redriven", result.count)
            json.field("notFound", result.notFound)
        }
    }

    /// handles `DELETE /v1/inboxes/{aiAgentAddress}/dead-letters`
    @Sendable private func deleteDeadLetters(_ request: Request) async throws -> Response {
        let (inbox, choice) = try self.choice(request)
        let result = try await inboxes.store.removeDeadLetters(inbox, choice)
        return .json { json in
            json.field("deleted", result.count)
            json.field("notFound", result.notFound)
        }
    }

    private func choice(_ request: Request) throws -> (Mapping.Key, DeadLetterChoice) {
        let body = try request.body(Self.choiceBody)
        let ids = body["messageIds"]?.array?.compactMap { $0.string?.lowercased() }
        let all = body["all"]?.bool ?? false
        guard all != (ids != nil) else {
            throw Failure.invalid(
                "messageIds", "or 'all': true must be there, and not both")
        }
        let inbox = try request.mappingKey(body: body)
        // An id that is named twice is one message.
        var seen: Set<String> = []
        return (inbox, ids.map { .ids($0.filter { seen.insert($0).inserted }) } ?? .all)
    }
}

extension InboxLease: JSONWritable {
    /// The form in which pullers and streams get a message.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("ackId", ackID)
            json.field("deliveryAttempt", attempt)
            json.field("leaseUntil", until.milliseconds)
            json.field("message", message)
        }
    }
}

extension DeadLetter: JSONWritable {
    /// The form in the list.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("message", message)
            json.field("attempts", attempts)
            json.field("lastError", lastError)
            json.field("deadSince", since.milliseconds)
        }
    }

    /// The place after this letter.
    fileprivate var cursor: InboxStore.DeadLetterCursor {
        InboxStore.DeadLetterCursor(since: since.text, messageID: message.id)
    }
}

extension InboxStore.DeadLetterCursor {
    /// The cursor as callers see it: opaque, safe in a URL.
    var text: String { Array("\(since) \(messageID)".utf8).base64URL }

    /// Reads a cursor that this server gave, nil for anything else.
    init?(_ text: String) {
        guard let bytes = [UInt8](base64URL: text),
            let plain = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let parts = plain.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let since = Timestamp(parsing: parts[0]),
            parts[1].utf8.count == 36
        else { return nil }
        self.init(since: since.text, messageID: String(parts[1]))
        guard self.text == text else { return nil }
    }
}

extension LeaseOutcome {
    /// The word that pullers read.
    fileprivate var word: String {
        switch self {
        case .acked: "acked"
        case .nacked: "nacked"
        case .extended: "extended"
        case .expired: "expired"
        case .unknown: "unknown"
        }
    }
}
