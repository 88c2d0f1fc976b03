/// Brings a database's schema to what the program knows.
///
/// Every migration runs in a transaction of its own, together with its row in
/// `schema_migrations`, so a crash leaves the database between two of them.
public struct Migrator: Sendable {
    let migrations: [Migration]
    private let now: @Sendable () -> String

    /// Makes a migrator of all migrations, sorted by name; `now` writes `applied_at`.
    public init(migrations: [Migration], now: @escaping @Sendable () -> String) {
        self.migrations = migrations
        self.now = now
    }

    /// Lists the program's migrations in order, then those that only the database knows.
    public func status(of database: Database) throws -> [Migration.Status] {
        try database.read { try MigrationHistory(of: migrations, in: $0).statuses }
    }

    /// Throws `migration` unless the database has exactly what the program knows.
    public func verify(_ database: Database) throws {
        let path = database.path
        let history = try database.read { try MigrationHistory(of: migrations, in: $0) }
        try history.check(path: path)
        if let next = history.pending.first {
            throw DatabaseError(
                .migration, "the migration \(next) has not been applied to \(path)",
                hint: "migrate the database first")
        }
    }

    /// Applies what is pending, up to and with the migration `last`, and reports it.
    ///
    /// A database that holds data is copied before, beside itself, and the copy is checked.
    /// Throws `migration` when the history does not agree with the program, and SQLite's error
    /// when a migration fails; those before it stay applied.
    @discardableResult
    public func up(_ database: Database, to last: String? = nil) throws -> Migration.Report {
        guard database.isExclusive else {
            throw DatabaseError(
                .misuse, "migrations need \(database.path) to themselves", hint: "stop the server")
        }
        let (names, hasData) = try pending(in: database, to: last)
        guard let next = names.first else { return Migration.Report(applied: [], copy: nil) }
        let copy = hasData ? try self.copy(database, before: next) : nil
        for migration in migrations where names.contains(migration.name) {
            let time = now()
            do {
                try database.alone { connection in
                    try connection.migrate([migration], at: time, keep: true)
                }
            } catch let error as DatabaseError {
                throw error.explained(migration: migration.name, copy: copy)
            }
        }
        return Migration.Report(applied: names, copy: copy)
    }

    /// Tries what `up` would do in one transaction and takes it back; throws what `up` would.
    public func dryRun(_ database: Database, to last: String? = nil) throws -> Migration.Report {
        let (names, _) = try pending(in: database, to: last)
        let steps = migrations.filter { names.contains($0.name) }
        let time = now()
        if !steps.isEmpty {
            try database.alone { try $0.migrate(steps, at: time, keep: false) }
        }
        return Migration.Report(applied: names, copy: nil)
    }

    private func pending(
        in database: Database, to last: String?
    ) throws -> (names: [String], hasData: Bool) {
        let history = try database.read { try MigrationHistory(of: migrations, in: $0) }
        try history.check(path: database.path)
        if let last, !migrations.contains(where: { $0.name == last }) {
            throw DatabaseError(.migration, "there is no migration \(last)")
        }
        let names = history.pending.filter { name in
            guard let last else { return true }
            return name <= last
        }
        return (names, history.hasApplied)
    }

    private func copy(_ database: Database, before name: String) throws -> String {
        let path = keptPath(of: database.path, before: name)
        try database.backup(to: path)
        return path
    }

    /// A free name beside `path` for what it is now: `<path>.before-<deed>-<time>`.
    func keptPath(of path: String, before deed: String) -> String {
        let time = now().prefix { $0 != "." }.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return FilePlace.unused("\(path).before-\(deed)-\(time)")
    }
}

extension Connection {
    /// Runs `steps` and records them in one transaction, which stays only with `keep`.
    borrowing func migrate(_ steps: [Migration], at time: String, keep: Bool) throws {
        // A table that is rebuilt is dropped in between, which would empty those that refer to
        // it; so references are checked once, at the end.
        try pragma("foreign_keys = OFF")
        defer { _ = try? pragma("foreign_keys = ON") }
        try control.beginImmediate.run()
        do {
            try run(script: MigrationTable.sql)
            for step in steps {
                try run(script: step.sql)
                try execute(
                    """
                    INSERT INTO schema_migrations (name, checksum, applied_at)
                    VALUES (\(step.name), \(try step.checksum()), \(time))
                    """)
            }
            if let problem = try brokenReferences(limit: 1).first {
                throw DatabaseError(.constraint, "FOREIGN KEY constraint failed: \(problem)")
            }
            try keep ? control.commit.run() : control.rollback.run()
        } catch {
            if isInTransaction { try? control.rollback.run() }
            throw error
        }
    }

    /// Runs one statement after the other; none may control transactions or bind values.
    borrowing func run(script: String) throws {
        var text = script
        try text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let (handle, used) = try Statement.prepare(
                    UnsafeBufferPointer(rebasing: rest), on: self.handle, persistent: false)
                guard used > 0 else {
                    throw DatabaseError(.misuse, "the script has a NUL character", sql: script)
                }
                rest = rest.dropFirst(used)
                guard let handle else { continue }
                let statement = Statement(adopting: handle)
                try TransactionControl.refuse(in: statement.text)
                try statement.bind([])
                try statement.run()
            }
        }
    }
}

/// The table that remembers what was applied.
private enum MigrationTable {
    static let sql = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            name       TEXT NOT NULL PRIMARY KEY,
            checksum   TEXT NOT NULL,
            applied_at TEXT NOT NULL
        ) STRICT;
        """
}

extension DatabaseError {
    /// The same error with the migration's name and the copy that was made before.
    fileprivate func explained(migration: String, copy: String?) -> DatabaseError {
        let kept = copy.map { "; the database as it was is \($0)" } ?? ""
        return DatabaseError(
            code, "the migration \(migration) failed and is undone: \(message)", sql: sql,
            hint: (hint ?? "correct the migration, or run the version before it") + kept,
            extendedCode: extendedCode)
    }
}
