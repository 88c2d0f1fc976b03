import Foundation
import HTTP
import SQLite

extension Command {
    /// `frontdesk serve`
    static let serve = Command(
        name: "serve", summary: "Migrate the database, then serve until SIGTERM or SIGINT.",
        usage: "serve [--host H] [--port N] [--database PATH] [--demo] [--no-migrate]",
        details: [
            "--host H         address to listen on (server.host)",
            "--port N         port to listen on, 0 picks a free one (server.port)",
            "--database PATH  the database file (database.path)",
            "--demo           load the demo data first",
            "--no-migrate     refuse a database that lacks a migration instead of applying it",
        ],
        valued: ["host", "port", "database"], switches: ["demo", "no-migrate"]
    ) { arguments, console in
        Signals.ignoreBrokenPipes()
        let loader = try arguments.configuration(
            console,
            flags: ["host": "server.host", "port": "server.port", "database": "database.path"])
        let serving = try await Serving(
            loader.configuration, console: console, isDemo: arguments.has("demo"),
            migrates: !arguments.has("no-migrate"))
        try await serving.run(console)
    }
}

/// A server from its start to its end.
private struct Serving {
    private let configuration: Configuration
    private let isDemo: Bool
    private let log: Log
    private let app: App
    private let server: Server

    /// Opens and migrates the database and puts the product together.
    init(
        _ configuration: Configuration, console: Console, isDemo: Bool, migrates: Bool
    ) async throws {
        // Before anything is made for a server that may not run.
        try configuration.checkServing()
        self.configuration = configuration
        self.isDemo = isDemo
        log = Log(level: configuration.log.level, format: configuration.log.format)
        let database = try Database.prepared(
            configuration.database, log: log, migrates: migrates)
        app = try App(
            configuration, database: database, log: log,
            surroundings: App.Surroundings(environment: console.environment))
        try app.checkServing()
        let interrupted = try await app.turns.environment.store.interruptPending()
        if interrupted > 0 {
            log.warning("turn.interrupted", [("count", .integer(interrupted))])
        }
        if isDemo {
            let (now, settings) = (Clock.system.now(), configuration.tickets)
            _ = try await database.write {
                try DemoData.load(in: $0, reset: false, at: now, tickets: settings)
            }
        }
        server = Server(
            try Server.Configuration(configuration.server, log: log), router: app.router)
    }

    /// Serves until a signal comes, then ends in good order.
    func run(_ console: Console) async throws {
        // Before anybody can know that the server is there, and so tell it to stop.
        let signals = await Signals()
        let port: Int
        do {
            port = try server.start()
        } catch {
            // Nothing runs yet that would have to end first.
            app.database.close()
            throw error
        }
        app.start()
        let scheme = configuration.server.tlsCertificate.isEmpty ? "http" : "https"
        let host = configuration.server.host
        let address = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        log.info(
            "server.ready",
            [
                ("address", .text(address)), ("version", .text(Product.version)),
                ("sqlite", .text(Versions.sqlite)), ("database", .text(app.database.path)),
                ("synchronous", .text(configuration.database.synchronous.rawValue)),
            ])
        console.out("listening on \(address)")
        if isDemo { console.out(Self.hint(address)) }
        SystemdNotice.send("READY=1", environment: console.environment)
        let signal = await signals.first()
        SystemdNotice.send("STOPPING=1", environment: console.environment)
        log.info("server.stopping", [("signal", .integer(Int(signal)))])
        await stop()
        log.info("server.stopped")
        log.flush()
    }

    /// A first request for whoever tries the demo.
    private static func hint(_ address: String) -> String {
        let body = #"{"session_id": "sess_demo", "message": "Where is my order ORD-10001?"}"#
        let header = "-H 'Content-Type: application/json'"
        return "try: curl -s \(address)/agent/messages \(header) -d '\(body)'"
    }

    private func stop() async {
        let deadline = Duration.seconds(configuration.server.shutdownSeconds)
        app.beginStopping()
        let last = Task { [app] in
            // What is not done by now is interrupted, so that its answer still gets out.
            if (try? await Task.sleep(for: deadline)) != nil { app.turns.abortAll() }
        }
        await server.stop(within: deadline + .seconds(1))
        last.cancel()
        await app.stop()
    }
}

extension Server.Configuration {
    /// The server's part of a configuration; reads the certificate's files.
    fileprivate init(_ configuration: Configuration.Server, log: Log) throws {
        self.init()
        host = configuration.host
        port = configuration.port
        threads = configuration.threads
        maximumBodyBytes = configuration.maxBodyBytes
        maximumConnections = configuration.maxConnections
        idleTimeout = .seconds(configuration.idleTimeoutSeconds)
        readTimeout = .seconds(configuration.readTimeoutSeconds)
        if !configuration.tlsCertificate.isEmpty {
            certificate = try Self.pem(configuration.tlsCertificate, "server.tls_certificate")
            key = try Self.pem(configuration.tlsKey, "server.tls_key")
        }
        self.log = { line in log.debug("http.log", [("line", .text(line))]) }
    }

    private static func pem(_ path: String, _ setting: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationLoader.Invalid(
                problems: ["'\(setting)' names '\(path)', which cannot be read"])
        }
        return String(decoding: data, as: UTF8.self)
    }
}
