import HTTP
import JSON

@testable import Frontdesk

extension BadRequest {
    /// Ids in paths that no session can have.
    static let ids: [BadRequest] = {
        let bad = [
            "a%2Fb", "%2E%2E", "..", ".", "a%20b", "%C3%BC", "a%00b", "a%0Ab", "a+b", "a,b",
            String(repeating: "x", count: 101),
        ]
        return bad.flatMap { id -> [BadRequest] in
            [
                .get("/api/v1/sessions/\(id)", "session_id"),
                .get("/api/v1/sessions/\(id)/history", "session_id"),
                .other(
                    "DELETE", "/agent/sessions/\(id)", status: 400, code: "validation_error",
                    field: "session_id"),
                .other(
                    "DELETE", "/api/v1/sessions/\(id)", status: 400, code: "validation_error",
                    field: "session_id"),
                .other(
                    "POST", "/api/v1/sessions/\(id)/cleanup", status: 400,
                    code: "validation_error", field: "session_id"),
            ]
        }
            + ["stats", "search"].map { id in
                .other(
                    "POST", "/api/v1/sessions/\(id)/cleanup", status: 400, code: "validation_error",
                    field: "session_id")
            }
    }()

    /// Queries that make no sense.
    static let queries: [BadRequest] = {
        let numbers = [
            "", "abc", "5.0", "1e2", "0x10", "+5", "%2B5", "%205", "5%20", "-1",
            "99999999999999999999", "9223372036854775808", "%D9%A5", "5,6", "null",
        ]
        let places = [
            ("/agent/sessions", "limit"), ("/api/v1/sessions", "limit"),
            ("/api/v1/sessions", "offset"), ("/api/v1/sessions/a/history", "limit"),
            ("/api/v1/sessions/a/history", "after"), ("/api/v1/sessions/a/history", "before"),
            ("/api/v1/sessions/search?q=x", "limit"), ("/api/v1/sessions/search?q=x", "cursor"),
        ]
        let bad = places.flatMap { path, name in
            numbers.map {
                BadRequest.get("\(path)\(path.contains("?") ? "&" : "?")\(name)=\($0)", name)
            }
        }
        return bad + [
            .get("/agent/sessions?cursor=x", "cursor"),
            .get("/agent/sessions?cursor=MjAyNi0wMi0yMA", "cursor"),
            .get("/api/v1/sessions/a/history?order=random", "order"),
            .get("/api/v1/sessions/a/history?order=", "order"),
            .get("/api/v1/sessions/a/history?order=ASC", "order"),
            .get("/api/v1/sessions/search", "q"), .get("/api/v1/sessions/search?q=", "q"),
            .get("/api/v1/sessions/search?q=x&role=robot", "role"),
            .get("/api/v1/sessions/search?q=x&session_id=a%20b", "session_id"),
        ]
    }()

    /// Tenants that are malformed or named twice.
    static let tenants: [BadRequest] = {
        let gets = [
            "/agent/sessions", "/api/v1/sessions", "/api/v1/sessions/a", "/api/v1/sessions/stats",
            "/api/v1/sessions/a/history", "/api/v1/sessions/search?q=x", "/agent/messages/req-1",
        ]
        let bad = gets.flatMap { path -> [BadRequest] in
            let mark = path.contains("?") ? "&" : "?"
            return [
                .get("\(path)\(mark)tenant_id=a%20b", "tenant_id"),
                .get("\(path)\(mark)tenant_id=", "tenant_id"),
                .get("\(path)\(mark)tenant_id=a&tenant_id=b", "tenant_id"),
                .other(
                    "GET", path, status: 400, code: "validation_error", field: "X-Tenant-ID",
                    headers: ["X-Tenant-ID": "a/b"]),
                .other(
                    "GET", "\(path)\(mark)tenant_id=a", status: 400, code: "validation_error",
                    field: "X-Tenant-ID", headers: ["X-Tenant-ID": "b"]),
            ]
        }
        let body = #"{"session_id": "a", "message": "Hi", "tenant_id": "b"}"#
        return bad
            + ["/agent/sessions", "/agent/messages", "/agent/messages/stream"].flatMap {
                [
                    .post("\($0)?tenant_id=a", body, "tenant_id"),
                    .post($0, body, "X-Tenant-ID", headers: ["X-Tenant-ID": "a"]),
                ]
            }
    }()

    /// Addresses and methods that lead nowhere.
    static let routes: [BadRequest] = [
        .get("/nowhere", status: 404, code: "route_not_found"),
        .get("/AGENT/sessions", status: 404, code: "route_not_found"),
        .get("/agent", status: 404, code: "route_not_found"),
        .get("/agent//sessions", status: 404, code: "route_not_found"),
        .get("//agent/sessions", status: 404, code: "route_not_found"),
        .get("/agent/sessions//", status: 404, code: "route_not_found"),
        .get("/agent/sessions/a/b", status: 404, code: "route_not_found"),
        .get("/api/v1/sessions/a/history/x", status: 404, code: "route_not_found"),
        .get("/api/v2/sessions", status: 404, code: "route_not_found"),
        .get("/../../etc/passwd", status: 404, code: "route_not_found"),
        .get("/docs/assets/..%2F..%2F/x", status: 404, code: "route_not_found"),
        .get("/agent%2Fsessions", status: 404, code: "route_not_found"),
        .get("/api/v1/sessions/%", code: "malformed_url"),
        .get("/api/v1/sessions/%zz", code: "malformed_url"),
        .get("/api/v1/sessions/%f", code: "malformed_url"),
        .get("/api/v1/sessions/%ff%fe", code: "malformed_url"),
        .get("/agent/sessions?limit=%zz", code: "malformed_url"),
        .get("/agent/sessions?x=%ff", code: "malformed_url"),
        .get("/agent/messages/unknown", status: 404, code: "turn_not_found"),
        .get("/agent/messages/a%20b", status: 404, code: "turn_not_found"),
        .other("POST", "/agent/messages/unknown/cancel", status: 404, code: "turn_not_found"),
        .get("/api/v1/sessions/unknown", status: 404, code: "session_not_found"),
        .get("/api/v1/sessions/unknown/history", status: 404, code: "session_not_found"),
        .other("DELETE", "/agent/sessions/unknown", status: 404, code: "session_not_found"),
        .other("DELETE", "/api/v1/sessions/unknown", status: 404, code: "session_not_found"),
        .other("POST", "/"), .other("PUT", "/agent/sessions"), .other("PATCH", "/agent/messages"),
        .other("DELETE", "/agent/messages"), .other("GET", "/agent/messages"),
        .other("GET", "/agent/messages/stream"), .other("GET", "/agent/sessions/a"),
        .other("POST", "/api/v1/sessions"), .other("DELETE", "/api/v1/sessions/stats"),
        .other("GET", "/api/v1/sessions/a/cleanup"), .other("DELETE", "/health"),
        .other("POST", "/metrics"), .other("PUT", "/openapi.json"), .other("BREW", "/info"),
        .other("TRACE", "/"), .other("get", "/"),
    ]
}
