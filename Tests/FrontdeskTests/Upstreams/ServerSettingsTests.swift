import JSON
import MCP
import Testing

@testable import Frontdesk

/// What an operator says about servers whose tools the agent may use, and what is wrong with it.
struct ServerSettingsTests {
    private func problems(_ servers: String, environment: [String: String] = [:]) -> [String] {
        do {
            var loader = ConfigurationLoader()
            try loader.apply(
                file: Array("{\"mcp\": {\"servers\": \(servers)}}".utf8), name: "c.json")
            let configuration = try loader.validated()
            _ = try UpstreamServers(
                configuration.mcp.servers, environment: environment, log: Log(level: .error))
            return []
        } catch let error as ConfigurationLoader.Invalid {
            return error.problems
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `everything that can be said is taken`() throws {
        var loader = ConfigurationLoader()
        let file = """
            {"mcp": {"servers": [
              {"//": "ours", "name": "crm_1-a", "url": "https://crm.example/mcp?q=%3A",
               "role": "complaint", "protocol": "2025-11-25", "headers": {"X-Team": "desk"},
               "required": true, "timeout_seconds": 5,
               "oauth": {"token_url": "https://id.example/t", "client_id": "desk",
                         "client_secret_env": "S", "scope": "a b"}},
              {"name": "weather", "url": "http://127.0.0.1:9/mcp", "bearer_env": "TOKEN"}]}}
            """
        try loader.apply(file: Array(file.utf8), name: "c.json")
        let servers = try UpstreamServers(
            try loader.validated().mcp.servers, environment: ["S": "s3cret", "TOKEN": "t"],
            log: Log(level: .error))
        #expect(servers.all.map(\.name) == ["crm_1-a", "weather"])
        #expect(servers.complaint?.name == "crm_1-a")
        #expect(servers.extras.map(\.name) == ["weather"])
        let first = servers.all[0]
        #expect(first.settings.isRequired && !servers.all[1].settings.isRequired)
        #expect(first.client.endpoint.url == "https://crm.example/mcp?q=%3A")
        #expect(first.client.endpoint.revision == .legacy)
        #expect(first.client.endpoint.timeout == .seconds(5))
        #expect(servers.all[1].client.endpoint.timeout == .seconds(30))
        #expect(servers.all[1].client.endpoint.revision == .auto)
        guard case .grant(let grant) = first.client.endpoint.credential,
            case .bearer("t") = servers.all[1].client.endpoint.credential
        else {
            Issue.record("wrong credentials")
            return
        }
        #expect(grant.kind == .clientCredentials && grant.clientSecret == "s3cret")
        #expect(grant.scope == "a b")
    }

    @Test func `the environment takes the whole list, and it is printed as it is read`() throws {
        var loader = ConfigurationLoader()
        try loader.apply(environment: [
            "FRONTDESK_MCP_SERVERS": #"[{"name": "a", "url": "https://a.example"}]"#
        ])
        let configuration = try loader.validated()
        #expect(configuration.mcp.servers.map(\.name) == ["a"])
        let setting = try #require(Setting.all.first { $0.name == "mcp.servers" })
        var again = Configuration()
        try setting.write(&again, setting.read(configuration))
        #expect(again.mcp.servers == configuration.mcp.servers)
    }

    @Test(
        arguments: [
            ("{}", "'mcp.servers' must be an array"), ("[5]", "'mcp.servers[0]' must be an object"),
            (#"[{"url": "https://a.example"}]"#, "'mcp.servers[0]' must hold a 'name'"),
            (
                #"[{"name": "A b", "url": "https://a.example"}]"#,
                "'mcp.servers[0]' must hold 1 to 32 characters of a-z 0-9 _ - at 'name'"
            ),
            (
                #"[{"name": "a", "url": "https://a.example"}, {"name": "b"}]"#,
                "'mcp.servers[1].url' must begin with 'https://'"
            ),
            (#"[{"name": "a", "url": "http://crm.example"}]"#, "'mcp.servers[0].url'"),
            (#"[{"name": "a", "url": "http://localhost@crm.example"}]"#, "'mcp.servers[0].url'"),
            (
                #"[{"name": "a", "url": "https://a.example", "role": "boss"}]"#,
                "must hold 'extra' or 'complaint' at 'role'"
            ),
            (
                #"[{"name": "a", "url": "https://a.example", "protocol": "1"}]"#,
                "must hold 'auto' or '2026-07-28' or '2025-11-25' at 'protocol'"
            ),
            (#"[{"name": "a", "required": "yes"}]"#, "must hold true or false at 'required'"),
            (#"[{"name": "a", "timeout_seconds": 0}]"#, "at 'timeout_seconds'"),
            (#"[{"name": "a", "headers": {"A": 1}}]"#, "at 'headers'"),
            (#"[{"name": "a", "oauth": 5}]"#, "must hold an object at 'oauth'"),
            (#"[{"name": "a", "rol": "extra"}]"#, "'role'"),
            (
                #"[{"name": "a", "url": "https://a.example", "bearer_env": "NONE"}]"#,
                "'mcp.servers[0].bearer_env' names 'NONE', which is not set"
            ),
            (
                #"[{"name": "a", "url": "https://a.example", "bearer_env": "T", "#
                    + #""oauth": {"token_url": "https://b.example", "client_id": "c"}}]"#,
                "both 'bearer_env' and 'auth'"
            ),
            (
                #"[{"name": "a", "url": "https://a.example", "oauth": "#
                    + #"{"token_url": "http://b.example", "client_id": "c"}}]"#,
                "'mcp.servers[0].auth.token_url'"
            ),
            (
                #"[{"name": "a", "url": "https://a.example"}, "#
                    + #"{"name": "a", "url": "https://b.example"}]"#,
                "'mcp.servers[1].name' is that of another server: 'a'"
            ),
            (
                #"[{"name": "a", "url": "https://a.example", "role": "complaint"}, "#
                    + #"{"name": "b", "url": "https://b.example", "role": "complaint"}]"#,
                "'mcp.servers[1].role' is 'complaint', which another server is already"
            ),
        ])
    func `these are refused with the key and the reason`(_ servers: String, _ words: String) {
        let found = problems(servers, environment: ["T": "t"])
        #expect(found.contains { $0.contains(words) }, "\(found)")
        #expect(found.allSatisfy { $0.contains("mcp.servers") })
    }

    @Test func `all problems are told at once`() {
        let found = problems(#"[{"name": "a"}, {"name": "a", "bearer_env": "NONE"}]"#)
        #expect(found.count == 4, "\(found)")
    }

    @Test func `a server that cannot be asked keeps the program from starting`() async throws {
        await #expect(throws: ConfigurationLoader.Invalid.self) {
            try await Service(demo: false) { $0.mcp.servers = [Upstream()] }
        }
    }
}
