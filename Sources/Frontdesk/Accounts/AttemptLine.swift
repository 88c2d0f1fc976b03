import Synchronization

/// Lets one sign-in of an account happen at a time, so that guesses sent at once are counted one
/// by one.
final class AttemptLine: Sendable {
    /// The account that is signed in to.
    struct Account: Hashable, Sendable {
        let tenant: Tenant
        let email: String
    }

    /// How many may wait for one account.
    static let depth = 32

    private let waiting = Mutex<[Account: [CheckedContinuation<Void, Never>]]>([:])

    /// Runs `work` when no other runs for the account. Throws 503 when too many wait.
    func run<T: Sendable>(_ account: Account, _ work: () async throws -> T) async throws -> T {
        let isFull = waiting.withLock { ($0[account]?.count ?? 0) >= Self.depth }
        if isFull {
            throw Failure(
                .overloaded, "Too many sign in to this account just now; try again.",
                retryAfter: 1)
        }
        await enter(account)
        defer { leave(account) }
        return try await work()
    }

    private func enter(_ account: Account) async {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                guard waiting[account] != nil else {
                    waiting[account] = []
                    return true
                }
                waiting[account, default: []].append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ account: Account) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard waiting[account]?.isEmpty == false else {
                waiting[account] = nil
                return nil
            }
            return waiting[account]?.removeFirst()
        }
        next?.resume()
    }
}
