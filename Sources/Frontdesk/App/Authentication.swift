import HTTP

/// Finds out who sends a request; whether they may is asked later, by `Authorization`.
final class Authentication: Middleware {
    private let authenticator: Authenticator
    private let mode: Configuration.Auth.Mode

    /// What a request shows.
    private enum Shown {
        case nothing
        case bearer(String)
        /// Something that is no bearer token.
        case other
    }

    /// Believes what `authenticator` does.
    init(authenticator: Authenticator, mode: Configuration.Auth.Mode) {
        self.authenticator = authenticator
        self.mode = mode
    }

    /// Waits for the keys of an issuer, where the credential needs them.
    func preparation(for request: Request) -> (@Sendable () async -> Void)? {
        guard authenticator.hasIssuers, case .bearer(let credential) = shown(request) else {
            return nil
        }
        return authenticator.preparation(for: credential)
    }

    /// Notes who the caller is, or why what they show is refused.
    func before(_ request: inout Request) throws -> Response? {
        switch shown(request) {
        case .nothing:
            if mode == .required { request.caller = .nobody }
        case .other:
            request.caller = .nobody
            request.refusal = Failure.tokenInvalid
        case .bearer(let credential):
            do {
                request.caller = try authenticator.caller(credential)
            } catch {
                request.caller = .nobody
                request.refusal = error
            }
        }
        return nil
    }

    /// A health check or a page never fails for a credential; figures only where they need one.
    private func shown(_ request: Request) -> Shown {
        let lines = request.headers.all("Authorization")
        guard !lines.isEmpty, !isAlwaysServed(request.path),
            mode == .required || request.path != "/metrics"
        else { return .nothing }
        let words = lines[0].utf8.split(separator: UInt8(ascii: " "))
        guard lines.count == 1, words.count == 2,
            words[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 })
        else { return .other }
        return .bearer(String(Substring(words[1])))
    }
}

/// Whether a path is served to everybody, whatever they show: health and documentation.
func isAlwaysServed(_ path: String) -> Bool {
    alwaysServed.contains { prefix in
        let slash = UInt8(ascii: "/")
        return path.hasPrefix(prefix)
            && path.utf8.dropFirst(prefix.utf8.count).first ?? slash == slash
    }
}

private let alwaysServed = ["/health", "/docs", "/redoc", "/openapi.json"]

extension Request {
    private enum RefusalKey: RequestKey {
        static let defaultValue: (any Error)? = nil
    }

    /// Why the credential that was shown is not believed.
    var refusal: (any Error)? {
        get { values[RefusalKey.self] }
        set { values[RefusalKey.self] = newValue }
    }
}
