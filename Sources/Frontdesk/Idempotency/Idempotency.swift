import Crypto
import JSON
import Synchronization

/// The right to answer a request for the first time under its `Idempotency-Key`.
struct IdempotencyClaim: Sendable {
    let tenant: Tenant
    /// Who sent it: `Caller.identity`, empty without a credential.
    let caller: String
    let method: String
    /// The request's path without a slash at its end.
    let route: String
    let key: String
    /// SHA-256 of method, path and body.
    let fingerprint: String
    let requestID: String
    /// The request's path, which error bodies name.
    let path: String
    /// The payment that the first request with the key began before a crash cut it short: it is
    /// settled, and then the request is answered with what came of it.
    var paymentID: String?
}

/// Makes requests with an `Idempotency-Key` happen once: one at a time, and later ones replayed.
final class Idempotency: Sendable {
    /// What to do with a request.
    enum Decision: Sendable {
        /// It has no key: answer it.
        case unkeyed
        /// It is the first of its key: answer it and store the outcome; `release` in the end.
        case first(IdempotencyClaim)
        /// It was answered before.
        case replay(IdempotencyStore.Outcome, turnID: String?)
        /// Its turn was begun and cut short by a crash: run that turn again.
        case interrupted(IdempotencyClaim, turnID: String)
    }

    /// What a key belongs to: the same one is another's own elsewhere.
    private struct Slot: Hashable {
        let tenant: Tenant
        let caller: String
        let method: String
        let route: String
        let key: String

        init(_ claim: IdempotencyClaim) {
            tenant = claim.tenant
            caller = claim.caller
            method = claim.method
            route = claim.route
            key = claim.key
        }
    }

    let store: IdempotencyStore
    /// The claims of requests that are being answered.
    private let running = Mutex<[Slot: IdempotencyClaim]>([:])

    /// Keys over the outcomes in `store`.
    init(store: IdempotencyStore) {
        self.store = store
    }

    /// What to do with a request that carries `key`.
    ///
    /// Throws 400 for a malformed key, 409 while the first request of the key runs, and 422 when
    /// the key was used for another request.
    func decide(
        key: String?, tenant: Tenant, caller: String = "", method: String, path: String,
        body: [UInt8], requestID: String
    ) throws -> Decision {
        guard let key else { return .unkeyed }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (32...126).contains($0) })
        else {
            throw Failure.invalid(
                "Idempotency-Key", "must be 1 to 255 printable ASCII characters")
        }
        // A slash at the end makes no other route of it.
        let route = String(path.hasSuffix("/") ? path.dropLast() : path[...])
        let claim = IdempotencyClaim(
            tenant: tenant, caller: caller, method: method, route: route, key: key,
            fingerprint: try SHA256.hash(Array("\(method) \(route)\n".utf8) + body),
            requestID: requestID, path: path)
        let slot = Slot(claim)
        try running.withLock { running in
            if let first = running[slot] {
                try Self.match(claim, first.fingerprint)
                throw Self.inProgress(first.requestID)
            }
            running[slot] = claim
        }
        do {
            return try decide(claim)
        } catch {
            release(claim)
            throw error
        }
    }

    /// Gives a claim back once its outcome is stored or there is none to store.
    func release(_ claim: IdempotencyClaim) {
        running.withLock { running in
            running[Slot(claim)] = nil
        }
    }

    private func decide(_ claim: IdempotencyClaim) throws -> Decision {
        guard let entry = try store.find(claim) else { return .first(claim) }
        try Self.match(claim, entry.fingerprint)
        if let outcome = entry.outcome {
            release(claim)
            return .replay(outcome, turnID: entry.turnID)
        }
        let first = IdempotencyClaim(
            tenant: claim.tenant, caller: claim.caller, method: claim.method,
            route: claim.route, key: claim.key, fingerprint: claim.fingerprint,
            requestID: entry.requestID, path: claim.path, paymentID: entry.paymentID)
        // Whoever repeats the request meanwhile asks about what runs, under its first id.
        running.withLock { $0[Slot(claim)] = first }
        return entry.turnID.map { .interrupted(first, turnID: $0) }
            ?? .first(entry.paymentID == nil ? claim : first)
    }

    private static func match(_ claim: IdempotencyClaim, _ fingerprint: String) throws {
        guard claim.fingerprint == fingerprint else {
            throw Failure(
                .idempotencyMismatch,
                "This Idempotency-Key was used for another request; use a new one.")
        }
    }

    private static func inProgress(_ requestID: String) -> Failure {
        var failure = Failure(
            .idempotencyInProgress, "The first request with this Idempotency-Key still runs.",
            retryAfter: 1)
        failure.extra["turn_request_id"] = .string(requestID)
        return failure
    }
}
