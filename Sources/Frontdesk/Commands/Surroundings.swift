import Foundation
import Migrations
import SQLite

extension Arguments {
    /// The configuration that file, environment and these flags come to, and where it is from.
    func configuration(
        _ console: Console, flags: [String: String] = [:]
    ) throws -> ConfigurationLoader {
        var loader = ConfigurationLoader()
        if let path = self["config"] ?? console.environment["FRONTDESK_CONFIG"] {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ConfigurationLoader.Invalid(
                    problems: ["the configuration file '\(path)' cannot be read"])
            }
            try loader.apply(file: [UInt8](data), name: path)
        }
        try loader.apply(environment: console.environment)
        for (flag, name) in flags.sorted(by: { $0.key < $1.key }) {
            if let text = self[flag] { try loader.apply(flag: "--\(flag)", text, to: name) }
        }
        _ = try loader.validated()
        return loader
    }
}

extension Database {
    /// Opens the database of a configuration for a command: beside the server that has it, or,
    /// if none has, brought up to date first.
    static func shared(_ configuration: Configuration.Database, log: Log) throws -> Database {
        do {
            try prepared(configuration, log: log, migrates: true).close()
        } catch let error as DatabaseError where error.isLocked {
            // A server has it, and brought it up to date when it started.
        }
        let database = try Database(configuration, onlyToLook: true)
        do {
            try Migrator.frontdesk.verify(database)
            return database
        } catch {
            database.close()
            throw error
        }
    }

    /// Opens the database of a configuration: for a command that only looks, beside a server.
    convenience init(_ configuration: Configuration.Database, onlyToLook: Bool = false) throws {
        var options = Options()
        options.exclusive = !onlyToLook
        options.readers = configuration.readers
        options.synchronous = configuration.synchronous == .full ? .full : .normal
        options.busyTimeout = configuration.busyTimeoutMS
        options.writeQueue = configuration.writeQueue
        try self.init(path: configuration.path, options: options)
    }

    /// Opens the database of a configuration and brings its schema up to date.
    ///
    /// Without `migrates` a schema that is not up to date is refused instead.
    static func prepared(
        _ configuration: Configuration.Database, log: Log, migrates: Bool
    ) throws -> Database {
        if !migrates, !FileManager.default.fileExists(atPath: configuration.path) {
            throw CommandFailure(
                text: "there is no database '\(configuration.path)'; "
                    + "leave out --no-migrate to make one")
        }
        let database = try Database(configuration)
        do {
            guard migrates else {
                try Migrator.frontdesk.verify(database)
                return database
            }
            let report = try Migrator.frontdesk.up(database)
            if let copy = report.copy { log.info("database.copied", [("path", .text(copy))]) }
            for name in report.applied { log.info("migration.applied", [("name", .text(name))]) }
            return database
        } catch {
            database.close()
            throw error
        }
    }
}

extension Migrator {
    /// The migrator of the product's schema.
    static let frontdesk = Migrator(
        migrations: MigrationFiles.all.map { Migration(name: $0.name, sql: $0.sql) },
        now: { Clock.system.now().text })
}
