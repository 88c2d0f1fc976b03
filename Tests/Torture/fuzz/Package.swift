// swift-tools-version: 6.2
import PackageDescription

// The parsers of foreign bytes under libFuzzer, built from the program's own sources; a package of
// its own, so that nothing else needs the fuzzer's runtime.

/// The program's settings, without the warnings, which its own build refuses.
let plain: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// What parses: coverage for the fuzzer.
let watched = plain + [.unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CCrypt"),
        .systemLibrary(name: "CCjose"),
        .target(name: "SQLite", dependencies: ["CSQLite", "Crypto"], swiftSettings: plain),
        .target(name: "JSON", swiftSettings: watched),
        .target(name: "HTTP", dependencies: ["CMicrohttpd", "JSON"], swiftSettings: watched),
        .target(name: "HTTPClient", dependencies: ["CCurl"], swiftSettings: watched),
        .target(name: "Crypto", dependencies: ["CCrypto", "CCrypt"], swiftSettings: plain),
        .target(
            name: "JWT", dependencies: ["CCjose", "CCrypto", "Crypto", "JSON"],
            swiftSettings: watched),
        .target(
            name: "MCP", dependencies: ["HTTPClient", "JSON", "Crypto"], swiftSettings: watched),
        // The commands are the program's; all that they call is here.
        .target(
            name: "Frontdesk",
            dependencies: ["SQLite", "JSON", "HTTP", "HTTPClient", "MCP", "Crypto", "JWT"],
            exclude: ["Commands"], swiftSettings: watched),
        .executableTarget(
            name: "Fuzz",
            dependencies: ["Frontdesk", "HTTP", "HTTPClient", "JSON", "JWT", "MCP", "SQLite"],
            swiftSettings: watched,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
    ]
)
