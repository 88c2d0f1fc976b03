/// A step that every request and every answer passes.
///
/// A class, because every request takes each of them up twice, and a structure would be copied with
/// all that it holds.
public protocol Middleware: AnyObject, Sendable {
    /// What must be waited for before this step's `before` can run; nil, the usual, for nothing.
    func preparation(for request: Request) -> (@Sendable () async -> Void)?

    /// Runs before the handler, in order of registration, when route and parameters are known, and
    /// also for requests that no route takes. May change the request, answer in its stead, or
    /// throw. Runs on a network thread: it must not wait.
    func before(_ request: inout Request) throws -> Response?

    /// Runs on every answer, in reverse order of registration: those of handlers, of other
    /// middleware, and of errors. It may see a request that `before` did not, when an earlier
    /// `before` answered.
    func after(_ request: Request, _ response: inout Response)
}

extension Middleware {
    /// Waits for nothing.
    public func preparation(for request: Request) -> (@Sendable () async -> Void)? { nil }

    /// Lets the request pass.
    public func before(_ request: inout Request) throws -> Response? { nil }

    /// Leaves the answer as it is.
    public func after(_ request: Request, _ response: inout Response) {}
}
