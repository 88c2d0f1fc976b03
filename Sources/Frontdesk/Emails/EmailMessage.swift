/// An e-mail as RFC 5322 and MIME write it, ready to be handed to a mail server.
///
/// The bytes depend on nothing but the arguments, so that a repeated sending is the same message.
struct EmailMessage {
    /// Who sends.
    struct Sender: Sendable {
        /// The bare address.
        let address: EmailAddress
        /// The name shown before it, empty for none.
        let name: String
    }

    /// A file with its content.
    struct File {
        /// The name the recipient sees.
        let name: String
        /// The content.
        let bytes: [UInt8]
    }

    private let email: Email
    private let sender: Sender
    private let files: [File]

    /// A message of an e-mail with its files' contents.
    init(_ email: Email, from sender: Sender, files: [File]) {
        self.email = email
        self.sender = sender
        self.files = files
    }

    /// The message with CRLF line ends; Bcc is not in it.
    var bytes: [UInt8] {
        var lines = [
            "From: " + MIMEText.mailbox(name: sender.name, address: sender.address.text),
            "To: " + list(email.recipients),
        ]
        if !email.cc.isEmpty { lines.append("Cc: " + list(email.cc)) }
        lines += [
            "Subject: " + MIMEText.header(MIMEText.oneLine(email.subject)),
            "Date: " + date(email.createdAt),
            "Message-ID: <\(email.id)@\(sender.address.domain)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ]
        return Part(headers: lines, content).bytes
    }

    private var content: Part {
        guard !files.isEmpty else { return text }
        return multipart("mixed", [text] + files.map(attachment))
    }

    private var text: Part {
        guard email.isHTML else { return text("plain", email.body) }
        let plain = PlainText(html: email.body).text
        return multipart("alternative", [text("plain", plain), text("html", email.body)])
    }

    private func text(_ subtype: String, _ text: String) -> Part {
        let encoded = MIMEText.body(text)
        return Part(
            headers: [
                "Content-Type: text/\(subtype); charset=utf-8",
                "Content-Transfer-Encoding: \(encoded.encoding)",
            ],
            body: encoded.bytes)
    }

    private func attachment(_ file: File) -> Part {
        Part(
            headers: [
                "Content-Type: \(MediaType.of(fileName: file.name))",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment;\r\n \(MIMEText.fileName(file.name))",
            ],
            body: MIMEText.base64(file.bytes))
    }

    private func multipart(_ subtype: String, _ parts: [Part]) -> Part {
        // No encoded line can contain "=_", and nobody who writes a plain one knows the new id.
        let boundary = "=_\(subtype)_\(email.id)"
        let body = parts.flatMap { Array("--\(boundary)\r\n".utf8) + $0.bytes }
        return Part(
            headers: ["Content-Type: multipart/\(subtype);\r\n boundary=\"\(boundary)\""],
            body: body + Array("--\(boundary)--\r\n".utf8))
    }

    private func list(_ addresses: [String]) -> String {
        addresses.joined(separator: ",\r\n ")
    }

    /// `Fri, 20 Feb 2026 10:30:00 +0000`.
    private func date(_ instant: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let text = instant.text
        guard let day = CalendarDay(parsing: instant.date) else { return text }
        let weekday = days[Int((day.daysSince1970 % 7 + 7) % 7)]
        let time = text.dropFirst(11).prefix(8)
        return "\(weekday), \(day.day) \(months[day.month - 1]) \(day.year) \(time) +0000"
    }
}

/// A piece of a message: headers, and what they describe.
private struct Part {
    let headers: [String]
    let body: [UInt8]

    init(headers: [String], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }

    /// A part with further headers before its own.
    init(headers: [String], _ content: Part) {
        self.init(headers: headers + content.headers, body: content.body)
    }

    var bytes: [UInt8] {
        Array((headers.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}

/// What kinds of files are called.
private enum MediaType {
    private static let byExtension = [
        "pdf": "application/pdf", "zip": "application/zip", "json": "application/json",
        "txt": "text/plain", "csv": "text/csv", "html": "text/html", "ics": "text/calendar",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "webp": "image/webp", "svg": "image/svg+xml", "xml": "application/xml",
        "doc": "application/msword", "xls": "application/vnd.ms-excel",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "odt": "application/vnd.oasis.opendocument.text",
    ]

    /// The type that a file's ending promises, else that of any bytes.
    static func of(fileName: String) -> String {
        let ending = fileName.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return byExtension[ending] ?? "application/octet-stream"
    }
}
