import Crypto

extension Configuration {
    /// Who may use the server, and how they show it.
    struct Auth: Sendable {
        var mode = Mode.off
        /// The `iss` of our tokens; empty means the base URL.
        var issuer = ""
        /// The `aud` of our tokens.
        var audience = "frontdesk"
        var signingAlgorithm = SigningAlgorithm.es256
        /// The key's file; empty means beside the database.
        var signingKeyFile = ""
        /// An older key, for verification only.
        var previousKeyFile = ""
        var accessTokenSeconds = 3600
        var refreshTokenDays = 30
        /// How long a sign-in lasts at most.
        var refreshFamilyDays = 90
        /// libcrypt's cost of new password hashes; each step doubles it.
        var passwordCost = PasswordHash.usualCost
        /// Other services whose tokens are believed.
        var externalIssuers: [ExternalIssuer] = []
        /// Whether the users of the demo data may sign in from other machines.
        var demoUsers = false

        /// Whether a request needs a credential.
        enum Mode: String, CaseIterable, Sendable {
            /// Without one a caller is admin of the tenant they name.
            case off
            /// All but a few routes need one.
            case required
        }

        /// How our tokens are signed.
        enum SigningAlgorithm: String, CaseIterable, Sendable {
            case es256 = "ES256"
            case rs256 = "RS256"
            case hs256 = "HS256"
        }
    }

    /// The address of the server as it is used on its own machine.
    var baseURL: String {
        let host = server.host
        let isAny = ["0.0.0.0", "127.0.0.1", "::", "::1"].contains(host)
        let scheme = server.tlsCertificate.isEmpty ? "http" : "https"
        let shown = isAny ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(shown):\(server.port)"
    }

    /// Whether only this machine can reach the server.
    var isLoopbackOnly: Bool { isLoopback(server.host) }
}
