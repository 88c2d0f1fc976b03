import HTTP

extension Idempotency {
    /// What to do with a request, by its `Idempotency-Key` header; `body` is what it asks for,
    /// where that is less than its whole body. Throws as the other form does.
    func decide(
        _ request: Request, tenant: Tenant, asking body: [UInt8]? = nil
    ) throws -> Decision {
        try decide(
            key: request.headers["Idempotency-Key"], tenant: tenant,
            caller: request.caller.identity ?? "", method: request.method.name,
            path: request.path, body: body ?? request.body, requestID: request.id)
    }

    /// Answers a request once: `answer` stores its outcome with the claim it is given, and `again`
    /// makes of the outcome what a repeat is answered with.
    func once(
        _ request: Request, tenant: Tenant, asking body: [UInt8]? = nil,
        again: (IdempotencyStore.Outcome) throws -> Response = Response.replay,
        answer: (IdempotencyClaim?) async throws -> Response
    ) async throws -> Response {
        switch try decide(request, tenant: tenant, asking: body) {
        case .unkeyed: return try await answer(nil)
        case .replay(let outcome, _): return try again(outcome)
        case .first(let claim), .interrupted(let claim, _):
            defer { release(claim) }
            return try await answer(claim)
        }
    }
}

extension Response {
    /// The stored answer of an earlier request with the same key.
    static func replay(_ outcome: IdempotencyStore.Outcome) -> Response {
        var response = Response.json(
            bytes: Array(outcome.body.utf8), status: Status(outcome.status))
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Location"] = outcome.location
        return response
    }
}
