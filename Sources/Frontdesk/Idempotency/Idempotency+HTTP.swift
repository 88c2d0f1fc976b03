import HTTP

extension Idempotency {
    /// What to do with a request, by its `Idempotency-Key` header. Throws as the other form does.
    func decide(_ request: Request, tenant: Tenant) throws -> Decision {
        try decide(
            key: request.headers["Idempotency-Key"], tenant: tenant,
            caller: request.caller.identity ?? "", method: request.method.name,
            path: request.path, body: request.body, requestID: request.id)
    }

    /// Answers a request once: `answer` stores its outcome with the claim it is given.
    func once(
        _ request: Request, tenant: Tenant,
        answer: (IdempotencyClaim?) async throws -> Response
    ) async throws -> Response {
        switch try decide(request, tenant: tenant) {
        case .unkeyed: return try await answer(nil)
        case .replay(let outcome, _): return Response.replay(outcome)
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
