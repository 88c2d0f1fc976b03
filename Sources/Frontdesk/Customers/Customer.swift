import JSON

/// Somebody who holds tickets.
struct Customer: Equatable, Sendable {
    /// Their id, which stays.
    let id: String
    /// Their address for mail, in lower case; nobody else of the tenant has it.
    var email: String
    /// Their first name, as given.
    var firstName: String
    /// Their last name, as given.
    var lastName: String
    /// Their telephone number without signs between the digits, if known.
    var phone: String?
    /// Who they are to an outside issuer of tokens, if to any.
    var authSubject: String?
    /// When they were entered, as rows write instants.
    let createdAt: String
    /// When the record last changed.
    var updatedAt: String

    /// Both names.
    var name: String { firstName + " " + lastName }

    /// The record as answers show it; who they are to an issuer is for admins only.
    func json(forAdmin isAdmin: Bool) -> JSONValue {
        var object: JSONObject = [
            "customer_id": .string(id), "email": .string(email),
            "first_name": .string(firstName), "last_name": .string(lastName),
            "phone": JSONValue(phone),
        ]
        if isAdmin { object["auth_subject"] = JSONValue(authSubject) }
        object["created_at"] = .string(createdAt)
        object["updated_at"] = .string(updatedAt)
        return .object(object)
    }
}
