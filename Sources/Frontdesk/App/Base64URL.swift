import Foundation

extension [UInt8] {
    /// The bytes in base64 with the alphabet for URLs and without padding (RFC 4648, section 5).
    var base64URL: String {
        Data(self).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads base64 with the alphabet for URLs, nil for anything else.
    init?(base64URL text: String) {
        guard text.utf8.count <= 1024, !text.contains(where: { "+/=".contains($0) }) else {
            return nil
        }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: plain + padding) else { return nil }
        self.init(data)
    }
}
