import JSON
import MCP

/// An MCP server that an operator names, and what is shown to it (conversations.md, section 7).
struct Upstream: Equatable, Sendable {
    /// The name by which its tools are known; empty for an agent that has a place of its own.
    var name = ""
    /// What it is for.
    var role = Role.extra
    /// Which revision of the protocol it is spoken to in.
    var revision = MCPEndpoint.Revision.auto
    /// Whether the server counts as unhealthy without it.
    var isRequired = false
    /// The address, used byte for byte; empty for none.
    var url = ""
    /// The environment variable that holds a token.
    var bearerEnv = ""
    /// Fields that every request carries.
    var headers = JSONObject()
    /// How long a call may take.
    var timeoutSeconds = 30
    /// How a token is had.
    var auth = Auth()

    /// What a server is for.
    enum Role: String, CaseIterable, Sendable {
        /// Further tools for models.
        case extra
        /// Complaints, in place of those that are kept here.
        case complaint
    }

    /// Where and how tokens are had; nowhere without an address.
    struct Auth: Equatable, Sendable {
        var grant = TokenGrant.Kind.clientCredentials
        var tokenURL = ""
        var clientID = ""
        /// The environment variable that holds the program's secret.
        var clientSecretEnv = ""
        var username = ""
        /// The environment variable that holds the user's password.
        var passwordEnv = ""
        var scope = ""
        /// Cognito's address, when it is not the region's own.
        var endpoint = ""
        /// Cognito's region.
        var region = ""

        /// Where tokens are had; empty for nowhere.
        var url: String {
            guard grant == .cognito else { return tokenURL }
            if !endpoint.isEmpty { return endpoint }
            return region.isEmpty ? "" : "https://cognito-idp.\(region).amazonaws.com/"
        }
    }
}

// MARK: - Ready for use

extension Upstream {
    /// The server as the client takes it, with secrets from the environment; `key` is the
    /// configuration's name of it.
    ///
    /// Throws `ConfigurationLoader.Invalid` with everything that is wrong.
    func endpoint(named key: String, environment: [String: String]) throws -> MCPEndpoint {
        var problems = self.problems(named: key)
        func secret(_ name: String, _ variable: String) -> String {
            guard !variable.isEmpty else { return "" }
            if let value = environment[variable], !value.isEmpty { return value }
            problems.append("'\(key).\(name)' names '\(variable)', which is not set")
            return ""
        }
        var endpoint = MCPEndpoint(url: url)
        endpoint.revision = revision
        endpoint.timeout = .seconds(timeoutSeconds)
        endpoint.headers = headers.members.map { ($0.key, $0.value.string ?? "") }
        if !auth.url.isEmpty {
            var grant = TokenGrant(auth.grant, url: auth.url, clientID: auth.clientID)
            grant.clientSecret = secret("auth.client_secret_env", auth.clientSecretEnv)
            grant.username = auth.username
            grant.password = secret("auth.password_env", auth.passwordEnv)
            grant.scope = auth.scope
            endpoint.credential = .grant(grant)
        } else if !bearerEnv.isEmpty {
            endpoint.credential = .bearer(secret("bearer_env", bearerEnv))
        }
        guard problems.isEmpty else { throw ConfigurationLoader.Invalid(problems: problems) }
        return endpoint
    }

    private func problems(named key: String) -> [String] {
        var problems: [String] = []
        let form = "must begin with 'https://', or with 'http://' and lead to this machine"
        if WebAuthority(url)?.isSafe != true { problems.append("'\(key).url' \(form)") }
        guard !auth.url.isEmpty else {
            if auth != Auth() { problems.append("'\(key).auth' does not say where tokens are had") }
            return problems
        }
        if WebAuthority(auth.url)?.isSafe != true {
            let name = auth.grant == .cognito ? "endpoint" : "token_url"
            problems.append("'\(key).auth.\(name)' \(form)")
        }
        if !bearerEnv.isEmpty { problems.append("'\(key)' has both 'bearer_env' and 'auth'") }
        if auth.grant != .password, auth.clientID.isEmpty {
            problems.append("'\(key).auth.client_id' is required")
        }
        if auth.grant != .clientCredentials, auth.username.isEmpty || auth.passwordEnv.isEmpty {
            problems.append("'\(key).auth' needs 'username' and 'password_env'")
        }
        return problems
    }
}
