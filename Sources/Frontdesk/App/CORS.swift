import HTTP

/// Lets pages of other origins use the API: headers on every answer, errors and limits included.
final class CORS: Middleware {
    /// The origins that may.
    private let origins: [String]
    /// Whether all may.
    private let isForAll: Bool

    /// Lets pages of `origins` in, `*` for all.
    init(origins: [String]) {
        self.origins = origins
        isForAll = origins.contains("*")
    }

    /// Says who may read the answer, and answers what a preflight asks.
    func after(_ request: Request, _ response: inout Response) {
        if isForAll {
            response.headers.add(CORS.forAll)
        } else {
            response.headers.add("Vary", "Origin")
            guard let origin = request.headers["Origin"], origins.contains(origin) else { return }
            response.headers.add("Access-Control-Allow-Origin", origin)
            response.headers.add("Access-Control-Expose-Headers", CORS.exposed)
        }
        guard request.method == .options else { return }
        response.headers["Access-Control-Allow-Methods"] =
            response.headers["Allow"] ?? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] =
            request.headers["Access-Control-Request-Headers"] ?? CORS.accepted
        response.headers["Access-Control-Max-Age"] = "600"
    }

    /// What every answer says to all the world, put together once. A page of any origin sends no
    /// cookies, and then one star stands for all headers.
    private static let forAll: Headers = [
        "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*",
    ]

    private static let exposed =
        "X-Request-ID, X-Response-Time, X-RateLimit-Limit, X-RateLimit-Remaining, "
        + "X-RateLimit-Reset, RateLimit, RateLimit-Policy, Retry-After, Location, ETag, "
        + "Idempotent-Replayed"

    private static let accepted =
        "Content-Type, Authorization, X-Request-ID, X-Tenant-ID, Idempotency-Key, If-Match, "
        + "Last-Event-ID"
}
