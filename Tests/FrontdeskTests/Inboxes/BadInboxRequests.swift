import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Requests about messages and inboxes that must be refused.
@Suite struct BadInboxRequests {
    private func refuse(_ requests: [BadRequest], atLeast count: Int) async throws {
        #expect(requests.count >= count)
        let service = try await Service(demo: false)
        try await service.register("agent")
        for bad in requests {
            let answer = try Answer(
                await service.send(bad.method, bad.target, body: bad.body, headers: bad.headers))
            let place = Comment(rawValue: bad.testDescription)
            #expect(answer.status == bad.status, place)
            #expect(answer.code == bad.code, place)
            if let field = bad.field {
                #expect(answer["fields"]?[0]?["field"] == .string(field), place)
            }
            #expect(answer["detail"]?.string?.hasSuffix(".") == true, place)
            if bad.target == "/v1/messages", bad.method == .post {
                #expect(answer["errorCode"]?.string?.isEmpty == false, place)
                #expect(answer["message"] == answer["detail"], place)
            }
        }
        #expect(try service.rows("SELECT count(*) FROM inbox_messages") == ["0"])
        #expect(try service.rows("SELECT count(*) FROM inbox_depths") == ["0"])
    }

    /// A message with one field replaced, or taken away.
    private static func message(_ name: String, _ value: String?) -> BadRequest {
        var fields: [(String, String)] = [("aiAgentAddress", "\"agent\""), ("payload", "{}")]
        fields.removeAll { $0.0 == name }
        if let value { fields.append((name, value)) }
        let body = fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
        return .post("/v1/messages", "{\(body)}", name)
    }

    private static func sender(_ name: String, _ value: String) -> BadRequest {
        let body =
            "{\"aiAgentAddress\": \"agent\", \"payload\": {}, "
            + "\"senderMetadata\": {\"\(name)\": \(value)}}"
        return .post("/v1/messages", body, "senderMetadata.\(name)")
    }

    private static func long(_ count: Int) -> String {
        "\"" + String(repeating: "x", count: count) + "\""
    }

    private static let addresses: [BadRequest] = [
        nil, "null", "5", "[]", "\"\"", "\" \"", "\".\"", "\"..\"", "\"a b\"", "\"é\"", long(256),
    ].map { message("aiAgentAddress", $0) }

    private static let payloads: [BadRequest] = [nil, "null", "5", "\"x\"", "[]", "[{}]", "true"]
        .map { message("payload", $0) }

    private static let details: [BadRequest] =
        ["5", "\"x\"", "[]"].map { message("senderMetadata", $0) }
        + ["\"\"", "5", long(256), "\"a\\u0000\""].map { message("orderingKey", $0) }
        + ["-1", "43201", "1.5", "\"5\"", "true"].map { message("deliverAfterSeconds", $0) }
        + ["-1", "10", "0.5", "\"1\""].map { message("priority", $0) }
        + ["5", "\"a b\""].map { message("tenant_id", $0) }
        + ["serviceName", "correlationId", "senderProvidedMessageId"].flatMap { name in
            ["5", "\"\"", "{}", long(256)].map { sender(name, $0) }
        }

    private static let broken: [BadRequest] =
        ["", "{", "nonsense", #"{"payload": {}, "payload": {}}"#].map {
            .post("/v1/messages", $0, code: "malformed_json")
        } + [
            .post("/v1/messages", "[]"),
            .post(
                "/v1/messages", "{}", status: 415, code: "unsupported_media_type",
                headers: ["Content-Type": "text/plain"]),
            .post(
                "/v1/messages", #"{"aiAgentAddress": "agent", "payload": {}}"#,
                "Idempotency-Key", headers: ["Idempotency-Key": "é"]),
            .post(
                "/v1/messages", #"{"aiAgentAddress": "agent", "payload": {}, "tenant_id": "a"}"#,
                "X-Tenant-ID", headers: ["X-Tenant-ID": "b"]),
        ]

    private static func post(_ verb: String, _ body: String, _ field: String?) -> BadRequest {
        .post("/v1/inboxes/agent/\(verb)", body, field)
    }

