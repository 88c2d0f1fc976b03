import Crypto
import Foundation

/// A secret that signs webhooks, written `whsec_` and base64 (Standard Webhooks 1.0).
struct WebhookSecret: Sendable, Equatable {
    /// The form that both sides are given.
    let text: String

    /// A secret as it was stored.
    init(text: String) {
        self.text = text
    }

    /// A fresh secret of 32 random bytes.
    static func make(random: () -> UInt8 = { UInt8.random(in: .min ... .max) }) -> WebhookSecret {
        let bytes = (0..<32).map { _ in random() }
        return WebhookSecret(text: prefix + Data(bytes).base64EncodedString())
    }

    private static let prefix = "whsec_"

    /// The signature of one attempt: `v1,` and base64.
    func signature(id: String, timestamp: Int64, body: [UInt8]) throws -> String {
        let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))) ?? Data()
        let code = try HMAC.sha256(Array("\(id).\(timestamp).".utf8) + body, key: Array(key))
        return "v1," + Data(code).base64EncodedString()
    }
}
