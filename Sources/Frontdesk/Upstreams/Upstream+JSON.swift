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

    /// A server of a list, as the file holds it.
    @Sendable static func listed(_ upstream: Upstream) -> JSONValue {
        var object: JSONObject = [
            "name": .string(upstream.name), "role": .string(upstream.role.rawValue),
            "protocol": .string(upstream.revision.rawValue),
            "required": .bool(upstream.isRequired),
        ]
        for member in json(upstream).object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }

    /// A server of a list, as the file says it.
    @Sendable static func read(listed object: JSONObject) throws(Setting.Problem) -> Upstream {
        var upstream = Upstream()
        var rest = JSONObject()
        for member in object.members {
            switch member.key {
            case "name": upstream.name = try name(member)
            case "role": upstream.role = try choice(member)
            case "protocol": upstream.revision = try choice(member)
            case "required":
                guard let flag = member.value.bool else {
                    throw Setting.Problem(text: "must hold true or false at 'required'")
                }
                upstream.isRequired = flag
            default: rest[member.key] = member.value
            }
        }
        guard !upstream.name.isEmpty else {
            throw Setting.Problem(text: "must hold a 'name'")
        }
        try merge(&upstream, rest, beside: ["name", "role", "protocol", "required"])
        return upstream
    }

    private static func name(_ member: JSONObject.Member) throws(Setting.Problem) -> String {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789_-"
        guard let name = member.value.string, (1...32).contains(name.count),
            name.allSatisfy({ letters.contains($0) })
        else {
            throw Setting.Problem(text: "must hold 1 to 32 characters of a-z 0-9 _ - at 'name'")
        }
        return name
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ member: JSONObject.Member
    ) throws(Setting.Problem) -> Choice {
        guard let choice = member.value.string.flatMap(Choice.init(rawValue:)) else {
            let words = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw Setting.Problem(text: "must hold \(words) at '\(member.key)'")
        }
        return choice
    }

    /// Takes the keys that the file holds over those that are there.
    @Sendable static func merge(
        _ upstream: inout Upstream, _ object: JSONObject
    ) throws(Setting.Problem) {
        try merge(&upstream, object, beside: [])
    }

    private static func merge(
        _ upstream: inout Upstream, _ object: JSONObject, beside others: [String]
    ) throws(Setting.Problem) {
        for member in object.members where !member.key.hasPrefix("//") {
            switch member.key {
            case "url": upstream.url = try text(member)
            case "bearer_env": upstream.bearerEnv = try text(member)
            case "headers": upstream.headers = try fields(member)
            case "auth", "oauth": try merge(&upstream.auth, member)
            case "timeout_seconds":
                guard let seconds = member.value.int, (1...3600).contains(seconds) else {
                    throw Setting.Problem(
                        text: "must hold a whole number from 1 to 3600 at 'timeout_seconds'")
                }
                upstream.timeoutSeconds = seconds
            default:
                let known = ["url", "bearer_env", "headers", "auth", "oauth", "timeout_seconds"]
                throw unknown(member.key, among: known + others)
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
            throw Setting.Problem(text: "must hold an object at '\(member.key)'")
        }
        for member in object.members where !member.key.hasPrefix("//") {
            if member.key == "grant" {
                auth.grant = try choice(member)
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
