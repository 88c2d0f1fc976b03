import Testing

@testable import SQLite

@Suite struct RowTests {
    private let folder: TemporaryFolder
    private let database: Database

    init() throws {
        folder = try TemporaryFolder()
        database = try folder.database()
    }

    private func first<T: Sendable>(
        _ sql: SQL, _ decode: @Sendable (borrowing Row) throws -> T
    ) throws -> T? {
        try database.read { try $0.first(sql, decode) }
    }

    private func message(
        _ sql: SQL, _ decode: @Sendable (borrowing Row) throws -> Void
    ) throws -> String? {
        let error = #expect(throws: DatabaseError.self) { try first(sql, decode) }
        #expect(error?.code == .mismatch)
        #expect(error?.sql == sql.text)
        return error?.message
    }

    @Test func `the wrong type throws instead of being converted`() throws {
        let sql: SQL = "SELECT NULL, 1, 1.5, 'x', x'00'"
        #expect(try message(sql) { _ = try $0.text(0) } == "column 0 holds NULL, not text")
        #expect(try message(sql) { _ = try $0.integer(0) } == "column 0 holds NULL, not an integer")
        #expect(try message(sql) { _ = try $0.text(1) } == "column 1 holds an integer, not text")
        #expect(
            try message(sql) { _ = try $0.integer(2) }
                == "column 2 holds a real number, not an integer")
        #expect(try message(sql) { _ = try $0.real(3) } == "column 3 holds text, not a real number")
        #expect(try message(sql) { _ = try $0.flag(3) } == "column 3 holds text, not an integer")
        #expect(try message(sql) { _ = try $0.text(4) } == "column 4 holds a blob, not text")
        #expect(
            try message(sql) { _ = try $0.value(4) }
                == "column 4 holds a blob, not a number, text or NULL")
        #expect(
            try message(sql) { _ = try $0.integerOrNil(3) } == "column 3 holds text, not an integer"
        )
    }

    @Test func `NULL is nil where that is asked for`() throws {
        let allAreNil = try first("SELECT NULL") {
            try $0.textOrNil(0) == nil && $0.integerOrNil(0) == nil && $0.realOrNil(0) == nil
                && $0.flagOrNil(0) == nil && $0.isNull(0)
        }
        #expect(allAreNil == true)
        let noneIsNil = try first("SELECT 'a', 2, 0.5, 1") {
            try $0.textOrNil(0) == "a" && $0.integerOrNil(1) == 2 && $0.realOrNil(2) == 0.5
                && $0.flagOrNil(3) == true && !$0.isNull(0)
        }
        #expect(noneIsNil == true)
    }

    @Test func `a column that is not there throws`() throws {
        let sql: SQL = "SELECT 1, 2"
        #expect(try message(sql) { _ = try $0.integer(2) } == "there is no column 2, the row has 2")
        #expect(try message(sql) { _ = try $0.text(-1) } == "there is no column -1, the row has 2")
        #expect(
            try message(sql) { _ = try $0.integer(1 << 32) }
                == "there is no column 4294967296, the row has 2")
    }

    @Test func `truth values are 0 and 1 and nothing else`() throws {
        #expect(try first("SELECT 1") { try $0.flag(0) } == true)
        #expect(try first("SELECT 0") { try $0.flag(0) } == false)
        #expect(
            try message("SELECT 2") { _ = try $0.flag(0) }
                == "column 0 holds an integer, not 0 or 1")
    }

    @Test func `an integer is a real number too`() throws {
        #expect(try first("SELECT 3") { try $0.real(0) } == 3)
    }

    @Test func `bytes are lent without a copy`() throws {
        let bytes = try first("SELECT \("a\0é"), ''") {
            try ($0.utf8(0) { Array($0) }, $0.utf8(1) { $0.count })
        }
        #expect(bytes?.0 == [0x61, 0, 0xc3, 0xa9])
        #expect(bytes?.1 == 0)
    }

    @Test func `bytes that are no UTF-8 are replaced, not trapped on`() throws {
        #expect(try first("SELECT CAST(x'61ff62' AS TEXT)") { try $0.text(0) } == "a\u{FFFD}b")
    }
}
