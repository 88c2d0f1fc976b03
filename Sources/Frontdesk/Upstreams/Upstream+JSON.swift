import JSON
import MCP

// A server as the configuration file writes it.
extension Upstream {
    /// The server as the file holds it.
    @Sendable static func json(_ upstream: Upstream) -> JSONValue {
        let auth = upstream.auth
        return [
            "url": .string(upstream.url), "bearer_env": .string(upstream.bearerEnv),
            "headers": .object(upstream.headers),
            "auth": [
                "grant": .string(auth.grant.rawValue), "token_url": .string(auth.tokenURL),
                "client_id": .string(auth.clientID),
                "client_secret_env": .string(auth.clientSecretEnv),
                "username": .string(auth.username), "password_env": .string(auth.passwordEnv),
                "scope": .string(auth.scope), "endpoint": .string(auth.endpoint),
                "region": .string(auth.region),
            ],
            "timeout_seconds": JSONValue(upstream.timeoutSeconds),
        ]
    }

    /// Takes the keys that the file holds over those that are there.
    @Sendable static func merge(
        _ upstream: inout Upstream, _ object: JSONObject
    ) throws(Setting.Problem) {
        for member in object.members where !member.key.hasPrefix("//") {
            switch member.key {
            case "url": upstream.url = try text(member)
            case "bearer_env": upstream.bearerEnv = try text(member)
            case "headers": upstream.headers = try fields(member)
            case "auth": try merge(&upstream.auth, member)
            case "timeout_seconds":
                guard let seconds = member.value.int, (1...3600).contains(seconds) else {
                    throw Setting.Problem(
                        text: "must hold a whole number from 1 to 3600 at 'timeout_seconds'")
                }
                upstream.timeoutSeconds = seconds
            default:
                throw unknown(
                    member.key, among: ["url", "bearer_env", "headers", "auth", "timeout_seconds"])
            }
        }
    }

    private static let authKeys: [String: any WritableKeyPath<Auth, String> & Sendable] = [
        "token_url": \.tokenURL, "client_id": \.clientID,
        "client_secret_env": \.clientSecretEnv, "username": \.username,
        "password_env": \.passwordEnv, "scope": \.scope, "endpoint": \.endpoint,
        "region": \.region,
    ]

    private static func merge(
        _ auth: inout Auth, _ member: JSONObject.Member
    ) throws(Setting.Problem) {
        guard let object = member.value.object else {
            throw Setting.Problem(text: "must hold an object at 'auth'")
        }
        for member in object.members where !member.key.hasPrefix("//") {
            if member.key == "grant" {
                guard let grant = member.value.string.flatMap(TokenGrant.Kind.init(rawValue:))
                else {
                    let words = TokenGrant.Kind.allCases.map { "'\($0.rawValue)'" }
                    throw Setting.Problem(
                        text: "must hold \(words.joined(separator: " or ")) at 'auth.grant'")
                }
                auth.grant = grant
            } else if let path = authKeys[member.key] {
                auth[keyPath: path] = try text(member)
            } else {
                throw unknown(member.key, among: authKeys.keys.sorted() + ["grant"])
            }
        }
    }

    private static func text(_ member: JSONObject.Member) throws(Setting.Problem) -> String {
        guard let text = member.value.string, !text.hasControlCharacters else {
            throw Setting.Problem(text: "must hold one line of text at '\(member.key)'")
        }
        return text
    }

    private static func fields(_ member: JSONObject.Member) throws(Setting.Problem) -> JSONObject {
        let problem = Setting.Problem(text: "must hold header fields and their texts at 'headers'")
        guard let fields = member.value.object else { throw problem }
        for field in fields.members {
            guard let text = field.value.string, !text.hasControlCharacters,
                !field.key.isEmpty,
                field.key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
            else { throw problem }
        }
        return fields
    }

    private static func unknown(_ key: String, among keys: [String]) -> Setting.Problem {
        let hint = Spelling.suggestion(for: key, among: keys)
        return Setting.Problem(text: "must not hold the unknown key '\(key)'\(hint)")
    }
}
