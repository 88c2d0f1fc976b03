import HTTP

/// Tells from where a request comes.
struct ClientAddress: Sendable {
    private let trustedProxies: Set<String>

    /// Believes the proxies of a configuration.
    init(_ configuration: Configuration) {
        trustedProxies = Set(configuration.server.trustedProxies)
    }

    /// The client's address: behind a trusted proxy the last one that it vouches for.
    func of(_ request: Request) -> String {
        guard trustedProxies.contains(request.peer) else { return request.peer }
        // Proxies add to the line they got or write one of their own below it.
        let hops = request.headers.all("X-Forwarded-For").flatMap { line in
            line.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        }
        return hops.last { !trustedProxies.contains($0) } ?? request.peer
    }
}
