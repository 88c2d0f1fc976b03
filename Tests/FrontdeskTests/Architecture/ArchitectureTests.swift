import Migrations
import Testing

/// The rules of the house that the compiler does not check.
struct ArchitectureTests {
    /// Files without `Store` in their names that hold only SQL, and why they are no stores.
    private static let onlySQL = [
        "SessionCounts.swift": "the totals that the stores keep in their own transactions",
        "SessionRemoval.swift": "how a session's rows leave, as a part of the session store",
        "MessageSearch.swift": "the full-text query, as long as a store of its own",
    ]

    /// Files beside the routes that know of HTTP, and why.
    private static let knowHTTP = [
        "ServeCommand.swift": "starts the server",
        "Versions.swift": "tells the library's version",
    ]

    // MARK: - Layers

    @Test func `only stores, the composition root and the commands import SQLite`() {
        for file in SourceTree.swift(in: "Sources/Frontdesk") where file.imports.contains("SQLite")
        {
            let isAllowed =
                file.name.contains("Store") || Self.onlySQL[file.name] != nil
                || file.isIn("Sources/Frontdesk/App") || file.isIn("Sources/Frontdesk/Commands")
            #expect(isAllowed, "\(file) imports SQLite")
        }
    }

    @Test func `only routes and the composition root import HTTP`() {
        for file in SourceTree.swift(in: "Sources/Frontdesk") where file.imports.contains("HTTP") {
            let isAllowed =
                file.name.contains("Routes") || file.name.hasSuffix("+HTTP.swift")
                || file.isIn("Sources/Frontdesk/App") || Self.knowHTTP[file.name] != nil
            #expect(isAllowed, "\(file) imports HTTP")
        }
    }

    @Test func `no file outside the composition root knows both SQL and HTTP`() {
        for file in SourceTree.swift(in: "Sources/Frontdesk")
        where file.imports.contains("SQLite") && file.imports.contains("HTTP") {
            #expect(
                file.isIn("Sources/Frontdesk/App") || Self.knowHTTP[file.name] != nil, "\(file)")
        }
    }

    @Test func `files that are excused still exist and still need it`() {
        let files = SourceTree.swift(in: "Sources/Frontdesk")
        for (name, module) in Self.onlySQL.keys.map({ ($0, "SQLite") })
            + Self.knowHTTP.keys.map({ ($0, "HTTP") })
        {
            #expect(files.first { $0.name == name }?.imports.contains(module) == true, "\(name)")
        }
    }

    @Test(
        arguments: [
            ("SQLite", ["CSQLite", "Crypto"]), ("JSON", []), ("HTTP", ["CMicrohttpd", "JSON"]),
            ("HTTPClient", ["CCurl"]), ("Crypto", ["CCrypto", "CCrypt"]),
            ("JWT", ["CCjose", "CCrypto", "Crypto", "JSON"]),
            ("MCP", ["HTTPClient", "JSON", "Crypto"]),
        ] as [(String, [String])])
    func `the toolbox knows nothing of the product`(_ target: String, _ others: [String]) {
        let system = ["Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization"]
        let files = SourceTree.swift(in: "Sources/\(target)")
        #expect(!files.isEmpty)
        for file in files {
            #expect(Set(file.imports).isSubset(of: system + others), "\(file): \(file.imports)")
        }
    }

    // MARK: - Migrations

    @Test func `every migration is listed, in the order of its number`() {
        let files = SourceTree.all.filter { $0.isIn("Migrations") && $0.path.hasSuffix(".sql") }
        #expect(MigrationFiles.all.map { "Migrations/\($0.name).sql" } == files.map(\.path))
        #expect(MigrationFiles.all.map(\.sql) == files.map(\.text))
        let numbers = files.compactMap { Int($0.name.prefix(4)) }
        #expect(numbers.count == files.count && Set(numbers).count == files.count)
        #expect(numbers.first == 1 && files.allSatisfy { $0.name.dropFirst(4).hasPrefix("_") })
    }

    // MARK: - Text

    private static let sources =
        SourceTree.swift(in: "Sources") + SourceTree.swift(in: "Migrations")

    private static let code = SourceTree.all.filter { file in
        (file.path.hasSuffix(".swift") || file.path.hasSuffix(".sql"))
            && !file.isIn("Tests/FrontdeskTests/Golden")
    }

    @Test func `files and lines are short enough to be read`() {
        // The whole schema is long because it is whole.
        let long = Self.code.filter { $0.lines.count > 401 && $0.name != "schema.sql" }.map(\.path)
        #expect(long == [])
        // The examples of the API's first description stand there as they were sent.
        let asWritten = "SeedExamples.swift"
        let wide = Self.code.filter { $0.name != asWritten }.flatMap { file in
            file.lines.enumerated().filter { $1.count > 100 }.map { "\(file):\($0.offset + 1)" }
        }
        #expect(wide == [])
    }

    @Test(arguments: [
        "@unchecked", "nonisolated(unsafe)", "@preconcurrency", "try!", "as!", "fatalError(",
        "print(", "TODO", "FIXME",
    ])
    func `the sources do without`(_ word: String) {
        let places = Self.sources.flatMap { file in
            file.lines.enumerated().filter { $1.holds(word) }.map { "\(file):\($0.offset + 1)" }
        }
        #expect(places == [])
    }

    @Test func `what others can call says what it means`() {
        let spoken: Set = [
            "struct", "class", "enum", "protocol", "actor", "func", "init", "subscript",
            "typealias",
        ]
        let silent = Self.sources.flatMap { file in
            Declarations(file.lines).visible
                .filter { spoken.contains($0.keyword) && !$0.isDocumented }
                .map { "\(file):\($0.line)" }
        }
        #expect(silent == [])
    }

    @Test func `nothing depends on one machine or on one place on the net`() {
        // In pieces, because this file is looked through, too.
        let words = [
            "/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/opt/sw" + "ift",
            "pypi." + "org", "pythonhosted." + "org", "registry.npm" + "js.org", "ghcr." + "io",
            "docker." + "io", "proxy.golang." + "org", "crates." + "io",
        ]
        let places = SourceTree.all.flatMap { file in
            words.filter { file.text.contains($0) }.map { "\(file) holds '\($0)'" }
        }
        #expect(places == [])
    }
}

extension Substring {
    /// Whether the line holds `word` where no longer word ends with it: `fingerprint(`.
    fileprivate func holds(_ word: String) -> Bool {
        ranges(of: word).contains { range in
            range.lowerBound == startIndex || !self[index(before: range.lowerBound)].isLetter
        }
    }
}

/// The scanner by which the rules look at declarations.
struct DeclarationsTests {
    @Test func `what can be seen from outside is found, with its comments`() {
        let text = #"""
            /// A type.
            public struct A: Sendable {
                let first = 1
                /// Documented.
                @inlinable
                static func second() {
                    let inside = 2
                    func within() {}
                }
                private func third() {}
                private struct Hidden {
                    func fourth() {}
                }
                var text: String {
                    """
                    func inText() {
                    """
                }
            }

            enum B
            {
                case one
                init?(_ text: String) {
                    switch text {
                    case "a": self = .one
                    default: return nil
                    }
                }
            }

            fileprivate extension A {
                func fifth() {}
            }

            extension A {
                subscript(index: Int) -> Int { index }
            }
            """#
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let found = Declarations(lines).visible
        #expect(
            found.map(\.keyword) == [
                "struct", "let", "func", "var", "enum", "case", "init", "subscript",
            ])
        #expect(found.filter(\.isDocumented).map(\.line) == [2, 6])
    }
}
