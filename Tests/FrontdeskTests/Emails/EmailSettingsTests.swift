import HTTPClient
import Testing

@testable import Frontdesk

@Suite struct `E-mail settings` {
    @Test func `without a server nothing is needed`() throws {
        let settings = try EmailSettings(Configuration.Email())
        #expect(!settings.isConfigured)
        #expect(settings.server == nil)
        #expect(settings.allows("anybody@anywhere.test"))
    }

    @Test func `a server, a sender and a password from the environment`() throws {
        var email = Configuration.Email()
        email.smtpURL = "smtp://mail.example.com:587"
        email.sender = "desk@example.com"
        email.username = "desk"
        email.passwordEnv = "MAIL_PASSWORD"
        email.allowedRecipients = ["*@example.com", "boss@other.test"]
        let settings = try EmailSettings(email, environment: ["MAIL_PASSWORD": "s3cret"])
        #expect(settings.isConfigured)
        #expect(settings.server?.password == "s3cret")
        #expect(settings.server?.startTLS == .required)
        #expect(settings.sender?.address.text == "desk@example.com")
        #expect(settings.allows("a@example.com") && settings.allows("Boss@other.test"))
        #expect(!settings.allows("a@other.test"))
    }

    @Test(arguments: [
        "smtp://127.0.0.1:25", "smtp://localhost", "smtp://[::1]:2525", "smtp://127.8.8.8/",
        "smtps://mail.example.com:465",
    ])
    func `clear text is for this machine only: fine`(url: String) throws {
        var email = Configuration.Email()
        email.smtpURL = url
        email.sender = "desk@example.com"
        email.starttls = .off
        #expect(try EmailSettings(email).isConfigured)
    }

    @Test(arguments: [
        "smtp://mail.example.com", "smtp://127.0.0.1.evil.test", "smtp://localhost.evil.test",
        "smtp://10.0.0.1:25",
    ])
    func `clear text is for this machine only: refused`(url: String) {
        var email = Configuration.Email()
        email.smtpURL = url
        email.sender = "desk@example.com"
        email.starttls = .off
        let error = #expect(throws: ConfigurationLoader.Invalid.self) { try EmailSettings(email) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.hasPrefix("'email.starttls'") == true)
    }

    @Test(arguments: [
        "http://mail.example.com", "smtp://", "smtp://user:word@mail.example.com",
        "smtp://mail.example.com:0", "smtp://mail.example.com:99999", "smtp://a b", "mail",
        "smtp://mail.example.com/path", "smtp://mail.example.com?x", "file:///etc/passwd",
        "smtp://mail.example.com\r\n",
    ])
    func `a URL that is no mail server is refused`(url: String) {
        var email = Configuration.Email()
        email.smtpURL = url
        email.sender = "desk@example.com"
        let error = #expect(throws: ConfigurationLoader.Invalid.self) { try EmailSettings(email) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.hasPrefix("'email.smtp_url'") == true)
    }

    @Test func `all problems are told at once`() {
        var email = Configuration.Email()
        email.smtpURL = "smtp://mail.example.com"
        email.sender = "Desk <desk@example.com>"
        email.senderName = "Desk\r\nBcc: x@y.test"
        email.passwordEnv = "NOT_SET"
        let error = #expect(throws: ConfigurationLoader.Invalid.self) { try EmailSettings(email) }
        #expect(error?.problems.count == 3)
    }
}
