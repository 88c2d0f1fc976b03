import HTTPClient

/// The settings of outgoing mail, checked and ready for use.
struct EmailSettings: Sendable {
    /// How the mail server is reached; nil holds every message in the outbox.
    let server: SMTPClient.Options?
    /// Who sends; nil only without a mail server.
    let sender: EmailMessage.Sender?
    /// Who may get mail.
    let allowedRecipients: [EmailPattern]
    /// Where attachments come from.
    let attachments: EmailAttachments

    /// The settings of `configuration`, with the password from `environment`.
    ///
    /// Throws `ConfigurationLoader.Invalid` with everything that is wrong.
    init(_ configuration: Configuration.Email, environment: [String: String] = [:]) throws {
        var problems = Self.problems(with: configuration)
        var password = ""
        if !configuration.passwordEnv.isEmpty, !configuration.smtpURL.isEmpty {
            if let value = environment[configuration.passwordEnv] {
                password = value
            } else {
                problems.append(
                    "'email.password_env' names '\(configuration.passwordEnv)', which is not set")
            }
        }
        guard problems.isEmpty else { throw ConfigurationLoader.Invalid(problems: problems) }
        server = Self.options(configuration, password: password)
        sender = EmailAddress(configuration.sender).map {
            EmailMessage.Sender(address: $0, name: configuration.senderName)
        }
        allowedRecipients = configuration.allowedRecipients.map(EmailPattern.init)
        attachments = EmailAttachments(
            folder: configuration.attachmentsDir, maximumBytes: configuration.maxAttachmentBytes)
    }

    /// Whether messages can be sent at all.
    var isConfigured: Bool { server != nil && sender != nil }

    /// Whether mail may go to this address.
    func allows(_ address: String) -> Bool {
        allowedRecipients.contains { $0.matches(address) }
    }

    private static func options(
        _ configuration: Configuration.Email, password: String
    ) -> SMTPClient.Options? {
        guard !configuration.smtpURL.isEmpty else { return nil }
        var options = SMTPClient.Options(url: configuration.smtpURL)
        options.startTLS = configuration.starttls == .required ? .required : .off
        options.username = configuration.username
        options.password = password
        return options
    }

    private static func problems(with configuration: Configuration.Email) -> [String] {
        var problems: [String] = []
        if !configuration.sender.isEmpty,
            let problem = EmailAddress.problem(of: configuration.sender)
        {
            problems.append("'email.sender' \(problem)")
        }
        if configuration.senderName.hasControlCharacters
            || configuration.senderName.utf8.count > 200
        {
            problems.append("'email.sender_name' must be one line of at most 200 bytes")
        }
        guard !configuration.smtpURL.isEmpty else { return problems }
        if configuration.sender.isEmpty {
            problems.append("'email.sender' is required when 'email.smtp_url' is set")
        }
        guard let server = MailServerURL(configuration.smtpURL) else {
            let form = "must be 'smtp://host:port' or 'smtps://host:port' without anything else"
            return problems + ["'email.smtp_url' \(form)"]
        }
        if configuration.starttls == .off, !server.isSecure, !server.isLoopback {
            problems.append(
                "'email.starttls' may be 'off' only for a mail server on this machine, "
                    + "such as 'smtp://127.0.0.1:25'")
        }
        return problems
    }
}

/// The parts of `email.smtp_url`.
private struct MailServerURL {
    let isSecure: Bool
    let host: String

    init?(_ text: String) {
        guard let mark = text.firstRange(of: "://") else { return nil }
        switch text[..<mark.lowerBound].lowercased() {
        case "smtp": isSecure = false
        case "smtps": isSecure = true
        default: return nil
        }
        var rest = text[mark.upperBound...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let end = rest.hasPrefix("[") ? rest.firstIndex(of: "]").map(rest.index(after:)) : nil
        let host = rest[..<(end ?? rest.firstIndex(of: ":") ?? rest.endIndex)]
        let port = rest[host.endIndex...]
        let isPort =
            port.isEmpty
            || port.first == ":" && (1...65_535).contains(Int(port.dropFirst()) ?? 0)
        let signs = Set("abcdefghijklmnopqrstuvwxyz0123456789.-_[]:")
        guard !host.isEmpty, isPort, host.lowercased().allSatisfy(signs.contains) else {
            return nil
        }
        self.host = host.lowercased()
    }

    /// Whether the name stands for this machine.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
