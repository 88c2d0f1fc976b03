import HTTP

/// Who sends a request, and what they may do (tickets.md, section 2).
struct Caller: Sendable {
    /// How the caller showed who they are.
    enum Credential: String, Sendable {
        /// A token that this server signed.
        case local
        /// A token of another issuer.
        case external
        /// A key of this server.
        case apiKey = "api_key"
        /// Nothing was shown, and nothing was asked for.
        case none
    }

    /// What a person or a program is to the tenant.
    enum Role: String, Sendable, CaseIterable {
        /// Runs the tenant: every scope.
        case admin
        /// Works for the tenant's customers.
        case agent
        /// A program, with the scopes it was given.
        case service
        /// One of the tenant's customers, who sees what is their own.
        case customer
    }

    /// How the caller showed who they are.
    var credential = Credential.none
    /// The user, key or foreign subject; nil without a credential.
    var subject: String?
    /// The name that rows show for what the caller did; nil without a credential.
    var name: String?
    /// Tells the caller from all others, of other issuers too; nil without a credential.
    var identity: String?
    /// The caller's e-mail address, where the credential tells one; nobody may have checked it.
    var email: String?
    /// When the credential ends; nil for one that does not, and without one.
    var expiresAt: Timestamp?
    /// The sign-in that a token of this server belongs to.
    var familyID: String?
    /// The only tenant that the caller may name; nil without a credential, who may name any.
    var tenant: Tenant?
    /// What the caller is; several are the union of their rights.
    var roles: Set<Role> = [.admin]
    /// What the caller may do.
    var scopes = Set(Scope.allCases)
    /// The customer whose records are the caller's own; nil for whoever is no customer.
    var customerID: String?
    /// The address that this customer's record holds, whatever the credential says.
    var customerEmail: String?

    /// A caller of a server that asks for no credential: admin of whatever tenant they name.
    static let unrestricted = Caller()

    /// Whether the caller sees only what is their own.
    var seesOnlyOwn: Bool {
        roles.contains(.customer) && roles.isDisjoint(with: [.admin, .agent])
    }

    /// The address to which a customer is limited, empty for one without a record; nil for all
    /// others.
    var ownEmail: String? { seesOnlyOwn ? customerEmail ?? "" : nil }

    /// Whether a record of this customer is within the caller's sight.
    func owns(_ customer: String) -> Bool { !seesOnlyOwn || customerID == customer }
}

/// A right that a credential carries.
enum Scope: String, Sendable, CaseIterable {
    case sessionsRead = "sessions:read"
    case sessionsWrite = "sessions:write"
    case sessionsAdmin = "sessions:admin"
    case sessionsTakeover = "sessions:takeover"
    case chatSend = "chat:send"
    case toolsOrder = "tools:order"
    case toolsEmail = "tools:email"
    case toolsComplaint = "tools:complaint"
    case agentsRead = "agents:read"
    case agentsWrite = "agents:write"
    case agentsHealth = "agents:health"
    case messagesSend = "messages:send"
    case inboxRead = "inbox:read"
    case ticketsRead = "tickets:read"
    case ticketsWrite = "tickets:write"
    case ticketsRefund = "tickets:refund"
    case ticketsAdmin = "tickets:admin"
}

extension Operation.Access {
    /// A credential that has at least one of these scopes.
    static func scope(_ scopes: Scope...) -> Operation.Access { .anyOf(scopes.map(\.rawValue)) }
}

extension Request {
    private enum CallerKey: RequestKey {
        static let defaultValue: Caller? = nil
    }

    /// Who sends this request.
    var caller: Caller {
        get { values[CallerKey.self] ?? .unrestricted }
        set { values[CallerKey.self] = newValue }
    }

    /// Whether it was found out who sends this request; otherwise nothing was shown or needed.
    var hasCaller: Bool { values[CallerKey.self] != nil }
}
