/// An MCP server: where it is, how it is spoken to, and what it may take.
public struct MCPEndpoint: Sendable {
    /// Which revision of the protocol is spoken.
    public enum Revision: String, Sendable, CaseIterable {
        /// Whatever the server knows, the newest first.
        case auto
        /// Without a session: every request says all that it needs.
        case modern = "2026-07-28"
        /// With `initialize` and perhaps a session.
        case legacy = "2025-11-25"
    }

    /// What a request shows.
    public enum Credential: Sendable {
        /// Nothing.
        case none
        /// Always this token.
        case bearer(String)
        /// A token that is fetched when it is needed.
        case grant(TokenGrant)
    }

    /// The address, sent byte for byte.
    public var url: String
    /// Which revision is spoken.
    public var revision = Revision.auto
    /// Fields that every request carries.
    public var headers: [(name: String, value: String)] = []
    /// What every request shows.
    public var credential = Credential.none
    /// How long one call may take, with everything that it needs.
    public var timeout: Duration = .seconds(30)
    /// The most bytes of one answer.
    public var maxResponseBytes = 8_388_608
    /// Whether a server that refuses both handshakes is asked without any.
    public var allowsBareCalls = false

    /// A server with the limits above.
    public init(url: String) {
        self.url = url
    }
}

/// How a token is had (RFC 6749, and Amazon Cognito's own way).
public struct TokenGrant: Sendable {
    /// The ways.
    public enum Kind: String, Sendable, CaseIterable {
        /// The program's own name and secret.
        case clientCredentials = "client_credentials"
        /// A user's name and password.
        case password
        /// A user's name and password at a Cognito user pool.
        case cognito
    }

    /// The way.
    public var kind: Kind
    /// Where tokens are had.
    public var url: String
    /// The program's name there.
    public var clientID: String
    /// The program's secret; empty without one.
    public var clientSecret = ""
    /// The user's name.
    public var username = ""
    /// The user's password.
    public var password = ""
    /// What is asked for; empty asks for what is usual.
    public var scope = ""

    /// A grant without a secret, user or scope.
    public init(_ kind: Kind, url: String, clientID: String) {
        self.kind = kind
        self.url = url
        self.clientID = clientID
    }
}
