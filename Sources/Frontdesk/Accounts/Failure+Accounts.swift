extension Failure.Code {
    static let tokenMissing = Failure.Code(
        word: "token_missing", status: 401, title: "Authentication Failed")
    static let tokenInvalid = Failure.Code(
        word: "token_invalid", status: 401, title: "Authentication Failed")
    static let tokenExpired = Failure.Code(
        word: "token_expired", status: 401, title: "Authentication Failed")
    static let invalidCredentials = Failure.Code(
        word: "invalid_credentials", status: 401, title: "Authentication Failed")
    static let refreshReused = Failure.Code(
        word: "refresh_reused", status: 401, title: "Authentication Failed")
    static let wrongTenant = Failure.Code(
        word: "wrong_tenant", status: 403, title: "Access Denied")
    static let scopeMissing = Failure.Code(
        word: "scope_missing", status: 403, title: "Access Denied")
    static let loginLocked = Failure.Code(
        word: "login_locked", status: 429, title: "Rate Limit Exceeded")
    static let issuerUnavailable = Failure.Code(
        word: "issuer_unavailable", status: 503, title: "Service Unavailable")
}

extension Failure {
    /// 401: nothing was shown where something is needed.
    static let tokenMissing = Failure(
        .tokenMissing, "This needs a credential: send 'Authorization: Bearer …'.")

    /// 401: what was shown is nothing that this server believes.
    static let tokenInvalid = Failure(.tokenInvalid, "The credential is not valid.")

    /// 401: what was shown was believed until now.
    static let tokenExpired = Failure(
        .tokenExpired, "The credential has expired; refresh it or sign in again.")

    /// 401: who signs in cannot, for whatever reason.
    static let invalidCredentials = Failure(
        .invalidCredentials, "The e-mail address or the password is not right.")

    /// 401: a refresh token came twice, so somebody else may have it.
    static let refreshReused = Failure(
        .refreshReused, "The refresh token was used before; sign in again.")

    /// 403: the credential is another tenant's.
    static func wrongTenant(_ named: String) -> Failure {
        Failure(.wrongTenant, "The credential is not for tenant '\(named)'.")
    }

    /// 403: the credential lacks the right.
    static func scopeMissing(_ scopes: [String]) -> Failure {
        let words = scopes.map { "'\($0)'" }.joined(separator: " or ")
        return Failure(.scopeMissing, "The credential lacks the scope \(words).")
    }

    /// 429: too many sign-ins failed.
    static func loginLocked(_ seconds: Int) -> Failure {
        Failure(
            .loginLocked, "Too many sign-ins failed. Try again in \(seconds) seconds.",
            retryAfter: seconds)
    }

    /// 503: the keys of an issuer cannot be had.
    static let issuerUnavailable = Failure(
        .issuerUnavailable, "The credential's issuer cannot be asked for its keys; try again.",
        retryAfter: 5)
}
