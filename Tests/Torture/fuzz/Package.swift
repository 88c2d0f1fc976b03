// swift-tools-version: 6.2
import PackageDescription

// The parsers of foreign bytes under libFuzzer, built from the program's own sources; a package of
// its own, so that nothing else needs the fuzzer's runtime.

/// What every target is built with: coverage for the fuzzer.
let watched: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
]

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CCrypt"),
        .systemLibrary(name: "CCjose"),
        .target(name: "JSON", swiftSettings: watched),
        .target(name: "Crypto", dependencies: ["CCrypto", "CCrypt"], swiftSettings: watched),
        .target(
            name: "JWT", dependencies: ["CCjose", "CCrypto", "Crypto", "JSON"],
            swiftSettings: watched),
        .executableTarget(
            name: "Fuzz", dependencies: ["JSON", "JWT"], swiftSettings: watched,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]),
    ]
)
