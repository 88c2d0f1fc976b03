import Foundation

extension Mapping {
    /// Whether an agent may have this address (router.md, sections 1 and 6).
    static func isAddress(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: addressMarks.contains(byte)
                }
            }
    }

    private static let addressMarks = Array("._%+@:/-".utf8)

    /// What is wrong with an address, to be read after its field's name.
    static let addressProblem =
        "must be 1 to 255 characters of A-Z, a-z, 0-9 and . _ % + @ : / -, "
        + "and neither '.' nor '..'"
}

extension Mapping.DestinationType {
    /// What is wrong with a name for this type of destination, to be read after the field's name;
    /// nil when it fits. A type that nobody here knows takes any.
    func problem(withName name: String) -> String? {
        switch self {
        case .frontdeskInbox:
            (1...255).contains(name.unicodeScalars.count)
                && !name.unicodeScalars.allSatisfy(\.properties.isWhitespace)
                ? nil : "must be a label of 1 to 255 characters for FRONTDESK_INBOX"
        case .httpWebhook:
            Self.isWebhookURL(name)
                ? nil
                : "must be an absolute http or https URL without user info or fragment for "
                    + "HTTP_WEBHOOK"
        case .pubSubTopic:
            Self.isTopic(name)
                ? nil : "must be like 'projects/PROJECT/topics/TOPIC' for GCP_PUBSUB_TOPIC"
        default: nil
        }
    }

    private static func isWebhookURL(_ text: String) -> Bool {
        // Anything but what stands for itself in a URL must come percent-encoded.
        let isPlain = text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}".utf8.contains(byte)
        }
        guard isPlain, let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = parts.host, !host.isEmpty
        else { return false }
        // A mark without anything behind it leaves no trace in the parts.
        let authority = text.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
        return !authority.contains("@") && !text.contains("#")
            && (parts.port.map { (1...65_535).contains($0) } ?? !authority.hasSuffix(":"))
    }

    private static func isTopic(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "projects" && parts[2] == "topics"
            && isName(parts[1], marks: "-.:") && isName(parts[3], marks: "-._~+%")
    }

    private static func isName(_ text: Substring, marks: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.allSatisfy { character in
                character.isASCII
                    && (character.isLetter || character.isNumber || marks.contains(character))
            }
    }
}
