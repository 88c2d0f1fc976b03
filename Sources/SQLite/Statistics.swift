extension Database {
    /// What the writer has done since the database was opened, for an operator's graphs.
    public struct Statistics: Sendable, Equatable {
        /// How many writes wait now.
        public let queueDepth: Int
        /// How many commits there were, failed ones included.
        public let batches: Int
        /// How many writes were committed.
        public let writes: Int
        /// How many writes failed: their body threw, or their batch was lost.
        public let failures: Int
        /// The most writes that one batch held.
        public let largestBatch: Int
        /// How long the commits took, which is mostly the disk's sync.
        public let commitTime: Histogram
        /// How many checkpoints were made, failed ones included.
        public let checkpoints: Int
        /// How many checkpoints failed; the disk is the first to suspect.
        public let failedCheckpoints: Int
        /// The pages in the WAL now.
        public let walPages: Int
        /// The size of the database's file.
        public let databaseBytes: Int
        /// The size of the WAL's file.
        public let walBytes: Int

        /// What the writer counted and what the files are like.
        init(
            queueDepth: Int, counters: Counters, walPages: Int, databaseBytes: Int, walBytes: Int
        ) {
            self.queueDepth = queueDepth
            batches = counters.batches
            writes = counters.writes
            failures = counters.failures
            largestBatch = counters.largestBatch
            commitTime = counters.commitTime
            checkpoints = counters.checkpoints
            failedCheckpoints = counters.failedCheckpoints
            self.walPages = walPages
            self.databaseBytes = databaseBytes
            self.walBytes = walBytes
        }
    }

    /// Durations counted by size.
    public struct Histogram: Sendable, Equatable {
        /// The buckets' upper bounds in seconds, ascending; one bucket more has no bound.
        public static let bounds = [
            0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
        ]

        /// How many durations fell into each bucket, not counting smaller buckets.
        public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
        /// The sum of all durations in seconds.
        public private(set) var sum = 0.0

        /// How many durations there were.
        public var count: Int { counts.reduce(0, +) }

        /// Counts one more duration.
        mutating func add(_ duration: Duration) {
            let seconds = duration / .seconds(1)
            counts[Histogram.bounds.firstIndex { seconds <= $0 } ?? Histogram.bounds.count] += 1
            sum += seconds
        }
    }
}

/// The writer's counters.
struct Counters {
    private(set) var batches = 0
    private(set) var writes = 0
    private(set) var failures = 0
    private(set) var largestBatch = 0
    private(set) var commitTime = Database.Histogram()
    var checkpoints = 0
    var failedCheckpoints = 0

    /// Counts a batch of `size` writes.
    mutating func count(_ result: Connection.BatchResult, of size: Int) {
        batches += 1
        largestBatch = max(largestBatch, size)
        if result.failure == nil {
            writes += size - result.failed
            failures += result.failed
            commitTime.add(result.commitTime)
        } else {
            failures += size
        }
    }
}
