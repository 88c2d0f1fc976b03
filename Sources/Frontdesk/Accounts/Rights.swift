/// What each role may do (tickets.md, section 2).
extension Caller.Role {
    /// The scopes of the role; a service has those of its key or token instead.
    var scopes: Set<Scope> {
        switch self {
        case .admin: Set(Scope.allCases)
        case .agent:
            [
                .sessionsRead, .sessionsWrite, .sessionsAdmin, .sessionsTakeover, .chatSend,
                .toolsOrder, .toolsEmail, .toolsComplaint, .agentsRead, .ticketsRead,
                .ticketsWrite, .ticketsRefund,
            ]
        case .customer: [.sessionsRead, .sessionsWrite, .chatSend, .ticketsRead, .ticketsWrite]
        case .service: []
        }
    }
}

extension Caller {
    /// A caller of these roles; `granted` is what a service was given beside them.
    init(
        _ credential: Credential, subject: String, identity: String, tenant: Tenant,
        roles: Set<Role>, granted: Set<Scope> = []
    ) {
        self.credential = credential
        self.subject = subject
        self.identity = identity
        self.tenant = tenant
        self.roles = roles
        scopes = roles.reduce(into: roles.contains(.service) ? granted : []) { scopes, role in
            scopes.formUnion(role.scopes)
        }
    }

    /// Someone who showed nothing to a server that asks for a credential: without any right.
    static let nobody: Caller = {
        var caller = Caller()
        caller.roles = []
        caller.scopes = []
        return caller
    }()
}
