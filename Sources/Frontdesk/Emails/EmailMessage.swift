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
        let whole = Part(headers: lines + content.headers, content: content.content)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            email.body.utf8.count * 2 + files.reduce(4096) { $0 + $1.bytes.count / 57 * 78 + 1024 })
        whole.append(to: &bytes)
        return bytes
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
            content: .bytes(encoded.bytes))
    }

    private func attachment(_ file: File) -> Part {
        Part(
            headers: [
                "Content-Type: \(MediaType.of(fileName: file.name))",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment;\r\n \(MIMEText.fileName(file.name))",
            ],
            content: .base64(file.bytes))
    }

    private func multipart(_ subtype: String, _ parts: [Part]) -> Part {
        // No encoded line can contain "=_", and nobody who writes a plain one knows the new id.
        let boundary = "=_\(subtype)_\(email.id)"
        return Part(
            headers: ["Content-Type: multipart/\(subtype);\r\n boundary=\"\(boundary)\""],
            content: .parts(parts, boundary: boundary))
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
    let content: Content

    indirect enum Content {
        /// Lines that are encoded already.
        case bytes([UInt8])
        /// Bytes that become base64 only where they are written: they may be many.
        case base64([UInt8])
        /// Parts with a line between them.
        case parts([Part], boundary: String)
    }

    func append(to message: inout [UInt8]) {
        for header in headers { message += Array((header + "\r\n").utf8) }
        message += Array("\r\n".utf8)
        switch content {
        case .bytes(let bytes): message += bytes
        case .base64(let bytes): MIMEText.appendBase64(bytes, to: &message)
        case .parts(let parts, let boundary):
            for part in parts {
                message += Array("--\(boundary)\r\n".utf8)
                part.append(to: &message)
            }
            message += Array("--\(boundary)--\r\n".utf8)
        }
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