    private static let pulls: [BadRequest] =
        ["0", "101", "1.5", "\"1\""].map {
            post("pull", "{\"maxMessages\": \($0)}", "maxMessages")
        }
        + ["9", "601", "\"30\""].map {
            post("pull", "{\"ackDeadlineSeconds\": \($0)}", "ackDeadlineSeconds")
        }
        + ["-1", "21", "true"].map { post("pull", "{\"waitSeconds\": \($0)}", "waitSeconds") }
        + [post("pull", "[]", nil)]

    private static let answers: [BadRequest] =
        ["ack", "nack", "extend"].flatMap { verb in
            ["null", "[]", "\"a\"", "{}", "[5]", "[\"\"]", "[" + long(256) + "]"].map {
                BadRequest.post(
                    "/v1/inboxes/agent/\(verb)",
                    "{\"ackIds\": \($0), \"ackDeadlineSeconds\": 10}")
            } + [post(verb, #"{"ackDeadlineSeconds": 10}"#, "ackIds")]
        }
        + ["-1", "43201", "\"5\""].map {
            post("nack", "{\"ackIds\": [\"a\"], \"delaySeconds\": \($0)}", "delaySeconds")
        }
        + ["null", "9", "601"].map {
            post(
                "extend", "{\"ackIds\": [\"a\"], \"ackDeadlineSeconds\": \($0)}",
                "ackDeadlineSeconds")
        } + [post("extend", #"{"ackIds": ["a"]}"#, "ackDeadlineSeconds")]

    private static let others: [BadRequest] =
        ["{}", #"{"all": false}"#, #"{"all": true, "messageIds": ["a"]}"#].map {
            post("dead-letters/redrive", $0, "messageIds")
        }
        + ["[]", "5", "[5]"].map {
            BadRequest.post(
                "/v1/inboxes/agent/dead-letters/redrive", "{\"messageIds\": \($0)}")
        }
        + [
            BadRequest(
                method: .delete, target: "/v1/inboxes/agent/dead-letters", body: Array("{}".utf8),
                field: "messageIds"),
            .get("/v1/inboxes/agent/dead-letters?limit=0", "limit"),
            .get("/v1/inboxes/agent/dead-letters?limit=501", "limit"),
            .get("/v1/inboxes/agent/dead-letters?cursor=x", "cursor"),
            post("seek", "{}", "time"), post("seek", #"{"time": "yesterday"}"#, "time"),
            post("seek", #"{"time": 5}"#, "time"),
        ]

    private static let addressesInPaths: [BadRequest] =
        ["a%20b", "%C3%A9", ".", "..", String(repeating: "x", count: 256)].map {
            .post("/v1/inboxes/\($0)/pull", "{}", "aiAgentAddress")
        } + [
            .post("/v1/inboxes/nobody/pull", "{}", status: 404, code: "agent_not_found"),
            .get("/v1/inboxes/nobody/stats", status: 404, code: "agent_not_found"),
            .get("/v1/inboxes/nobody/stream", status: 404, code: "agent_not_found"),
            .get("/v1/inboxes/nobody/dead-letters", status: 404, code: "agent_not_found"),
            .get("/v1/messages/x", status: 404, code: "message_not_found"),
            .get("/v1/inboxes/a/b/stats", status: 404, code: "route_not_found"),
            .other("PUT", "/v1/messages"), .other("GET", "/v1/inboxes/agent/pull"),
        ]

    @Test func `a message that is wrong names its field`() async throws {
        try await refuse(
            Self.addresses + Self.payloads + Self.details + Self.broken, atLeast: 50)
    }

    @Test func `an answer or a pull that is wrong names its field`() async throws {
        try await refuse(Self.pulls + Self.answers, atLeast: 35)
    }

    @Test func `dead letters, times and addresses that make no sense are refused`() async throws {
        try await refuse(Self.others + Self.addressesInPaths, atLeast: 25)
    }

    @Test func `all that is wrong with a message is named at once`() async throws {
        let answer = try await Service(demo: false).post(
            "/v1/messages", ["aiAgentAddress": "a b", "payload": 5, "priority": 11])
        let fields = answer["fields"]?.array?.compactMap { $0["field"]?.string } ?? []
        #expect(Set(fields) == ["aiAgentAddress", "payload", "priority"])
        #expect(answer["errorCode"] == "INVALID_REQUEST")
    }
}
