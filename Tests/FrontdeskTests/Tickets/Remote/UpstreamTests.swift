import JSON
import MCP
import Testing

@testable import Frontdesk

/// What an operator says about a remote server, and what is wrong with it.
struct UpstreamTests {
    private func upstream(_ text: String) throws -> Upstream {
        var loader = ConfigurationLoader()
        try loader.apply(file: Array("{\"tickets\": {\"mcp\": \(text)}}".utf8), name: "c.json")
        return try loader.validated().tickets.mcp
    }

    private func problems(_ text: String, environment: [String: String] = [:]) -> [String] {
        do {
            _ = try upstream(text).endpoint(named: "tickets.mcp", environment: environment)
            return []
        } catch let error as ConfigurationLoader.Invalid {
            return error.problems
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `keys that are given are laid over the defaults`() throws {
        let found = try upstream(
            """
            {"url": "https://agent.example/mcp?q=1", "headers": {"X-Team": "desk"}, "//": 1,
             "auth": {"grant": "password", "token_url": "https://id.example/token",
                      "username": "sam", "password_env": "PW", "scope": "a b"}}
            """)
        #expect(found.timeoutSeconds == 20)
        let endpoint = try found.endpoint(
            named: "tickets.mcp", environment: ["PW": "pw", "OTHER": "x"])
        #expect(endpoint.url == "https://agent.example/mcp?q=1")
        #expect(endpoint.timeout == .seconds(20))
        #expect(endpoint.headers.map(\.name) == ["X-Team"])
        guard case .grant(let grant) = endpoint.credential else {
            Issue.record("no grant")
            return
        }
        #expect(grant.kind == .password && grant.username == "sam" && grant.password == "pw")
        #expect(grant.url == "https://id.example/token" && grant.scope == "a b")
    }

    @Test func `Cognito is found by its region, or where the operator says`() throws {
        let text = """
            "grant": "cognito", "client_id": "c", "username": "u", "password_env": "PW"
            """
        func url(_ more: String) throws -> String? {
            let found = try upstream(
                "{\"url\": \"https://a.example\", \"auth\": {\(text), \(more)}}")
            let endpoint = try found.endpoint(named: "x", environment: ["PW": "pw"])
            guard case .grant(let grant) = endpoint.credential else { return nil }
            return grant.url
        }
        #expect(
            try url("\"region\": \"eu-west-1\"") == "https://cognito-idp.eu-west-1.amazonaws.com/")
        #expect(try url("\"endpoint\": \"http://127.0.0.1:9/\"") == "http://127.0.0.1:9/")
    }

    @Test(arguments: [
        #"{"url": "https://agent.example/mcp"}"#, #"{"url": "http://127.0.0.1:8000/mcp"}"#,
        #"{"url": "http://[::1]:8000/mcp"}"#, #"{"url": "http://localhost/mcp"}"#,
        #"{"url": "https://a.example", "bearer_env": "TOKEN"}"#,
    ])
    func `these are fine`(_ text: String) {
        #expect(problems(text, environment: ["TOKEN": "t"]) == [])
    }

    @Test(
        arguments: [
            ("{}", "url"), (#"{"url": "http://agent.example/mcp"}"#, "url"),
            (#"{"url": "http://127.0.0.1.evil.example/"}"#, "url"),
            (#"{"url": "http://localhost@evil.example/"}"#, "url"),
            (#"{"url": "https://a.example", "bearer_env": "NONE"}"#, "NONE"),
            (#"{"url": "https://a.example", "auth": {"scope": "a"}}"#, "tokens"),
            (
                #"{"url": "https://a.example", "auth": {"token_url": "http://id.example"}}"#,
                "token_url"
            ),
            (
                #"{"url": "https://a.example", "auth": {"token_url": "https://id.example"}}"#,
                "client_id"
            ),
            (
                #"{"url": "https://a.example", "#
                    + #""auth": {"token_url": "https://i.example", "grant": "password"}}"#,
                "username"
            ),
            (#"{"uri": "https://a.example"}"#, "url"), (#"{"url": 5}"#, "url"),
            (#"{"auth": {"grant": "magic"}}"#, "client_credentials"),
            (#"{"auth": []}"#, "auth"), (#"{"auth": {"usernam": "a"}}"#, "username"),
            (#"{"headers": {"A B": "x"}}"#, "headers"), (#"{"headers": {"A": 1}}"#, "headers"),
            (#"{"timeout_seconds": 0}"#, "timeout_seconds"), ("[]", "object"),
        ])
    func `these are refused with the reason`(_ text: String, _ word: String) {
        let found = problems(text)
        #expect(found.count >= 1)
        #expect(found.contains { $0.contains(word) }, "\(found)")
        #expect(found.allSatisfy { $0.contains("tickets.mcp") })
    }

    @Test func `a remote source without an address does not start`() async throws {
        await #expect(throws: ConfigurationLoader.Invalid.self) {
            try await Service(demo: false) { $0.tickets.source = .mcp }
        }
    }
}
