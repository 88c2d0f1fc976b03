import CSQLite
import Dispatch
import Synchronization

/// How many pages the WAL has, told by SQLite at every commit.
final class WALPages: Sendable {
    // One at first: a WAL that an earlier run left behind is folded in when there is time.
    private let pages = Atomic<Int>(1)

    /// The pages now; 0 when it is empty.
    var count: Int { pages.load(ordering: .relaxed) }

    fileprivate func set(_ count: Int) {
        pages.store(count, ordering: .relaxed)
    }
}

extension Connection {
    /// How hard a checkpoint tries.
    enum Checkpoint {
        /// Folds in what no reader needs any more; waits for nobody.
        case passive
        /// Folds in everything and empties the WAL's file; gives up at once beside a reader.
        case truncate
    }

    /// Keeps `wal` up to date, which must live as long as this connection.
    borrowing func watch(_ wal: WALPages) {
        sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                if let context {
                    Unmanaged<WALPages>.fromOpaque(context).takeUnretainedValue().set(Int(pages))
                }
                return SQLITE_OK
            }, Unmanaged.passUnretained(wal).toOpaque())
    }

    /// Folds the WAL into the file and returns whether all of it was.
    borrowing func checkpoint(_ mode: Checkpoint, wal: WALPages, patience: Int) throws -> Bool {
        var pages: Int32 = 0
        var folded: Int32 = 0
        // A truncation that waited for a reader would hold up the writes behind it.
        sqlite3_busy_timeout(handle, 0)
        defer { sqlite3_busy_timeout(handle, Int32(clamping: patience)) }
        let kind = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let result = sqlite3_wal_checkpoint_v2(handle, "main", kind, &pages, &folded)
        if result & 0xff == SQLITE_BUSY { return false }
        guard result == SQLITE_OK else { throw DatabaseError(handle: handle, result: result) }
        if mode == .truncate { wal.set(0) }
        return pages == folded
    }
}

/// When the writer checkpoints.
struct CheckpointPlan {
    private let isResponsible: Bool
    private let soft: Int
    private let hard: Int
    private let idle: Int
    /// The WAL's pages at the last passive checkpoint.
    private var last = 0
    /// How many truncations in a row a reader has prevented.
    private var refusals = 0

    /// Plans as the options say; only the database's own server checkpoints.
    init(options: Database.Options) {
        isResponsible = options.exclusive
        soft = max(1, options.checkpointPages)
        hard = soft * 8
        idle = max(1, options.idleMilliseconds)
    }

    /// Whether to checkpoint now, after a commit.
    mutating func isDue(wal: Int, isQueueEmpty: Bool) -> Bool {
        // Fewer pages than before: the WAL has begun anew.
        if wal < last { last = 0 }
        // With writes waiting it can wait too, but not for ever.
        return isResponsible && wal - last >= (isQueueEmpty ? soft : hard)
    }

    /// Remembers a passive checkpoint; a reader may keep the WAL from beginning anew after it.
    mutating func note(wal: Int) {
        last = wal
        refusals = 0
    }

    /// How long to wait for a write before the WAL is looked after; nil for ever.
    func patience(wal: Int) -> DispatchTimeInterval? {
        guard isResponsible else { return nil }
        // Another process may have written though this one has not; there is time to notice.
        return .milliseconds(idle << (wal > 0 ? min(refusals, 5) : 5))
    }

    /// Remembers whether emptying the WAL has worked.
    mutating func tidied(_ isComplete: Bool) {
        refusals = isComplete ? 0 : refusals + 1
        if isComplete { last = 0 }
    }
}
