import Dispatch
import Glibc
import Synchronization

/// The read-only connections; a read takes whichever is free, or waits for the next one.
final class Readers: Sendable {
    private let slots: [Slot]
    /// One bit for every slot that nobody uses.
    private let free: Atomic<UInt64>
    /// Counts the free slots; whoever passes it finds one.
    private let available = DispatchSemaphore(value: 0)

    private let isClosed = Atomic<Bool>(false)

    /// One connection and who uses it.
    private final class Slot: Sendable {
        let connection: Mutex<Connection?>
        /// The thread that reads with it now, 0 for none.
        let holder = Atomic<UInt>(0)

        init(_ connection: consuming sending Connection) {
            self.connection = Mutex(connection)
        }
    }

    /// Opens `count` connections, 1 to 64.
    init(path: String, options: Database.Options) throws {
        let count = min(max(options.readers, 1), 64)
        slots = try (0..<count).map { _ in
            Slot(try Connection.open(path: path, role: .reader, options: options))
        }
        free = Atomic(count == 64 ? .max : (1 << UInt64(count)) - 1)
        for _ in 0..<count { available.signal() }
    }

    /// Runs `body` on one snapshot of the database.
    func read<T: Sendable>(_ body: (borrowing Connection) throws -> T) throws -> T {
        // With every connection held by a reader that waits for another, none would come free.
        guard !isHeldHere else {
            throw DatabaseError(.misuse, "a read inside a read", hint: "pass the connection on")
        }
        let slot = take()
        slots[slot].holder.store(UInt(pthread_self()), ordering: .relaxed)
        defer {
            slots[slot].holder.store(0, ordering: .relaxed)
            release(slot)
        }
        return try slots[slot].connection.withLock { connection in
            switch connection {
            case .some(let connection):
                // `body` is called right here: handed on, it would tie the connection to the
                // caller's isolation, which the mutex rightly refuses.
                try connection.beginSnapshot()
                do {
                    let value = try body(connection)
                    try connection.endSnapshot()
                    return value
                } catch {
                    try? connection.endSnapshot()
                    throw error
                }
            case .none: throw DatabaseError.closed
            }
        }
    }

    /// Waits for every read that runs and closes the connections; later reads throw `closed`.
    func close() {
        isClosed.store(true, ordering: .relaxed)
        // Inside a read the wait would have no end; its connection closes with the last reference.
        guard !isHeldHere else { return }
        for _ in slots { available.wait() }
        for slot in slots { slot.connection.withLock { $0 = nil } }
        for _ in slots { available.signal() }
    }

    /// Throws `closed` after `close`.
    func checkOpen() throws {
        if isClosed.load(ordering: .relaxed) { throw DatabaseError.closed }
    }

    private var isHeldHere: Bool {
        let thread = UInt(pthread_self())
        return slots.contains { $0.holder.load(ordering: .relaxed) == thread }
    }

    private func take() -> Int {
        available.wait()
        var bits = free.load(ordering: .relaxed)
        while true {
            let (exchanged, seen) = free.weakCompareExchange(
                expected: bits, desired: bits & (bits &- 1), ordering: .acquiring)
            if exchanged && bits != 0 { return bits.trailingZeroBitCount }
            bits = seen
        }
    }

    private func release(_ slot: Int) {
        free.bitwiseOr(1 << UInt64(slot), ordering: .releasing)
        available.signal()
    }
}

extension Connection {
    /// Begins a deferred transaction, so that all that is read is of one moment.
    borrowing func beginSnapshot() throws {
        try control.begin.run()
    }

    /// Ends the transaction, if SQLite has not done so itself.
    borrowing func endSnapshot() throws {
        guard isInTransaction else { return }
        do {
            try control.commit.run()
        } catch {
            // After damage was met the commit repeats that error, though there is nothing to lose.
            if isInTransaction { try control.rollback.run() }
        }
    }
}
