import SQLite

@testable import Frontdesk

/// A new database at `path` with the product's whole schema.
func migratedDatabase(at path: String) throws -> Database {
    let database = try Database(path: path)
    _ = try Migrator.frontdesk.up(database)
    return database
}
