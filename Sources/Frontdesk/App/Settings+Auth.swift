import Crypto
import JSON

extension Setting {
    /// The keys of tickets.md, section 12, about sign-in.
    static let auth: [Setting] = [
        .choice("auth.mode", \.auth.mode),
        .text("auth.issuer", \.auth.issuer),
        .text("auth.audience", \.auth.audience) { $0.isEmpty ? "must not be empty" : nil },
        .choice("auth.signing_alg", \.auth.signingAlgorithm),
        .text("auth.signing_key_file", \.auth.signingKeyFile),
        .text("auth.previous_key_file", \.auth.previousKeyFile),
        .integer("auth.access_token_seconds", \.auth.accessTokenSeconds, 60...86_400),
        .integer("auth.refresh_token_days", \.auth.refreshTokenDays, 1...365),
        .integer("auth.refresh_family_days", \.auth.refreshFamilyDays, 1...3650),
        .integer("auth.password_cost", \.auth.passwordCost, PasswordHash.costs),
        externalIssuers,
        .flag("auth.demo_users", \.auth.demoUsers),
    ]

    private static let externalIssuers = Setting(
        name: "auth.external_issuers",
        read: { .array($0.auth.externalIssuers.map(\.json)) },
        write: { (configuration, value) throws(Problem) in
            guard let items = value.array else { throw Problem(text: "must be an array") }
            var issuers: [ExternalIssuer] = []
            for item in items {
                let issuer = try ExternalIssuer(item)
                guard !issuers.contains(where: { $0.issuer == issuer.issuer }) else {
                    throw Problem(text: "names '\(issuer.issuer)' twice")
                }
                issuers.append(issuer)
            }
            configuration.auth.externalIssuers = issuers
        },
        parse: { text in text.isEmpty ? [] : (try? JSONValue(parsing: text)) ?? .string(text) })
}
