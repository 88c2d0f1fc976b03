import Foundation
import JSON
import MCP
import MCPPeer
import Testing

@Suite struct `MCP client: tokens` {
    /// A server that wants a token, and a client that knows where to get it.
    private static func world(
        _ kind: TokenGrant.Kind, _ plan: JSONObject = [:], hands: Hands = Hands(),
        _ change: (inout TokenGrant) -> Void = { _ in }
    ) async throws -> (server: ScriptedServer, client: MCPClient) {
        var plan = plan
        plan["guarded"] = true
        let server = try await ScriptedServer.greeting(plan)
        let path = kind == .cognito ? "/cognito" : "/token"
        var grant = TokenGrant(kind, url: server.url(path), clientID: "desk")
        change(&grant)
        let client = server.client(hands: hands) { $0.credential = .grant(grant) }
        return (server, client)
    }

    @Test func `a token that is given is shown`() async throws {
        let server = try await ScriptedServer.greeting()
        let client = server.client { $0.credential = .bearer("secret") }
        _ = try await client.call("greet", [:])
        #expect(
            try server.diary.requests.allSatisfy { $0.fields["authorization"] == "Bearer secret" })
    }

    @Test func `client credentials are asked for as RFC 6749 says`() async throws {
        let (server, client) = try await Self.world(.clientCredentials) {
            $0.clientSecret = "s:e c&ret"
            $0.scope = "a/b c"
        }
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        let asked = try #require(server.diary.requests.first)
        #expect(asked.path == "/token")
        #expect(asked.body == "grant_type=client_credentials&scope=a%2Fb%20c")
        #expect(asked.fields["content-type"] == "application/x-www-form-urlencoded")
        let basic = try #require(asked.fields["authorization"])
        let pair = Data(base64Encoded: String(basic.dropFirst(6)))
        #expect(pair.map { String(decoding: $0, as: UTF8.self) } == "desk:s%3Ae%20c%26ret")
        #expect(try server.diary.requests.last?.fields["authorization"] == "Bearer token-1")
    }

    @Test func `a user's password is asked with in its own grant`() async throws {
        let (server, client) = try await Self.world(.password) {
            $0.username = "sam@example.com"
            $0.password = "p&w"
        }
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        #expect(
            try server.diary.requests.first?.body
                == "grant_type=password&username=sam%40example.com&password=p%26w&client_id=desk")
    }

    @Test func `Cognito is asked in its own words`() async throws {
        let (server, client) = try await Self.world(.cognito) {
            $0.username = "sam"
            $0.password = "pw"
            $0.clientSecret = "key"
        }
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        let asked = try #require(server.diary.requests.first)
        #expect(
            asked.fields["x-amz-target"] == "AWSCognitoIdentityProviderService.InitiateAuth")
        #expect(asked.fields["content-type"] == "application/x-amz-json-1.1")
        #expect(asked.json?["AuthFlow"] == "USER_PASSWORD_AUTH")
        #expect(asked.json?["ClientId"] == "desk")
        // printf samdesk | openssl dgst -sha256 -hmac key -binary | base64
        #expect(
            asked.json?["AuthParameters"]?["SECRET_HASH"]
                == "QtXmnKa6cZ0MEcLjix4m485JPTF48Eejxx+uyNAD+9s=")
    }

    @Test func `one fetch serves all who wait`() async throws {
        let (server, client) = try await Self.world(.clientCredentials)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    (try? await client.call("greet", [:]).payload) == ["greeting": "hello"]
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(try server.diary.tokens == 1)
    }

    @Test(arguments: [(3600, 3299, 2), (3600, 3200, 100), (100, 49, 2), (600, 299, 2)])
    func `a token is renewed 300 s before its end, or at half its life`(
        _ life: Int, _ still: Int, _ more: Int
    ) async throws {
        let hands = Hands()
        let (server, client) = try await Self.world(
            .clientCredentials, ["expires_in": JSONValue(life)], hands: hands)
        _ = try await client.call("greet", [:])
        hands.pass(seconds: still)
        _ = try await client.call("greet", [:])
        #expect(try server.diary.tokens == 1)
        hands.pass(seconds: more)
        _ = try await client.call("greet", [:])
        #expect(try server.diary.tokens == 2)
    }

    @Test func `a token that the server refuses is replaced once`() async throws {
        let (server, client) = try await Self.world(.clientCredentials)
        _ = try await client.call("greet", [:])
        try server.revokeTokens()
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        #expect(try server.diary.tokens == 2)
        #expect(try server.diary.all("tools/call").count == 3)
    }

    @Test func `a server that refuses every token is an error`() async throws {
        let (server, client) = try await Self.world(
            .clientCredentials, ["faults": [["on": "/mcp", "do": "status", "status": 401]]])
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.kind == .credential)
        #expect(try server.diary.tokens == 2)
    }

    @Test(
        arguments: [
            ["do": "status", "status": 400, "body": ["error": "invalid_client"]],
            ["do": "status", "status": 500], ["do": "body", "body": "{}"],
            ["do": "body", "body": "no json"], ["do": "status", "status": 302],
        ] as [JSONObject])
    func `without a token nobody is asked`(_ fault: JSONObject) async throws {
        var fault = fault
        fault["on"] = "/token"
        let (server, client) = try await Self.world(
            .clientCredentials, ["faults": [.object(fault)]]
        ) { $0.clientSecret = "hush" }
        let error = await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
        #expect(error?.kind == .credential)
        #expect(error?.message.contains("hush") == false)
        #expect(try server.diary.methods.isEmpty)
    }

    @Test func `a token endpoint that hangs takes no longer than the call may`() async throws {
        let (server, client) = try await Self.world(
            .clientCredentials, ["faults": [["on": "/token", "do": "hang"]]])
        let calling = Task { try await client.call("greet", [:]) }
        _ = server
        calling.cancel()
        let error = await #expect(throws: MCPError.self) { try await calling.value }
        #expect(error?.kind == .cancelled)
    }

    @Test func `a token that still lives serves while no other is to be had`() async throws {
        let hands = Hands()
        let (server, client) = try await Self.world(.clientCredentials, hands: hands)
        _ = try await client.call("greet", [:])
        hands.pass(seconds: 3500)
        try server.breakTokens()
        #expect(try await client.call("greet", [:]).payload == ["greeting": "hello"])
        hands.pass(seconds: 200)
        await #expect(throws: MCPError.self) { try await client.call("greet", [:]) }
    }
}
