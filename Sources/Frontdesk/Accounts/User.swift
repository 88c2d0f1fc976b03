/// A person who can sign in.
struct User: Sendable {
    let tenant: Tenant
    let id: String
    /// Lower case, unique in the tenant.
    let email: String
    /// As libcrypt writes it.
    var passwordHash: String
    let role: Caller.Role
    /// The customer that they are; every user of the role customer is one.
    let customerID: String?
    /// Whether everybody knows the password.
    var isDemo = false
    var disabledAt: Timestamp?
    var lastLoginAt: Timestamp?
    let createdAt: Timestamp
}

extension User {
    /// The user as the caller of a request, by a token of the sign-in `family`.
    func caller(until expiry: Timestamp, family: String) -> Caller {
        var caller = Caller(.local, subject: id, identity: id, tenant: tenant, roles: [role])
        caller.name = email
        caller.email = email
        caller.customerID = customerID
        caller.expiresAt = expiry
        caller.familyID = family
        return caller
    }

    /// An address as accounts hold it: without space around it, in lower case.
    static func normalized(_ email: String) -> String {
        let space: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
        let trimmed = email.drop { space.contains($0) }.reversed().drop { space.contains($0) }
        return String(trimmed.reversed()).lowercased()
    }
}
