/// What a handler that starts in place comes to: an answer, or work that goes on in a task.
public enum Reply: Sendable {
    /// The answer is there.
    case now(Response)
    /// The answer comes later; meanwhile the network thread serves others.
    case later(@Sendable () async throws -> Response)
    /// The answer comes later, and what there is to do until the work first waits takes
    /// microseconds, so the network thread does that itself.
    case waiting(@Sendable () async throws -> Response)
}

/// The forms a handler may have.
enum Handler: Sendable {
    case inPlace(@Sendable (Request) throws -> Response)
    case task(@Sendable (Request) async throws -> Response)
    case starting(@Sendable (Request) throws -> Reply)
}
