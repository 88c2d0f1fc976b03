/// The table of routes and the steps around it.
public struct Router: Sendable {
    /// Turns what was thrown into an answer.
    public typealias ErrorHandler = @Sendable (any Error, Request) -> Response

    /// All routes in order of registration.
    public private(set) var routes: [Route] = []
    /// The steps that every request and every answer passes.
    public var middleware: [any Middleware] = []
    /// Turns what handlers, middleware and the router itself throw into an answer.
    public var onError: ErrorHandler = Router.plainAnswer

    private var table = RouteTable()

    /// No routes yet.
    public init() {}

    /// Adds a route. The same method and path twice is a mistake of the program: the first counts.
    mutating func add(
        _ method: Method, _ path: String, _ operation: Operation, _ handler: Handler
    ) {
        routes.append(Route(method, path, operation, handler))
        table.insert(path, route: routes.count - 1)
    }

    /// Lets others answer routes that are there: `replacement` gives what documents say from then
    /// on and what answers, or nil for a route that stays as it is.
    public mutating func replace(
        by replacement: (Route) -> (
            operation: Operation, handler: @Sendable (Request) async throws -> Response
        )?
    ) {
        routes = routes.map { route in
            guard let new = replacement(route) else { return route }
            return Route(route.method, route.pattern, new.operation, .task(new.handler))
        }
    }

    /// Answers a request without a network, as tests do.
    public func respond(to request: Request) async -> Response {
        await makeDispatcher().start(request).response()
    }

    /// The router as it is now, ready for requests.
    func makeDispatcher() -> Dispatcher {
        Dispatcher(routes: routes, table: table, middleware: middleware, onError: onError)
    }
}
