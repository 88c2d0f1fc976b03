import Foundation

/// Texts as the lines of a message hold them: 7-bit, short, ended with CRLF.
enum MIMEText {
    /// A body with the name of its transfer encoding.
    struct Encoded {
        /// `7bit`, `quoted-printable` or `base64`.
        let encoding: String
        /// The lines, each with its end.
        let bytes: [UInt8]
    }

    private static let crlf = Array("\r\n".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)
    /// The longest line of an encoded body, without its end.
    private static let width = 76

    /// Encodes a text in the way that keeps most of it readable.
    static func body(_ text: String) -> Encoded {
        let lines = lines(of: text)
        let count = lines.reduce(0) { $0 + $1.count }
        let beyond = lines.reduce(0) { $0 + $1.count { $0 >= 0x80 } }
        if beyond == 0, lines.allSatisfy({ isPlain($0) }) {
            return Encoded(encoding: "7bit", bytes: Array(lines.joined(separator: crlf)) + crlf)
        }
        // Three bytes for one against four for three: scripts beyond Latin are shorter in base64.
        if beyond > count / 6 {
            var bytes: [UInt8] = []
            appendBase64(Array(lines.joined(separator: crlf)) + crlf, to: &bytes)
            return Encoded(encoding: "base64", bytes: bytes)
        }
        return Encoded(
            encoding: "quoted-printable", bytes: lines.flatMap { quotedPrintable($0) + crlf })
    }

    /// Appends the base64 form in lines of 76 characters.
    static func appendBase64(_ bytes: [UInt8], to message: inout [UInt8]) {
        // 57 bytes make a line, so that pieces of whole lines can be encoded one by one.
        let piece = 57 * 4096
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let data = Data(bytes[start..<min(start + piece, bytes.count)])
            message += data.base64EncodedData(
                options: [
                    .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
                ])
            message += crlf
        }
    }

    /// The lines of a text, whichever way they end; an end of the last one begins no new line.
    private static func lines(of text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x0A where previous == 0x0D: break
            case 0x0A, 0x0D: lines.append([])
            default: lines[lines.count - 1].append(byte)
            }
            previous = byte
        }
        if lines.count > 1, lines.last == [] { lines.removeLast() }
        return lines
    }

    /// Whether an ASCII line can go as it is.
    private static func isPlain(_ line: [UInt8]) -> Bool {
        line.count <= width && line.last != 0x20 && line.last != 0x09
            && line.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    /// One line in quoted-printable, with soft breaks where it gets too long.
    private static func quotedPrintable(_ line: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var column = 0
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let isBlank = byte == 0x20 || byte == 0x09
            let isLiteral =
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || isBlank && !isLast
            let length = isLiteral ? 1 : 3
            // The last column is for the sign of a soft break.
            if column + length > (isLast ? width : width - 1) {
                result += [UInt8(ascii: "=")] + crlf
                column = 0
            }
            // A lone dot ends a message, and some old relays mangle lines that begin with "From ".
            let isRisky = column == 0 && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "F"))
            if isLiteral && !isRisky {
                result.append(byte)
                column += 1
            } else {
                result += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                column += 3
            }
        }
        return result
    }
}

// MARK: - Headers

extension MIMEText {
    /// A header's free text: as it is when it is short and plain, else in encoded words (RFC 2047).
    static func header(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        return isPlain && text.utf8.count <= 66 && !text.contains("=?")
            ? text : encodedWords(text)
    }

    /// An address with a name before it, if there is one.
    static func mailbox(name: String, address: String) -> String {
        let name = oneLine(name).trimmed
        guard !name.isEmpty else { return address }
        let isPlain = name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        let isShort = isPlain && name.utf8.count + address.utf8.count <= 64
        return (isPlain && !name.contains("=?") ? quoted(name) : encodedWords(name))
            + (isShort ? " " : "\r\n ") + "<\(address)>"
    }

    /// A file's name as a parameter of `Content-Disposition` (RFC 2231 beyond ASCII).
    static func fileName(_ name: String) -> String {
        if name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            return "filename=" + quoted(name)
        }
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-".utf8)
        let escaped = name.utf8.flatMap { byte -> [UInt8] in
            plain.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "filename*=UTF-8''" + String(decoding: escaped, as: UTF8.self)
    }

    /// The text with a space for every control character, so that it can never end a line.
    static func oneLine(_ text: String) -> String {
        guard text.hasControlCharacters else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(String(scalar).hasControlCharacters ? " " : scalar)
        }
        return String(result)
    }

    /// A quoted string.
    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }

    /// Encoded words, one to a line, none of which splits a character.
    private static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            // 39 bytes make 64 characters, which fit behind the name of the header too.
            if words[words.count - 1].count + bytes.count > 39 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }
            .joined(separator: "\r\n ")
    }
}
