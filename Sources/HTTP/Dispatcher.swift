/// Turns every request into an answer by a router's table and steps.
///
/// A class, because all network threads use it at once: to pass the router itself around would let
/// them count references to the same arrays over and over.
final class Dispatcher: Sendable {
    private let routes: [Route]
    private let table: RouteTable
    private let middleware: [any Middleware]
    private let onError: Router.ErrorHandler

    /// A dispatcher over the routes of a router.
    init(
        routes: [Route], table: RouteTable, middleware: [any Middleware],
        onError: @escaping Router.ErrorHandler
    ) {
        self.routes = routes
        self.table = table
        self.middleware = middleware
        self.onError = onError
    }

    /// What a request comes to: an answer, or work that never fails.
    enum Outcome: Sendable {
        case now(Response)
        case later(@Sendable () async -> Response)
        /// The same, and it soon waits, so it may begin in place.
        case waiting(@Sendable () async -> Response)

        /// The answer, waited for.
        func response() async -> Response {
            switch self {
            case .now(let response): response
            case .later(let work), .waiting(let work): await work()
            }
        }
    }

    /// Finds the route, runs the middleware and, as far as it goes in place, the handler.
    func start(_ request: consuming Request) -> Outcome {
        let found = find(&request)
        return proceed(request, found, from: 0)
    }

    /// Runs the middleware from `first` on and the handler; `isPrepared` when the first one has
    /// been waited for.
    private func proceed(
        _ request: consuming Request, _ found: Result<Found, HTTPError>, from first: Int,
        isPrepared: Bool = false
    ) -> Outcome {
        do {
            for index in first..<middleware.count {
                let step = middleware[index]
                if !isPrepared || index > first, let work = step.preparation(for: request) {
                    return .later { [request] in
                        await work()
                        return await self.proceed(request, found, from: index, isPrepared: true)
                            .response()
                    }
                }
                if let early = try step.before(&request) { return .now(finish(request, early)) }
            }
            if let problem = request.problem { throw problem }
            switch try found.get() {
            case .options(let allow):
                let response = Response(status: .noContent, headers: ["Allow": allow])
                return .now(finish(request, response))
            case .route(let index):
                return try run(routes[index].handler, request)
            }
        } catch {
            return .now(finish(request, onError(error, request)))
        }
    }

    private func run(_ handler: Handler, _ request: Request) throws -> Outcome {
        switch handler {
        case .inPlace(let handle):
            return .now(finish(request, try handle(request)))
        case .task(let handle):
            return .later { await self.finishLater(request) { try await handle(request) } }
        case .starting(let handle):
            switch try handle(request) {
            case .now(let response): return .now(finish(request, response))
            case .later(let work): return .later { await self.finishLater(request, work) }
            case .waiting(let work): return .waiting { await self.finishLater(request, work) }
            }
        }
    }

    private func finishLater(
        _ request: Request, _ work: @Sendable () async throws -> Response
    ) async -> Response {
        do {
            return finish(request, try await work())
        } catch {
            return finish(request, onError(error, request))
        }
    }

    /// The one place that every answer passes.
    private func finish(_ request: Request, _ response: consuming Response) -> Response {
        for step in middleware.reversed() { step.after(request, &response) }
        return response
    }
}

extension Dispatcher {
    /// What the table says about a request.
    private enum Found: Sendable {
        case route(Int)
        case options(allow: String)
    }

    private func find(_ request: inout Request) -> Result<Found, HTTPError> {
        switch table.match(request.path) {
        case .nothing:
            if request.method == .options, request.path == "*" {
                return .success(.options(allow: allowed(Array(routes.indices))))
            }
            return .failure(.routeNotFound(request.path))
        case .malformed:
            return .failure(.malformedTarget("path"))
        case .found(let candidates, let values):
            return choose(candidates, values, &request)
        }
    }

    private func choose(
        _ candidates: [Int], _ values: [String], _ request: inout Request
    ) -> Result<Found, HTTPError> {
        let method = request.method == .head ? .get : request.method
        let index = candidates.first { routes[$0].method == method }
        let known = index ?? candidates[0]
        request.route = routes[known].pattern
        if !values.isEmpty {
            request.parameters = Parameters(names: routes[known].parameterNames, values: values)
        }
        request.routeIndex = index
        if let index { return .success(.route(index)) }
        let allow = allowed(candidates)
        if method == .options { return .success(.options(allow: allow)) }
        return .failure(.methodNotAllowed(request.method, allow: allow))
    }

    /// The value of `Allow` for a path with these routes.
    private func allowed(_ candidates: [Int]) -> String {
        var names: [String] = []
        for index in candidates where !names.contains(routes[index].method.name) {
            names.append(routes[index].method.name)
            if routes[index].method == .get { names.append(Method.head.name) }
        }
        names.append(Method.options.name)
        return names.joined(separator: ", ")
    }
}
