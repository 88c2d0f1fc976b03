import Foundation
import Testing

/// A file of `Tests/FrontdeskTests/Golden`: what a text must be, readable on its own and in diffs.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is written instead of compared.
struct Golden {
    private let file: URL

    /// The file of this name, such as `help/serve.txt`.
    init(_ name: String) {
        file =
            URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Golden").appending(path: name).standardizedFileURL
    }

    /// Expects that `text` is what the file holds.
    func expect(_ text: String, location: SourceLocation = #_sourceLocation) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            return try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(
            text == kept, "\(file.lastPathComponent) differs; UPDATE_GOLDEN=1 rewrites it.",
            sourceLocation: location)
    }
}
