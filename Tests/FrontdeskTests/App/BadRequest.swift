import HTTP
import JSON
import Testing

@testable import Frontdesk

/// A request that must be refused, and how.
struct BadRequest: Sendable, CustomTestStringConvertible {
    let method: HTTP.Method
    let target: String
    var body: [UInt8] = []
    var headers: Headers = [:]
    var status = 400
    var code = "validation_error"
    /// The first of the fields named, if any must be.
    var field: String?

    var testDescription: String {
        let start = String(decoding: body.prefix(80), as: UTF8.self)
        return "\(method) \(target) \(start) \(headers.map(\.value))"
    }

    /// A `GET` with a bad address.
    static func get(
        _ target: String, _ field: String? = nil, status: Int = 400,
        code: String = "validation_error"
    ) -> BadRequest {
        BadRequest(method: .get, target: target, status: status, code: code, field: field)
    }

    /// A `POST` with a bad body.
    static func post(
        _ target: String, _ body: String, _ field: String? = nil, status: Int = 400,
        code: String = "validation_error", headers: Headers = [:]
    ) -> BadRequest {
        BadRequest(
            method: .post, target: target, body: Array(body.utf8), headers: headers,
            status: status, code: code, field: field)
    }

    /// A request with another method.
    static func other(
        _ method: String, _ target: String, status: Int = 405,
        code: String = "method_not_allowed", field: String? = nil, headers: Headers = [:]
    ) -> BadRequest {
        BadRequest(
            method: HTTP.Method(method), target: target, headers: headers, status: status,
            code: code, field: field)
    }
}

extension BadRequest {
    private static let posts = ["/agent/sessions", "/agent/messages", "/agent/messages/stream"]

    /// Texts that are no JSON at all.
    private static let noJSON: [String] = [
        " ", "{", "{} x", "{'a': 1}", "{\"a\": 1,}", "{\"a\": 01}", "{\"a\": NaN}",
        "{\"a\": \"\\ud800\"}", "{\"a\": \"\u{1}\"}", "{\"a\": \"\u{0}\"}", "\u{FEFF}{}",
        #"{"session_id": "a", "session_id": "b", "message": "Hi"}"#,
        "{\"a\": " + String(repeating: "[", count: 100_000),
        "{\"a\": " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}",
    ]

    /// Bytes that are no UTF-8.
    private static let noText: [[UInt8]] = [
        Array("{\"a\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8),
        [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00],
    ]

    private static let otherTypes: [String] = [
        "text/plain", "application/jsonx", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ]

    /// Bodies that are not a JSON object, for every route that reads one.
    static let malformed: [BadRequest] =
        posts.flatMap(malformed) + [
            BadRequest(method: .post, target: "/agent/messages", code: "malformed_json"),
            BadRequest(method: .post, target: "/agent/messages/stream", code: "malformed_json"),
        ]

    private static func malformed(_ path: String) -> [BadRequest] {
        let values: [BadRequest] = ["[]", "\"x\"", "5", "null"].map { .post(path, $0) }
        let texts: [BadRequest] = noJSON.map { .post(path, $0, code: "malformed_json") }
        let bytes: [BadRequest] = noText.map {
            BadRequest(method: .post, target: path, body: $0, code: "malformed_json")
        }
        return values + texts + bytes + otherTypes.map { unsupported(path, $0) }
    }

    private static func unsupported(_ path: String, _ type: String) -> BadRequest {
        .post(
            path, #"{"session_id": "a", "message": "Hi"}"#, status: 415,
            code: "unsupported_media_type", headers: ["Content-Type": type])
    }

    private static let wrongTexts: [String] = ["5", "true", "[]", "{}", "[\"a\"]"]

    /// Fields of a wrong type or outside their limits.
    static let fields: [BadRequest] =
        ["/agent/messages", "/agent/messages/stream"].flatMap(messageFields)
        + posts.flatMap(tenantFields) + sessionFields

    private static func messageFields(_ path: String) -> [BadRequest] {
        func body(_ id: String, _ message: String) -> String {
            "{\"session_id\": \(id), \"message\": \(message)}"
        }
        let blank: [String] = ["null", "\"\"", "\"  \\n \"", "\"a\\u0000b\""]
        let long: [String] = ["x", "\u{1F9E6}"].map {
            "\"" + String(repeating: $0, count: 10_001) + "\""
        }
        let messages: [BadRequest] = (wrongTexts + blank + long).map {
            .post(path, body("\"a\"", $0), "message")
        }
        let ids: [BadRequest] = (wrongTexts + wrongIDs + ["null"]).map {
            .post(path, body($0, "\"Hi\""), "session_id")
        }
        let streams: [BadRequest] = ["\"true\"", "1", "[]", "{}"].map {
            .post(path, body("\"a\"", "\"Hi\", \"stream\": \($0)"), "stream")
        }
        return messages + ids + streams + [
            .post(path, "{}", "session_id"), .post(path, #"{"session_id": "a"}"#, "message"),
            .post(path, #"{"message": "Hi"}"#, "session_id"),
        ]
    }

    private static func tenantFields(_ path: String) -> [BadRequest] {
        (wrongTexts + ["\"\"", "\"a/b\"", "\"a b\"", "\"é\""]).map { value in
            .post(
                path, "{\"session_id\": \"a\", \"message\": \"Hi\", \"tenant_id\": \(value)}",
                "tenant_id")
        }
    }

    private static let sessionFields: [BadRequest] = {
        let ids: [BadRequest] = (wrongTexts + wrongIDs).map {
            .post("/agent/sessions", "{\"session_id\": \($0)}", "session_id")
        }
        let metadata: [BadRequest] = ["5", "true", "[]", "\"x\"", "[{}]"].map {
            .post("/agent/sessions", "{\"metadata\": \($0)}", "metadata")
        }
        return ids + metadata
    }()

    private static let wrongIDs: [String] =
        ["", ".", "..", "stats", "search", "a b", "a/b", "é", "a\\u0000"].map { "\"\($0)\"" }
        + ["\"" + String(repeating: "x", count: 101) + "\""]
}
