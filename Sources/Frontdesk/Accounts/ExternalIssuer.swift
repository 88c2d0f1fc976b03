import JSON
import JWT

/// Another service whose tokens are believed, a Cognito user pool say (tickets.md, section 2).
struct ExternalIssuer: Sendable, Equatable {
    /// Its exact `iss`.
    var issuer = ""
    /// Values of `aud` that are meant for this server.
    var audiences: [String] = []
    /// Values of `client_id` that may act here.
    var clients: [String] = []
    /// Where its keys are.
    var jwksURI = ""
    var algorithms = [Algorithm.rs256]
    /// The tenant of all its tokens, unless a claim names it.
    var tenant = Tenant.default.name
    var tenantClaim: String?
    var rolesClaim = "cognito:groups"
    /// Our role for each of its groups; without a map groups named like roles are those.
    var roleMap: [String: Caller.Role] = [:]
    var defaultRole: Caller.Role?
    /// The claim that names the customer; without one it is the customer with its `sub`.
    var customerClaim: String?
}

// MARK: - In the configuration

extension ExternalIssuer {
    private static let keys = [
        "issuer", "audience", "client_id", "jwks_uri", "algorithms", "tenant", "tenant_claim",
        "roles_claim", "role_map", "default_role", "customer_claim",
    ]

    /// An issuer as the configuration file writes it; says what is wrong with it.
    init(_ value: JSONValue) throws(Setting.Problem) {
        guard let object = value.object else {
            throw Setting.Problem(text: "must hold objects")
        }
        for key in object.keys where !Self.keys.contains(key) && !key.hasPrefix("//") {
            let hint = Spelling.suggestion(for: key, among: Self.keys)
            throw Setting.Problem(text: "holds an unknown key '\(key)'\(hint)")
        }
        issuer = try Self.text(value, "issuer") ?? ""
        guard !issuer.isEmpty else {
            throw Setting.Problem(text: "needs an 'issuer' in each entry")
        }
        audiences = try Self.texts(value, "audience")
        clients = try Self.texts(value, "client_id")
        guard !audiences.isEmpty || !clients.isEmpty else {
            throw Setting.Problem(text: "needs 'audience' or 'client_id' for '\(issuer)'")
        }
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        jwksURI = try Self.text(value, "jwks_uri") ?? base + "/.well-known/jwks.json"
        guard WebAuthority(jwksURI)?.isSafe ?? false else {
            throw Setting.Problem(
                text: "needs a 'jwks_uri' with https, or http to loopback, for '\(issuer)'")
        }
        if value["algorithms"] != nil { algorithms = try Self.algorithms(value) }
        if let tenant = try Self.text(value, "tenant") {
            guard isIdentifier(tenant) else {
                throw Setting.Problem(text: "names '\(tenant)', which is no tenant")
            }
            self.tenant = tenant
        }
        tenantClaim = try Self.text(value, "tenant_claim")
        rolesClaim = try Self.text(value, "roles_claim") ?? rolesClaim
        customerClaim = try Self.text(value, "customer_claim")
        defaultRole = try Self.text(value, "default_role").map(Self.role)
        for (group, name) in try Self.map(value, "role_map") {
            roleMap[group] = try Self.role(name)
        }
    }

    /// The issuer as the configuration file writes it.
    var json: JSONValue {
        var object: JSONObject = [
            "issuer": .string(issuer), "audience": .array(audiences.map { .string($0) }),
            "client_id": .array(clients.map { .string($0) }), "jwks_uri": .string(jwksURI),
            "algorithms": .array(algorithms.map { .string($0.rawValue) }),
            "tenant": .string(tenant), "roles_claim": .string(rolesClaim),
        ]
        object["tenant_claim"] = tenantClaim.map { .string($0) }
        object["customer_claim"] = customerClaim.map { .string($0) }
        object["default_role"] = defaultRole.map { .string($0.rawValue) }
        var map = JSONObject()
        for (group, role) in roleMap.sorted(by: { $0.key < $1.key }) {
            map[group] = .string(role.rawValue)
        }
        object["role_map"] = .object(map)
        return .object(object)
    }

    private static func text(
        _ value: JSONValue, _ name: String
    ) throws(Setting.Problem) -> String? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let text = member.string, !text.isEmpty else {
            throw Setting.Problem(text: "needs a text as '\(name)'")
        }
        return text
    }

    private static func texts(
        _ value: JSONValue, _ name: String
    ) throws(Setting.Problem) -> [String] {
        guard let member = value[name], !member.isNull else { return [] }
        let list = member.string.map { [JSONValue.string($0)] } ?? member.array ?? []
        let texts = list.compactMap(\.string).filter { !$0.isEmpty }
        guard texts.count == list.count, member.string != nil || member.array != nil else {
            throw Setting.Problem(text: "needs a text or a list of texts as '\(name)'")
        }
        return texts
    }

    private static func algorithms(_ value: JSONValue) throws(Setting.Problem) -> [Algorithm] {
        let algorithms = try texts(value, "algorithms").compactMap(Algorithm.init)
        guard !algorithms.isEmpty, !algorithms.contains(.hs256),
            algorithms.count == value["algorithms"]?.array?.count
        else {
            throw Setting.Problem(
                text: "needs 'RS256' and 'ES256', or one of them, as 'algorithms'")
        }
        return algorithms
    }

    private static func map(
        _ value: JSONValue, _ name: String
    ) throws(Setting.Problem) -> [(String, String)] {
        guard let member = value[name], !member.isNull else { return [] }
        let pairs = (member.object?.members ?? []).compactMap { entry in
            entry.value.string.map { (entry.key, $0) }
        }
        guard pairs.count == member.object?.count else {
            throw Setting.Problem(text: "needs an object of role names as '\(name)'")
        }
        return pairs
    }

    private static func role(_ name: String) throws(Setting.Problem) -> Caller.Role {
        guard let role = Caller.Role(rawValue: name) else {
            let words = Caller.Role.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw Setting.Problem(text: "names the role '\(name)'; roles are \(words)")
        }
        return role
    }
}

// MARK: - What a token means

extension ExternalIssuer {
    /// Whether the token is meant for this server.
    func isMeant(_ claims: Claims) -> Bool {
        if let use = claims["token_use"], use != "access" { return false }
        if claims.audiences.contains(where: audiences.contains) { return true }
        return claims["client_id"]?.string.map(clients.contains) ?? false
    }

    /// The tenant that the token is for; nil when it names none or an impossible one.
    func tenant(of claims: Claims) -> Tenant? {
        guard let tenantClaim else { return Tenant(tenant) }
        return claims[tenantClaim]?.string.flatMap { Tenant($0) }
    }

    /// What its subject is here.
    func roles(of claims: Claims) -> Set<Caller.Role> {
        let roles = claims.texts(rolesClaim).compactMap { group in
            roleMap.isEmpty ? Caller.Role(rawValue: group) : roleMap[group]
        }
        return roles.isEmpty ? Set([defaultRole].compactMap { $0 }) : Set(roles)
    }

    /// The scopes that it was given, each without the text up to its last slash.
    static func scopes(of claims: Claims) -> Set<Scope> {
        let words = (claims["scope"]?.string ?? "").split(separator: " ")
        return Set(
            words.compactMap { word in
                Scope(rawValue: String(word.split(separator: "/").last ?? ""))
            })
    }
}
