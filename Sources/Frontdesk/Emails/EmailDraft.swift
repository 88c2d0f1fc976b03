import JSON

/// What an agent wants to send, read from a tool's arguments.
struct EmailDraft: Sendable {
    /// The addresses of the To line.
    let recipients: [String]
    /// The addresses of the Cc line.
    let cc: [String]
    /// The addresses nobody sees.
    let bcc: [String]
    /// One line.
    let subject: String
    /// Plain text or HTML.
    let body: String
    /// Whether `body` is HTML.
    let isHTML: Bool
    /// Names relative to `email.attachments_dir`.
    let attachments: [String]

    /// Reads the arguments the four tools share; `body` and `files` are what a tool calls them.
    init(
        _ reader: inout ArgumentReader, body: String = "body", isHTML: Bool? = nil,
        files: String? = nil
    ) {
        recipients = reader.addresses("recipients")
        subject = reader.requiredText("subject")
        self.body = reader.longText(body)
        self.isHTML = isHTML ?? reader.flag("html")
        cc = reader.addresses("cc")
        bcc = reader.addresses("bcc")
        attachments = files.map { reader.texts($0) } ?? []
    }

    /// Everybody who is to get the message.
    var everybody: [String] { recipients + cc + bcc }
}

extension ArgumentReader {
    /// Most addresses that one line may have.
    static let mostAddresses = 20

    /// Addresses in an array or in one text with commas; empty when absent.
    fileprivate mutating func addresses(_ key: String) -> [String] {
        let texts: [String]
        switch values[key] {
        case .string(let text)?:
            let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
            texts = pieces.map { String($0).trimmed }
        case .array(let elements)?: texts = elements.map { ($0.string ?? "").trimmed }
        default: return []
        }
        if !(1...Self.mostAddresses).contains(texts.count) {
            note(key, "must have 1 to \(Self.mostAddresses) addresses")
        }
        for (index, text) in texts.enumerated() {
            guard let problem = EmailAddress.problem(of: text) else { continue }
            // With one address there is no doubt which is meant.
            note(texts.count == 1 ? key : "\(key)[\(index)]", problem)
        }
        return texts
    }

    /// A text of several lines, in which no other control characters than tabs are.
    fileprivate mutating func longText(_ key: String) -> String {
        guard let text = values[key]?.string else { return "" }
        let isText = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            case 0..<0x20, 0x7F...0x9F: false
            default: true
            }
        }
        if !isText { note(key, "must not contain control characters") }
        return text
    }

    /// The texts of an array; empty when absent.
    fileprivate mutating func texts(_ key: String) -> [String] {
        let texts = values[key]?.array?.compactMap(\.string) ?? []
        if texts.contains(where: \.hasControlCharacters) {
            note(key, "must not contain control characters")
        }
        return texts
    }
}
