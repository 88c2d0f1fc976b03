import HTTP
import JSON

/// Health reports over HTTP: sending them, reading an agent's, and all agents' newest.
struct HealthRoutes: Sendable {
    let health: HealthStore
    let idempotency: Idempotency
    let log: Log
    let metrics: Metrics

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/v1/agent-health-check", Self.reporting, use: create)
        router.get("/v1/agent-inboxes/{aiAgentAddress}/health", Self.listing, use: index)
        router.get("/v1/agent-health", Self.overlooking, use: overview)
    }

    /// handles `POST /v1/agent-health-check`
    @Sendable private func create(_ request: Request) throws -> Reply {
        let report = try Self.report(request)
        let author = request.mappingAuthor("/health")
        return .waiting {
            try await idempotency.once(request, tenant: report.key.tenant) { claim in
                let clock = health.mappings.clock
                let instant = try await health.record(report, by: author) { instant, connection in
                    try claim?.store(
                        Recorded(report: report, instant: instant), status: 200, at: clock.now(),
                        in: connection)
                }
                metrics.count(
                    "frontdesk_health_reports_total", "Health reports of agents.",
                    labels: "status=\"\(report.status.rawValue)\"")
                log.info(
                    "health.reported",
                    [
                        ("tenant", .text(report.key.tenant.name)),
                        ("agent", .text(report.key.address)),
                        ("status", .text(report.status.rawValue)),
                        ("request_id", .text(request.id)),
                    ])
                return .json(Recorded(report: report, instant: instant))
            }
        }
    }

    private static func report(_ request: Request) throws -> HealthReport {
        let body = try request.json()
        var problems = reportBody.problems(in: body)
            .map { Failure.Field(field: $0.field, problem: $0.problem) }
        func refuse(_ field: String, _ problem: String) {
            if problems.contains(where: { $0.field == field }) { return }
            problems.append(Failure.Field(field: field, problem: problem))
        }
        let address = body["ai_agent_address"]?.string ?? ""
        if !Mapping.isAddress(address) { refuse("ai_agent_address", Mapping.addressProblem) }
        let details = body["details"].flatMap { $0.isNull ? nil : $0.text }
        if details?.utf8.count ?? 0 > 16_384 {
            refuse("details", "must not be larger than 16 KiB")
        }
        // The schema has told what is wrong with a text that is no time.
        let reportedAt = body["timestamp"]?.string.flatMap(Timestamp.init(parsing:))
        if !problems.isEmpty { throw Failure(invalid: problems) }
        return HealthReport(
            key: Mapping.Key(tenant: try request.tenant(body: body), address: address),
            status: body["status"]?.string.flatMap(HealthCheck.Status.init) ?? .unhealthy,
            details: details, reportedAt: reportedAt)
    }

    /// handles `GET /v1/agent-inboxes/{aiAgentAddress}/health`
    @Sendable private func index(_ request: Request) throws -> Reply {
        let key = try request.mappingKey()
        var query = QueryReader(request)
        let limit = query.integer("limit", 1...500, default: 100)
        var cursor: HealthStore.Cursor?
        if let text = query.text("cursor") {
            cursor = HealthStore.Cursor(text)
            if cursor == nil { query.refuse("cursor", "is not one that this server gave") }
        }
        try query.check()
        // A week of reports is looked at for the uptime, too long for a network thread.
        return .later { [cursor] in
            let page = try health.list(key, limit: limit + 1, after: cursor)
            let shown = page.checks.prefix(limit)
            return .json { json in
                json.array("items") { json in
                    for check in shown { json.value(check) }
                }
                json.field("total", page.total)
                json.field("limit", limit)
                json.field(
                    "nextCursor", page.checks.count > limit ? shown.last?.cursor.text : nil)
                json.field("uptime", page.uptime)
            }
        }
    }

    /// handles `GET /v1/agent-health`
    @Sendable private func overview(_ request: Request) throws -> Response {
        let tenant = try request.tenant()
        var query = QueryReader(request)
        let page = query.addressPage()
        try query.check()
        let (found, total) = try health.mappings.list(
            tenant, MappingSearch(), limit: page.limit + 1, after: page.after)
        return .json { json in
            json.array("items") { json in
                for mapping in found.prefix(page.limit) {
                    json.value(Mapping.HealthLine(mapping: mapping))
                }
            }
            page.write(total: total, found.map(\.key.address), to: &json)
        }
    }
}

extension HealthRoutes {
    /// The answer to a report.
    private struct Recorded: JSONWritable, Sendable {
        let report: HealthReport
        let instant: Timestamp

        func write(to writer: inout JSONWriter) {
            writer.object { json in
                json.field("status", "success")
                json.field(
                    "message", "Health status recorded for agent \(report.key.address)")
                json.field("timestamp", instant.text)
            }
        }
    }
}

extension HealthCheck: JSONWritable {
    /// Writes the report as lists show it.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("healthCheckId", id)
            json.field("status", status.rawValue)
            if let details { json.field("details", raw: details) }
            json.field("reportedAt", reportedAt.milliseconds)
            json.field("receivedAt", receivedAt.milliseconds)
        }
    }

    /// The place after this report in the list.
    fileprivate var cursor: HealthStore.Cursor {
        HealthStore.Cursor(reportedAt: reportedAt.text, receivedAt: receivedAt.text, id: id)
    }
}

extension HealthStore.Cursor {
    /// The cursor as callers see it: opaque, safe in a URL.
    var text: String { Array("\(reportedAt) \(receivedAt) \(id)".utf8).base64URL }

    /// Reads a cursor that this server gave, nil for anything else.
    init?(_ text: String) {
        guard let bytes = [UInt8](base64URL: text),
            let plain = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let parts = plain.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let reported = Timestamp(parsing: parts[0]),
            let received = Timestamp(parsing: parts[1]), isIdentifier(String(parts[2]))
        else { return nil }
        self.init(reportedAt: reported.text, receivedAt: received.text, id: String(parts[2]))
        guard self.text == text else { return nil }
    }
}
