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

    /// Lends the statement for `text` until `giveBack`; prepares it if there is none at rest.
    func take(_ text: String, on database: OpaquePointer) throws -> PreparedStatement {
        clock += 1
        let key = Key(text)
        if let known = statements[key] {
            // A query inside a query may have the same text; the inner one gets its own statement.
            guard !known.isLent else {
                return PreparedStatement(try Statement(text, on: database, persistent: false))
            }
            known.isLent = true
            known.lastUse = clock
            return known
        }
        try TransactionControl.refuse(in: text)
        let new = PreparedStatement(try Statement(text, on: database))
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

    /// A statement's text with a hash that is quick to make.
    private struct Key: Hashable {
        let text: String
        let digest: UInt64

        init(_ text: String) {
            self.text = text
            digest = text.utf8.withContiguousStorageIfAvailable(Key.digest) ?? 0
        }

        static func == (left: Key, right: Key) -> Bool {
            // Equal to the byte but for canonically equivalent text, which means the same to SQL.
            left.digest == right.digest && left.text == right.text
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(digest)
        }

        /// Mixes eight bytes at a time; the dictionary's own hash does the rest.
        private static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
            let raw = UnsafeRawBufferPointer(bytes)
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
