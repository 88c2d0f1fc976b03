import JSON

extension Failure.Code {
    static let customerNotFound = Failure.Code(
        word: "customer_not_found", status: 404, title: "Resource Not Found")
    static let ticketNotFound = Failure.Code(
        word: "ticket_not_found", status: 404, title: "Resource Not Found")
    static let quoteNotFound = Failure.Code(
        word: "quote_not_found", status: 404, title: "Resource Not Found")
    static let customerExists = Failure.Code(
        word: "customer_exists", status: 409, title: "Conflict")
    static let ticketExists = Failure.Code(word: "ticket_exists", status: 409, title: "Conflict")
    static let customerMismatch = Failure.Code(
        word: "customer_mismatch", status: 422, title: "Unprocessable Request")
}

extension Failure {
    /// A customer that the tenant does not have.
    static func noCustomer(_ id: String, of tenant: Tenant) -> Failure {
        Failure(.customerNotFound, "No customer '\(id)' in tenant '\(tenant.name)'.")
    }

    /// A ticket that the tenant does not have.
    static func noTicket(_ id: String, of tenant: Tenant) -> Failure {
        Failure(.ticketNotFound, "No ticket '\(id)' in tenant '\(tenant.name)'.")
    }

    /// A record of another customer than the caller.
    static func notOwner(_ record: String) -> Failure {
        Failure(.notOwner, "This \(record) belongs to another customer.")
    }

    /// Another customer than the caller.
    static let otherCustomer = Failure(.notOwner, "This is another customer than yourself.")

    /// A customer who is named beside a ticket that is not theirs.
    static func mismatch(_ customer: String, _ ticket: Ticket) -> Failure {
        Failure(
            .customerMismatch, "Ticket \(ticket.number) does not belong to customer '\(customer)'.")
    }
}

extension Eligibility {
    /// The refusal that the first reason stands for, with all of them; nil if there is none.
    var failure: Failure? {
        guard let first = reasons.first else { return nil }
        var failure = Failure(first.code.failure, first.message)
        failure.extra["reasons"] = json
        return failure
    }

    /// The reasons as answers show them.
    var json: JSONValue {
        .array(
            reasons.map { reason in
                ["code": .string(reason.code.rawValue), "message": .string(reason.message)]
            })
    }
}

extension Eligibility.Code {
    /// Code, status and title as an error.
    var failure: Failure.Code {
        switch self {
        case .alreadyUpgraded, .orderOpen:
            Failure.Code(word: rawValue, status: 409, title: "Conflict")
        default: Failure.Code(word: rawValue, status: 422, title: "Unprocessable Request")
        }
    }
}
