/// One row of the table of routes.
public struct Route: Sendable {
    /// The verb.
    public let method: Method
    /// The path with its parameters in braces, `/sessions/{id}`.
    public let pattern: String
    /// What documents say about it.
    public let operation: Operation
    /// The names in braces, in order.
    public let parameterNames: [String]
    /// What answers.
    let handler: Handler

    /// A route; its parameters are those named in the pattern.
    init(_ method: Method, _ pattern: String, _ operation: Operation, _ handler: Handler) {
        self.method = method
        self.pattern = pattern
        self.operation = operation
        self.handler = handler
        parameterNames = RouteTable.segments(ofPattern: pattern)
            .filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
    }
}
