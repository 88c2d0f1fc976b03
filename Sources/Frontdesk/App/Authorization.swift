import HTTP

/// Lets a request through to its route only when its caller may use it (tickets.md, section 2).
final class Authorization: Middleware {
    private enum Rule {
        case open
        case signedIn
        case anyOf(Set<Scope>, words: [String])
    }

    /// By the route's place in the table.
    private let rules: [Rule]
    /// Whether a caller without a credential may do everything.
    private let isOff: Bool

    /// The rules of all routes.
    init(_ routes: [Route], mode: Configuration.Auth.Mode) {
        isOff = mode == .off
        rules = routes.map { route in
            switch route.operation.access {
            case .open: .open
            case .signedIn: .signedIn
            case .anyOf(let words): .anyOf(Set(words.compactMap(Scope.init)), words: words)
            }
        }
    }

    /// Throws 401 and 403; unknown paths are left to become 404.
    func before(_ request: inout Request) throws -> Response? {
        guard let index = request.routeIndex else { return nil }
        if isOff, !request.hasCaller { return nil }
        let caller = request.caller
        if caller.credential == .none {
            if let refusal = request.refusal { throw refusal }
            if isOff { return nil }
        } else {
            try checkTenant(request, caller)
        }
        switch rules[index] {
        case .open: break
        case .signedIn: try requireCredential(caller)
        case .anyOf(let scopes, let words):
            try requireCredential(caller)
            guard !caller.scopes.isDisjoint(with: scopes) else {
                throw Failure.scopeMissing(words)
            }
        }
        return nil
    }

    private func requireCredential(_ caller: Caller) throws {
        if caller.credential == .none { throw Failure.tokenMissing }
    }

    /// Whatever the route makes of it, a credential is good for its own tenant only.
    private func checkTenant(_ request: Request, _ caller: Caller) throws {
        guard let tenant = caller.tenant else { return }
        let named =
            request.query.pairs.filter { $0.name == "tenant_id" }.map(\.value)
            + request.headers.all("X-Tenant-ID")
        // What is no tenant's name is the route's to refuse.
        for name in named where name != tenant.name && isIdentifier(name) {
            throw Failure.wrongTenant(name)
        }
    }
}
