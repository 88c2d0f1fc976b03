import Glibc

/// A connection's prepared statements by their text; the least recently used leave first.
@usableFromInline
final class StatementCache {
    private let capacity: Int
    private var statements: [Key: PreparedStatement] = [:]
    private var clock: UInt64 = 0

    /// Makes a cache of at most `capacity` statements.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
        statements.reserveCapacity(self.capacity)
    }

    /// The texts of the statements that are kept, sorted.
    var texts: [String] { statements.keys.map(\.text).sorted() }

    /// Finalizes all statements.
    func removeAll() {
        statements.removeAll()
    }

    /// Lends the statement for `sql` until `giveBack`; prepares it if there is none at rest.
    func take(_ sql: borrowing SQL, on database: OpaquePointer) throws -> PreparedStatement {
        clock += 1
        let key = Key(code: sql.code)
        if let known = statements[key] {
            // A query inside a query may have the same text; the inner one gets its own statement.
            guard !known.isLent else {
                return PreparedStatement(try Statement(sql.text, on: database, persistent: false))
            }
            known.isLent = true
            known.lastUse = clock
            return known
        }
        try TransactionControl.refuse(in: sql.text)
        let new = PreparedStatement(try Statement(sql.text, on: database))
        new.isLent = true
        new.lastUse = clock
        if statements.count >= capacity { removeOldest() }
        statements[key] = new
        return new
    }

    private func removeOldest() {
        // Linear, but only beside a preparation, which costs far more.
        let oldest = statements.lazy.filter { !$0.value.isLent }
            .min { $0.value.lastUse < $1.value.lastUse }
        if let oldest { statements[oldest.key] = nil }
    }

    /// A statement's code with a hash that is quick to make.
    private struct Key: Hashable {
        let code: [UInt8]
        let digest: UInt64

        init(code: [UInt8]) {
            self.code = code
            digest = code.withUnsafeBytes(Key.digest)
        }

        var text: String { String(decoding: code, as: UTF8.self) }

        static func == (left: Key, right: Key) -> Bool {
            guard left.digest == right.digest, left.code.count == right.code.count else {
                return false
            }
            return left.code.withUnsafeBytes { left in
                right.code.withUnsafeBytes { right in
                    guard let one = left.baseAddress, let other = right.baseAddress else {
                        return true
                    }
                    return memcmp(one, other, left.count) == 0
                }
            }
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(digest)
        }

        /// Mixes eight bytes at a time; the dictionary's own hash does the rest.
        private static func digest(_ raw: UnsafeRawBufferPointer) -> UInt64 {
            var state = UInt64(raw.count)
            var offset = 0
            while offset + 8 <= raw.count {
                let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                state = (state ^ word) &* 0x9e37_79b9_7f4a_7c15
                state ^= state >> 32
                offset += 8
            }
            while offset < raw.count {
                state = (state ^ UInt64(raw[offset])) &* 0x9e37_79b9_7f4a_7c15
                offset += 1
            }
            return state ^ (state >> 29)
        }
    }
}

/// A statement that the cache lends out.
@usableFromInline
final class PreparedStatement {
    let statement: Statement
    /// Whether somebody runs it now.
    var isLent = false
    /// The cache's clock when it was lent last.
    var lastUse: UInt64 = 0

    /// Keeps a statement that has just been prepared.
    init(_ statement: consuming Statement) {
        self.statement = statement
    }

    /// Whether it leaves the database as it is.
    @usableFromInline var isReadOnly: Bool { statement.isReadOnly }

    /// Goes to the next row and returns whether there is one.
    @usableFromInline func step() throws -> Bool {
        try statement.step()
    }

    /// The row it stands on.
    @usableFromInline var row: Row { Row(statement: statement.handle) }

    /// Ends the run and returns the statement to the cache.
    @usableFromInline func giveBack() {
        statement.reset()
        isLent = false
    }
}
