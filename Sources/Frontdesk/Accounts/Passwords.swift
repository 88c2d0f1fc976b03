import Crypto
import Dispatch
import Synchronization

/// Hashes passwords on a few threads of its own: so many at once would take all cores and memory.
final class Passwords: Sendable {
    private struct Line {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let cost: Int
    private let width: Int
    private let depth: Int
    private let queue = DispatchQueue(label: "passwords", attributes: .concurrent)
    private let line = Mutex(Line())
    /// What the password of an unknown user is checked against.
    private let dummy: PasswordHash?

    /// A pool that hashes `width` passwords at once and lets `depth` more wait.
    init(cost: Int, width: Int = 2, depth: Int = 64) {
        self.cost = cost
        self.width = width
        self.depth = depth
        dummy = PasswordHash(dummyOfCost: cost)
    }

    /// Hashes a new password. Throws 503 when too many wait.
    func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await run { try PasswordHash(of: Array(password.utf8), cost: cost).text }
    }

    /// Whether the password is the one of `stored`; without one it takes the same time to say no.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        let hash = stored.flatMap(PasswordHash.init) ?? dummy
        return try await run { hash?.matches(Array(password.utf8)) ?? false }
    }

    /// Whether a hash is cheaper than new ones are.
    func isOutdated(_ stored: String) -> Bool {
        (PasswordHash(stored)?.work ?? 0) < (dummy?.work ?? 0)
    }

    /// What is wrong with a new password, to be read after "the password"; nil if nothing.
    static func problem(of password: String, email: String) -> String? {
        guard (10...256).contains(password.utf8.count) else {
            return "must be 10 to 256 bytes long"
        }
        guard password.lowercased() != email.lowercased() else {
            return "must not be the e-mail address"
        }
        return password.utf8.contains(0) ? "must not hold the character U+0000" : nil
    }

    private func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let job: @Sendable () -> Void = {
                continuation.resume(with: Result(catching: work))
            }
            let place = line.withLock { line in
                if line.running < width {
                    line.running += 1
                    return Place.now
                }
                guard line.waiting.count < depth else { return Place.none }
                line.waiting.append(job)
                return Place.later
            }
            switch place {
            case .now: execute(job)
            case .later: break
            case .none:
                continuation.resume(
                    throwing: Failure(
                        .overloaded, "Too many are signing in just now; try again.", retryAfter: 1)
                )
            }
        }
    }

    private enum Place { case now, later, none }

    private func execute(_ job: @escaping @Sendable () -> Void) {
        queue.async {
            job()
            let next = self.line.withLock { line -> (@Sendable () -> Void)? in
                guard !line.waiting.isEmpty else {
                    line.running -= 1
                    return nil
                }
                return line.waiting.removeFirst()
            }
            if let next { self.execute(next) }
        }
    }
}
