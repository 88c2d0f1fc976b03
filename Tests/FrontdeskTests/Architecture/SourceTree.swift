import Foundation

/// The files of the package, as they lie in its folder.
enum SourceTree {
    /// One file.
    struct File: Sendable, CustomStringConvertible {
        /// The path from the package's folder on.
        let path: String
        let text: String

        /// The file's name without its folders.
        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
        /// The lines, without their ends.
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// What a test's report shows.
        var description: String { path }

        /// The modules that the file imports.
        var imports: [String] {
            lines.compactMap { line in
                let words = line.split(separator: " ")
                guard words.dropLast().last == "import", !line.hasPrefix(" ") else { return nil }
                return String(words[words.count - 1])
            }
        }

        /// Whether the file lies in this folder.
        func isIn(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
    }

    /// The package's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../..").standardizedFileURL

    /// Every text file that belongs to the package.
    static let all: [File] = {
        let made: Set = [".git", ".swiftpm", "data"]
        guard let walk = FileManager.default.enumerator(atPath: root.path) else { return [] }
        var files: [File] = []
        while let path = walk.nextObject() as? String {
            if made.contains(path) || path.hasPrefix(".build") {
                walk.skipDescendants()
            } else if walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular,
                let text = try? String(
                    contentsOf: root.appending(path: path), encoding: .utf8)
            {
                files.append(File(path: path, text: text))
            }
        }
        return files.sorted { $0.path < $1.path }
    }()

    /// The Swift files below a folder.
    static func swift(in folder: String) -> [File] {
        all.filter { $0.isIn(folder) && $0.path.hasSuffix(".swift") }
    }
}
