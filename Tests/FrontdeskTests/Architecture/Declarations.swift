/// Finds declarations in Swift text by their first words and their indentation.
///
/// This is no parser: it relies on the formatter, which indents what is inside by four spaces and
/// ends the line that opens a scope with a brace.
struct Declarations {
    /// A declaration.
    struct Item: Equatable {
        /// The line where it begins, from 1.
        let line: Int
        /// The word that makes it: `func`, `struct` …
        let keyword: String
        /// Whether a documentation comment stands before it.
        let isDocumented: Bool
    }

    private struct Scope {
        let indentation: Int
        let isType: Bool
        let isPrivate: Bool
    }

    /// All declarations at the top of the file or in a type that others can see.
    private(set) var visible: [Item] = []
    private var scopes: [Scope] = []
    private var lastKeyword: [Int: String] = [:]
    private let lines: [Substring]

    private static let types: Set = [
        "struct", "class", "enum", "protocol", "actor", "extension",
    ]
    private static let keywords = types.union([
        "func", "var", "let", "init", "subscript", "typealias", "case",
    ])
    private static let hiding: Set = ["private", "fileprivate"]
    private static let modifiers: Set = [
        "public", "internal", "static", "final", "mutating", "override", "convenience",
        "required", "borrowing", "consuming", "indirect", "nonisolated", "weak", "unowned",
        "lazy", "private(set)", "fileprivate(set)", "private", "fileprivate",
    ]

    /// Reads a file's lines.
    init(_ lines: [Substring]) {
        self.lines = lines
        var isInText = false
        for (index, line) in lines.enumerated() {
            let borders = line.split(separator: #"""""#, omittingEmptySubsequences: false).count - 1
            if !isInText { read(line, at: index) }
            if !borders.isMultiple(of: 2) { isInText.toggle() }
        }
    }

    private mutating func read(_ line: Substring, at index: Int) {
        let indentation = line.prefix { $0 == " " }.count
        let code = line.dropFirst(indentation)
        guard !code.isEmpty, !code.hasPrefix("//"), !code.hasPrefix("#") else { return }
        while let last = scopes.last, last.indentation >= indentation { scopes.removeLast() }
        let words = code.split(separator: " ").drop { $0.hasPrefix("@") }
        let first = words.drop { Self.modifiers.contains(String($0)) }.first ?? ""
        let keyword = String(first.prefix { $0.isLetter })
        let isDeclaration = Self.keywords.contains(keyword)
        if isDeclaration { lastKeyword[indentation] = keyword }
        let outer = scopes.last ?? Scope(indentation: -1, isType: true, isPrivate: false)
        let isPrivate = outer.isPrivate || words.contains { Self.hiding.contains(String($0)) }
        if isDeclaration, keyword != "extension", outer.isType, !isPrivate {
            visible.append(
                Item(line: index + 1, keyword: keyword, isDocumented: isDocumented(index)))
        }
        guard code.hasSuffix("{") else { return }
        let opens = isDeclaration || code == "{"
        let isType = opens && Self.types.contains(lastKeyword[indentation] ?? "")
        scopes.append(Scope(indentation: indentation, isType: isType, isPrivate: isPrivate))
    }

    private func isDocumented(_ index: Int) -> Bool {
        let before = lines[..<index].last { line in
            !line.drop { $0 == " " }.hasPrefix("@")
        }
        return before.map { $0.drop { $0 == " " }.hasPrefix("///") } ?? false
    }
}
