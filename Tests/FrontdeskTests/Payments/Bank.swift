import Synchronization

@testable import Frontdesk

/// A provider that does what a test says, when it says it.
final class Bank: PaymentProvider {
    private struct State {
        var isHolding: Bool
        var waiting: [CheckedContinuation<Void, Never>] = []
        var charges: [String] = []
        var refunds: [String] = []
        var answer = RefundAnswer.given
        var cancellations = 0
        var answersLookups: ChargeState?
    }

    /// What comes of refunds.
    enum RefundAnswer {
        /// The money is given back.
        case given
        /// It is not.
        case refused
        /// It is, but nobody is told before the call is cancelled.
        case givenInSilence
    }

    let name = "bank"
    private let state: Mutex<State>

    /// A provider that charges at once, or when it is told to.
    init(holding: Bool = false) {
        state = Mutex(State(isHolding: holding))
    }

    /// The keys of the charges that were made.
    var charges: [String] { state.withLock { $0.charges } }

    /// The keys of the refunds that were asked for.
    var refunds: [String] { state.withLock { $0.refunds } }

    /// How many charges wait to be made.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// How many charges were told that nobody waits for them any longer.
    var cancellations: Int { state.withLock { $0.cancellations } }

    /// Makes all charges that wait, and others at once.
    func release() {
        let waiting = state.withLock { state in
            state.isHolding = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one.resume() }
    }

    /// Says what lookups are answered; nil means the truth.
    func answerLookups(_ answer: ChargeState?) {
        state.withLock { $0.answersLookups = answer }
    }

    /// Says what comes of refunds from now on.
    func answerRefunds(_ answer: RefundAnswer) {
        state.withLock { $0.answer = answer }
    }

    /// Charges once it may, even if nobody waits for it by then.
    func charge(_ charge: Charge, token: String) async throws -> ChargeOutcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = state.withLock { state in
                    if state.isHolding { state.waiting.append(continuation) }
                    return !state.isHolding
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.cancellations += 1 }
        }
        state.withLock { $0.charges.append(charge.key) }
        return .approved(reference: "bank_\(charge.key)")
    }

    /// Tells the truth unless told otherwise.
    func lookup(_ key: String) async throws -> ChargeState {
        state.withLock { state in
            state.answersLookups
                ?? (state.charges.contains(key) ? .charged(reference: "bank_\(key)") : .notCharged)
        }
    }

    /// Gives back, or fails, as it was told.
    func refund(reference: String, cents: Int, key: String) async throws {
        let answer = state.withLock { state in
            state.refunds.append(key)
            return state.answer
        }
        switch answer {
        case .given: return
        case .refused: throw Closed()
        case .givenInSilence:
            // Nothing ever comes, so it ends when the call is cancelled.
            let (silence, end) = AsyncStream.makeStream(of: Never.self)
            for await _ in silence {}
            end.finish()
            try Task.checkCancellation()
        }
    }

    /// The bank does nothing today.
    struct Closed: Error {}
}
