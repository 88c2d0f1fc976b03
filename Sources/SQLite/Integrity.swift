extension Database {
    /// Looks through the whole file and returns what is wrong, at most 100 sentences; none is good.
    public func integrityCheck() throws -> [String] {
        try scan { try $0.integrityProblems() }
    }
}

extension Connection {
    /// What SQLite finds wrong with the file, then references that point nowhere.
    borrowing func integrityProblems() throws -> [String] {
        do {
            let damage = try all("PRAGMA integrity_check(100)") { try $0.text(0) }
            guard damage == ["ok"] else { return damage }
            return try brokenReferences(limit: 100)
        } catch let error as DatabaseError where error.isCorrupt {
            // Some damage is bad enough to end the check itself.
            return [error.message]
        }
    }

    /// Rows that refer to a row that does not exist.
    borrowing func brokenReferences(limit: Int) throws -> [String] {
        var problems: [String] = []
        let sql: SQL = """
            SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT \(limit)
            """
        try forEach(sql) { row in
            let number = try row.integerOrNil(1).map { ", row \($0)" } ?? ""
            problems.append(
                "table \(try row.text(0))\(number) refers to a row of \(try row.text(2)) "
                    + "that does not exist")
        }
        return problems
    }
}
