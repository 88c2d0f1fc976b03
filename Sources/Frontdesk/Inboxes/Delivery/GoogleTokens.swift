import Foundation
import HTTPClient
import JSON
import JWT
import Synchronization

/// Bearer tokens for Google's services, fetched when there is none that lasts.
final class GoogleTokens: Sendable {
    /// Whose tokens they are.
    enum Source: Sendable, Equatable {
        /// Nobody's: an emulator asks for none.
        case none
        /// A service account's, by its key file.
        case keyFile(String)
        /// The account's that this machine runs as, from the machine's metadata server.
        case metadata(host: String)
    }

    /// Why there is no token, in words for the operator.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private struct Token: Sendable {
        let text: String
        let expiresAt: Timestamp
    }

    private struct State {
        var token: Token?
        /// The fetch that is under way, which all wait for who need a token.
        var fetch: Task<Token, any Error>?
    }

    /// Seconds before its end when a token is not used any more.
    private static let reserve = 60.0

    private let source: Source
    private let client: HTTPClient
    private let clock: Clock
    private let state = Mutex(State())

    /// No tokens yet.
    init(_ source: Source, client: HTTPClient, clock: Clock) {
        self.source = source
        self.client = client
        self.clock = clock
    }

    /// A token that lasts a while, nil when none is needed; throws `Problem`.
    func present() async throws -> String? {
        guard source != .none else { return nil }
        let now = clock.now()
        let fetch = state.withLock { state -> Task<Token, any Error>? in
            if let token = state.token, token.expiresAt > now.adding(seconds: Self.reserve) {
                return nil
            }
            if let fetch = state.fetch { return fetch }
            let fetch = Task { try await self.fetch() }
            state.fetch = fetch
            return fetch
        }
        guard let fetch else { return state.withLock { $0.token?.text } }
        defer { state.withLock { if $0.fetch == fetch { $0.fetch = nil } } }
        let token = try await fetch.value
        state.withLock { $0.token = token }
        return token.text
    }

    /// Uses a token no more that was refused.
    func forget(_ token: String) {
        state.withLock { state in
            if state.token?.text == token { state.token = nil }
        }
    }

    private func fetch() async throws -> Token {
        let request = try request()
        let answer: HTTPClient.Response
        do {
            answer = try await client.send(request)
        } catch let error as HTTPClientError {
            throw Problem(description: "no token from \(request.url): \(error.message)")
        }
        guard answer.status == 200, let body = try? JSONValue(parsing: answer.body),
            let text = body["access_token"]?.string
        else {
            throw Problem(description: "no token from \(request.url): it answered \(answer.status)")
        }
        let seconds = body["expires_in"]?.double ?? 3600
        return Token(text: text, expiresAt: clock.now().adding(seconds: seconds))
    }

    private func request() throws -> HTTPClient.Request {
        var request: HTTPClient.Request
        switch source {
        case .keyFile(let path): request = try ServiceAccount(path).request(at: clock.now())
        case .metadata(let host):
            request = HTTPClient.Request(
                "GET",
                "http://\(host)/computeMetadata/v1/instance/service-accounts/default/token",
                headers: [("Metadata-Flavor", "Google")])
        case .none: throw Problem(description: "no token is needed")
        }
        request.timeout = .seconds(20)
        request.addresses = .any
        return request
    }
}

/// An account of Google Cloud that a program signs in as, by its key file.
private struct ServiceAccount {
    private let email: String
    private let key: Key
    private let tokenURL: String

    /// Reads a key file as Google's console makes it.
    init(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw GoogleTokens.Problem(description: "the key file '\(path)' cannot be read")
        }
        guard let file = try? JSONValue(parsing: [UInt8](data)),
            file["type"]?.string == "service_account",
            let email = file["client_email"]?.string,
            let pem = file["private_key"]?.string,
            let key = try? Key(pem: Array(pem.utf8), id: file["private_key_id"]?.string)
        else {
            throw GoogleTokens.Problem(
                description: "'\(path)' is no key file of a service account")
        }
        self.email = email
        self.key = key
        tokenURL = file["token_uri"]?.string ?? "https://oauth2.googleapis.com/token"
    }

    /// The request for a token by the JWT bearer grant (RFC 7523).
    func request(at now: Timestamp) throws -> HTTPClient.Request {
        let claims: JSONValue = [
            "iss": .string(email), "scope": "https://www.googleapis.com/auth/pubsub",
            "aud": .string(tokenURL), "iat": JSONValue(Int(now.unixSeconds)),
            "exp": JSONValue(Int(now.unixSeconds) + 3600),
        ]
        let assertion = try key.sign(claims, with: .rs256)
        let body =
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
            + "&assertion=\(assertion)"
        return HTTPClient.Request(
            "POST", tokenURL,
            headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(body.utf8))
    }
}
