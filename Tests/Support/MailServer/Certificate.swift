import Foundation
import Subprocess

/// A self-signed certificate, made by openssl for one test.
public final class Certificate: Sendable {
    /// The PEM file of the certificate, which is its own authority.
    public let file: String
    /// The PEM file of its key.
    public let key: String
    private let folder: URL

    /// A certificate for these names, written as openssl does: `IP:127.0.0.1`, `DNS:mail.test`.
    public init(for names: [String] = ["IP:127.0.0.1"]) throws {
        folder = try makeTemporaryFolder()
        file = folder.appending(path: "certificate.pem").path
        key = folder.appending(path: "key.pem").path
        let process = try Subprocess([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=Frontdesk test",
            "-addext", "subjectAltName=" + names.joined(separator: ","),
            "-keyout", key, "-out", file,
        ])
        guard process.end() == .exit(0) else {
            throw MailServerError(text: "openssl could not make a certificate")
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
