internal import Crypto
internal import Foundation
internal import HTTPClient
internal import JSON
internal import Synchronization

/// Fetches a token when one is needed, once for all who need it, and keeps it for most of its life.
final class TokenSource: Sendable {
    /// Where the time comes from.
    typealias Now = @Sendable () -> ContinuousClock.Instant

    private struct Token {
        let text: String
        let renewal: ContinuousClock.Instant
        let end: ContinuousClock.Instant
    }

    private let grant: TokenGrant
    private let http: HTTPClient
    private let now: Now
    private let flight = Flight<String>()
    private let token = Mutex<Token?>(nil)

    /// No token yet.
    init(_ grant: TokenGrant, http: HTTPClient, now: @escaping Now) {
        self.grant = grant
        self.http = http
        self.now = now
    }

    /// A token that is good for a while; throws `MCPError` when there is none to be had.
    func current(_ deadline: Deadline) async throws -> String {
        if let token = token.withLock(\.self), now() < token.renewal { return token.text }
        do {
            return try await flight.join { try await self.renewed(deadline) }
        } catch let error as MCPError where error.kind != .cancelled {
            // One that still lives is better than none.
            if let token = token.withLock(\.self), now() < token.end { return token.text }
            throw error
        }
    }

    /// Says that a server does not take this token, so that the next one is another.
    func refuse(_ text: String) {
        token.withLock { if $0?.text == text { $0 = nil } }
    }

    private func renewed(_ deadline: Deadline) async throws -> String {
        if let token = token.withLock(\.self), now() < token.renewal { return token.text }
        let asked = now()
        let reply = try await ask(deadline)
        let holder = grant.kind == .cognito ? reply["AuthenticationResult"] : reply
        let names =
            grant.kind == .cognito ? ("AccessToken", "ExpiresIn") : ("access_token", "expires_in")
        guard let text = holder?[names.0]?.string, !text.isEmpty else {
            throw MCPError.transport(.credential, "the token endpoint's answer holds no token")
        }
        // Some write the number as a text.
        let life = holder?[names.1]
        let seconds = life?.double ?? life?.string.flatMap { Double($0) } ?? Self.usualLife
        let lifetime = min(max(seconds, 0), 31_536_000)
        let kept = Token(
            text: text, renewal: asked + .seconds(max(lifetime - 300, lifetime / 2)),
            end: asked + .seconds(lifetime))
        token.withLock { $0 = kept }
        return text
    }

    /// Seconds for which a token is good whose life is not told.
    private static let usualLife = 600.0

    private func ask(_ deadline: Deadline) async throws -> JSONValue {
        var request = try grant.kind == .cognito ? grant.cognitoRequest() : grant.formRequest()
        request.timeout = try min(deadline.remaining(), .seconds(15))
        request.idleTimeout = request.timeout
        request.maxResponseBytes = 262_144
        request.addresses = .any
        let response: HTTPClient.Response
        do {
            response = try await http.send(request)
        } catch let error as HTTPClientError {
            throw MCPError(error, at: "the token endpoint: ")
        }
        let reply = try? JSONValue(parsing: response.body)
        guard (200..<300).contains(response.status), let reply else {
            // Only the word that OAuth and Cognito have for it: the rest may echo a secret.
            let word = reply?["error"]?.string ?? reply?["__type"]?.string ?? "no reason"
            throw MCPError.transport(
                .credential,
                "the token endpoint answered \(response.status) (\(excerpt(Array(word.utf8))))",
                status: response.status)
        }
        return reply
    }
}

// MARK: - Asking

extension TokenGrant {
    /// A request as RFC 6749 writes it.
    fileprivate func formRequest() throws -> HTTPClient.Request {
        var fields = [("grant_type", kind.rawValue)]
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/json"),
        ]
        if kind == .password { fields += [("username", username), ("password", password)] }
        if !scope.isEmpty { fields.append(("scope", scope)) }
        if !clientSecret.isEmpty {
            let pair = "\(clientID.formEncoded):\(clientSecret.formEncoded)"
            headers.append(("Authorization", "Basic \(Data(pair.utf8).base64EncodedString())"))
        } else if !clientID.isEmpty {
            fields.append(("client_id", clientID))
        }
        let body = fields.map { "\($0.0)=\($0.1.formEncoded)" }.joined(separator: "&")
        return HTTPClient.Request("POST", url, headers: headers, body: Array(body.utf8))
    }

    /// A request as Cognito's `InitiateAuth` takes it.
    fileprivate func cognitoRequest() throws -> HTTPClient.Request {
        var parameters: JSONObject = ["USERNAME": .string(username), "PASSWORD": .string(password)]
        if !clientSecret.isEmpty {
            let code = try HMAC.sha256(
                Array((username + clientID).utf8), key: Array(clientSecret.utf8))
            parameters["SECRET_HASH"] = .string(Data(code).base64EncodedString())
        }
        let body: JSONValue = [
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": .string(clientID),
            "AuthParameters": .object(parameters),
        ]
        return HTTPClient.Request(
            "POST", url,
            headers: [
                ("Content-Type", "application/x-amz-json-1.1"),
                ("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth"),
            ], body: body.bytes)
    }
}

extension String {
    /// The text as forms are sent.
    fileprivate var formEncoded: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension MCPError {
    /// What a failure of HTTP means here.
    init(_ error: HTTPClientError, at place: String = "") {
        let kind: Kind =
            switch error.kind {
            case .timeout: .timeout
            case .cancelled: .cancelled
            case .tooLarge, .malformed: .malformed
            case .connection, .tls, .refusedAddress, .invalidURL: .connection
            }
        let isUnsent = error.neverConnected || error.kind == .tls || error.kind == .refusedAddress
        self.init(.transport, kind, place + error.message, neverConnected: isUnsent)
    }
}
