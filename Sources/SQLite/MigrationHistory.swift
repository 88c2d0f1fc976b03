/// What a database says of its migrations, and how that compares with the program's.
struct MigrationHistory {
    /// One row of `schema_migrations`.
    private struct Record {
        let name: String
        let checksum: String
        let appliedAt: String
    }

    /// The program's migrations in order, then those only the database knows.
    let statuses: [Migration.Status]
    /// Whether there are tables, but none of a migration.
    let isForeign: Bool

    /// Reads the table; throws when `migrations` themselves are out of order.
    init(of migrations: [Migration], in connection: borrowing Connection) throws {
        for (one, next) in zip(migrations, migrations.dropFirst()) where one.name >= next.name {
            throw DatabaseError(
                .misuse, "the migrations \(one.name) and \(next.name) are not in order")
        }
        let tables = try connection.first(
            "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ) { try $0.integer(0) }
        let records = try MigrationHistory.records(in: connection)
        isForeign = records == nil && tables ?? 0 > 0
        var open: [String: Record] = [:]
        for record in records ?? [] { open[record.name] = record }
        let known = try migrations.map { migration in
            guard let record = open.removeValue(forKey: migration.name) else {
                return Migration.Status(name: migration.name, appliedAt: nil, state: .pending)
            }
            let isSame = record.checksum == (try migration.checksum())
            return Migration.Status(
                name: migration.name, appliedAt: record.appliedAt,
                state: isSame ? .applied : .changed)
        }
        let unknown = open.values.sorted { $0.name < $1.name }.map {
            Migration.Status(name: $0.name, appliedAt: $0.appliedAt, state: .unknown)
        }
        statuses = known + unknown
    }

    /// The names still to be applied.
    var pending: [String] { statuses.filter { $0.state == .pending }.map(\.name) }

    /// Whether anything has been applied, so that there may be data to lose.
    var hasApplied: Bool { statuses.contains { $0.appliedAt != nil } }

    /// Throws unless what is applied is the beginning of what the program knows.
    func check(path: String) throws {
        if isForeign {
            throw DatabaseError(
                .migration, "\(path) is a database of another program", hint: "name another file")
        }
        if let newer = statuses.first(where: { $0.state == .unknown }) {
            throw DatabaseError(
                .migration,
                "\(path) has the migration \(newer.name), which this program does not know",
                hint: "run the newer version that applied it, or restore a copy made before")
        }
        if let changed = statuses.first(where: { $0.state == .changed }) {
            throw DatabaseError(
                .migration, "the migration \(changed.name) has changed since it was applied",
                hint: "run the version that applied it; a released migration is never edited")
        }
        let late = statuses.drop { $0.state == .applied }.first { $0.state == .applied }
        if let late, let missing = pending.first {
            throw DatabaseError(
                .migration, "\(late.name) is applied, but not \(missing) before it",
                hint: "run a version whose migrations are numbered in the order of release")
        }
    }

    private static func records(in connection: borrowing Connection) throws -> [Record]? {
        let exists = try connection.first(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'"
        ) { try $0.integer(0) }
        guard exists != nil else { return nil }
        return try connection.all(
            "SELECT name, checksum, applied_at FROM schema_migrations ORDER BY name"
        ) {
            Record(name: try $0.text(0), checksum: try $0.text(1), appliedAt: try $0.text(2))
        }
    }
}
