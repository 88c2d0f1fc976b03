// swift-tools-version: 6.2
import PackageDescription

/// One list of settings for every target: Swift 6 mode, explicit imports, and no warning let
/// through.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "frontdesk",
    products: [
        .executable(name: "frontdesk", targets: ["Frontdesk"])
    ],
    targets: [
        // C libraries, from the system's packages.
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "CMicrohttpd", pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        // Without pkg-config, whose file asks for headers of jansson that are not needed.
        .systemLibrary(name: "CCjose", providers: [.apt(["libcjose-dev"])]),

        // Mends how libmicrohttpd waits.
        .target(name: "CEpoll"),

        // The toolbox: what would have been dependencies. None of it knows the product.
        .target(name: "SQLite", dependencies: ["CSQLite", "Crypto"], swiftSettings: strict),
        .target(name: "JSON", swiftSettings: strict),
        .target(
            name: "HTTP", dependencies: ["CMicrohttpd", "CEpoll", "JSON"], swiftSettings: strict),
        .target(name: "HTTPClient", dependencies: ["CCurl"], swiftSettings: strict),
        .target(name: "Crypto", dependencies: ["CCrypto", "CCrypt"], swiftSettings: strict),
        .target(
            name: "JWT", dependencies: ["CCjose", "CCrypto", "Crypto", "JSON"],
            swiftSettings: strict),

        .target(
            name: "MCP", dependencies: ["HTTPClient", "JSON", "Crypto"], swiftSettings: strict),

        // The schema's history, compiled into the binary.
        .target(
            name: "Migrations", path: "Migrations",
            resources: [
                .embedInCode("0001_create_sessions.sql"),
                .embedInCode("0002_create_orders.sql"),
                .embedInCode("0003_create_complaints.sql"),
                .embedInCode("0004_create_emails.sql"),
                .embedInCode("0005_create_messages.sql"),
                .embedInCode("0006_create_idempotency_keys.sql"),
                .embedInCode("0007_create_agent_inboxes.sql"),
                .embedInCode("0008_create_inbox_messages.sql"),
                .embedInCode("0009_create_webhook_secrets.sql"),
                .embedInCode("0010_create_customers.sql"),
                .embedInCode("0011_create_ticket_orders.sql"),
                .embedInCode("0012_create_users.sql"),
                .embedInCode("0013_add_callers.sql"),
                .embedInCode("0014_create_token_usage.sql"),
                .embedInCode("0015_index_tool_effects.sql"),
                .embedInCode("0016_recheck_messages.sql"),
                .embedInCode("0017_create_open_refunds.sql"),
                .embedInCode("0018_index_login_failures.sql"),
                .embedInCode("0019_slim_message_search.sql"),
            ],
            swiftSettings: strict),

        // The product.
        .executableTarget(
            name: "Frontdesk",
            dependencies: [
                "SQLite", "JSON", "HTTP", "HTTPClient", "MCP", "Crypto", "JWT", "Migrations",
                "Sanitizing",
            ],
            swiftSettings: strict,
            // Takes the place of the C library's malloc; the sanitizers bring their own.
            linkerSettings: [.linkedLibrary("jemalloc", .when(configuration: .release))]),

        // Tells the sanitizers what they cannot know, in the program and in the tests of all
        // targets; empty in a build without one.
        .target(name: "Sanitizing", path: "Tests/Support/Sanitizing"),

        // A real mail server that tests start and stop.
        .target(
            name: "MailServer", dependencies: ["Subprocess"], path: "Tests/Support/MailServer",
            swiftSettings: strict),

        // Servers in Python that tests start and stop.
        .target(
            name: "WebPeer", dependencies: ["Subprocess"], path: "Tests/Support/WebPeer",
            swiftSettings: strict),

        // An MCP server in Python that does as a test says.
        .target(
            name: "MCPPeer", dependencies: ["JSON", "WebPeer"], path: "Tests/Support/MCPPeer",
            swiftSettings: strict),

        // A process that a test starts.
        .target(name: "Subprocess", path: "Tests/Support/Subprocess", swiftSettings: strict),

        // A client that sends and reads exactly the bytes a test says.
        .target(name: "RawHTTP", path: "Tests/Support/RawHTTP", swiftSettings: strict),

        .testTarget(
            name: "SQLiteTests", dependencies: ["SQLite", "Subprocess"], swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
        .testTarget(
            name: "JWTTests", dependencies: ["JWT", "JSON", "Subprocess"], swiftSettings: strict),
        .testTarget(
            name: "HTTPTests", dependencies: ["HTTP", "JSON", "Sanitizing", "RawHTTP"],
            swiftSettings: strict),
        .testTarget(
            name: "HTTPClientTests", dependencies: ["HTTPClient", "MailServer", "WebPeer"],
            swiftSettings: strict),
        .testTarget(
            name: "MCPTests",
            dependencies: ["MCP", "HTTPClient", "JSON", "MCPPeer", "MailServer", "WebPeer"],
            swiftSettings: strict),
        .testTarget(
            name: "FrontdeskTests",
            dependencies: [
                "Frontdesk", "MailServer", "MCPPeer", "MCP", "RawHTTP", "WebPeer", "Subprocess",
                "SQLite", "JSON", "JWT", "Migrations",
            ],
            exclude: ["Golden"],
            swiftSettings: strict),

        // Starts the built program, which is why it depends on it without importing it.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Frontdesk", "MailServer", "MCPPeer", "RawHTTP", "WebPeer", "JSON", "Subprocess",
            ],
            swiftSettings: strict),
    ]
)
