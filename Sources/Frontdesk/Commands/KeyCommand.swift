import JSON

extension Command {
    /// `frontdesk key …`
    static let key = Command(
        name: "key", summary: "Create, list and revoke programs' keys.",
        usage: """
            key create NAME --scope S[,S…]… [--expires 90d] [--tenant T] [--json]
                   frontdesk key list|revoke ID [--tenant T] [--json]
            """,
        details: [
            "--scope S      a right of the key; may be repeated, or hold several with commas",
            "--expires 90d  when it ends: days (d), hours (h) or minutes (m) from now",
            "--tenant T     whose key; 'default' if left out",
            "--json         print JSON",
        ],
        valued: ["expires", "tenant"], repeated: ["scope"], switches: ["json"], operands: 2
    ) { arguments, console in
        let words = arguments.operands
        switch (words.first, words.count) {
        case ("create", 2): try await AccountCommand(arguments, console).createKey(words[1])
        case ("list", 1): try await AccountCommand(arguments, console).listKeys()
        case ("revoke", 2): try await AccountCommand(arguments, console).revokeKey(words[1])
        default:
            throw Arguments.Misuse(text: "'key' needs 'create NAME', 'list' or 'revoke ID'")
        }
    }
}

/// What `frontdesk key` does.
extension AccountCommand {
    fileprivate func createKey(_ name: String) async throws {
        guard (1...100).contains(name.utf8.count), !name.hasControlCharacters else {
            throw Arguments.Misuse(text: "a key's name has 1 to 100 characters")
        }
        let scopes = try scopes()
        let now = clock.now()
        let end = try arguments["expires"].map { now.adding(seconds: try Self.seconds($0)) }
        let text = APIKey.makeText()
        let key = APIKey(
            tenant: tenant, id: IDMaker(clock: clock).make("key"), name: name,
            prefix: String(text.prefix(12)), scopes: scopes, expiresAt: end, createdAt: now)
        try await withAccounts { accounts in
            guard try await accounts.keys.insert(key, hash: APIKey.hash(of: text)) else {
                throw CommandFailure(
                    text: "tenant '\(tenant.name)' has a key named '\(name)' already")
            }
        }
        guard arguments.has("json") else { return console.out(text) }
        var json = key.json.object ?? JSONObject()
        json["key"] = .string(text)
        console.out(JSONValue.object(json).text)
    }

    fileprivate func listKeys() async throws {
        try await withAccounts { accounts in
            let keys = try accounts.keys.list(tenant)
            if arguments.has("json") {
                return console.out(JSONValue.array(keys.map(\.json)).text)
            }
            let now = clock.now()
            for key in keys {
                let scopes = key.scopes.map(\.rawValue).joined(separator: ",")
                var line = "\(key.id)  \(key.prefix)…  \(key.name)  \(scopes)"
                if key.revokedAt != nil {
                    line += "  revoked"
                } else if let end = key.expiresAt {
                    line += end > now ? "  until \(end)" : "  expired"
                }
                console.out(line)
            }
        }
    }

    fileprivate func revokeKey(_ id: String) async throws {
        try await withAccounts { accounts in
            guard try await accounts.keys.revoke(id, of: tenant, at: clock.now()) else {
                throw CommandFailure(text: "tenant '\(tenant.name)' has no key '\(id)'")
            }
            let json: JSONValue = ["key_id": .string(id), "status": "revoked"]
            console.out(arguments.has("json") ? json.text : "revoked: \(id)")
        }
    }

    private func scopes() throws -> [Scope] {
        let words = (arguments["scope"] ?? "").split(separator: ",").map(String.init)
        guard !words.isEmpty else { throw Arguments.Misuse(text: "--scope is needed") }
        var scopes: [Scope] = []
        for word in words {
            guard let scope = Scope(rawValue: word) else {
                let known = Scope.allCases.map(\.rawValue)
                let hint = Spelling.suggestion(for: word, among: known)
                throw Arguments.Misuse(text: "unknown scope '\(word)'\(hint)")
            }
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }

    /// The seconds of a text such as `90d`.
    private static func seconds(_ text: String) throws -> Double {
        let units: [Character: Double] = ["d": 86_400, "h": 3600, "m": 60]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            (1...36_500).contains(count)
        else {
            throw Arguments.Misuse(
                text: "--expires '\(text)' must be a time such as 90d, 12h or 30m")
        }
        return Double(count) * unit
    }
}

extension APIKey {
    /// The key as `--json` prints it, without its secret.
    fileprivate var json: JSONValue {
        [
            "key_id": .string(id), "name": .string(name), "prefix": .string(prefix),
            "tenant_id": .string(tenant.name),
            "scopes": .array(scopes.map { .string($0.rawValue) }),
            "expires_at": JSONValue(expiresAt?.text), "last_used_at": JSONValue(lastUsedAt?.text),
            "revoked_at": JSONValue(revokedAt?.text), "created_at": .string(createdAt.text),
        ]
    }
}
