import CSQLite

extension Connection {
    /// What became of a batch.
    struct BatchResult: Sendable {
        /// Whom to tell, in the order of the queue.
        let completions: [WriteQueue.Completion]
        /// Why nothing is committed, nil when it is.
        let failure: (any Error)?
        /// How many bodies threw.
        let failed: Int
        /// How long the commit itself took.
        let commitTime: Duration

        /// The result of a batch of which no job ran.
        init(lost jobs: [WriteQueue.Job], to error: any Error) {
            completions = jobs.map { job in { _ in job.fail(error) } }
            failure = error
            failed = 0
            commitTime = .zero
        }

        fileprivate init(
            _ completions: [WriteQueue.Completion], failure: (any Error)?, failed: Int,
            commitTime: Duration
        ) {
            self.completions = completions
            self.failure = failure
            self.failed = failed
            self.commitTime = commitTime
        }
    }

    /// Runs all jobs in one transaction and commits once; a job that throws is undone alone.
    ///
    /// When the transaction is lost, by SQLite's own rollback or at the commit, all have failed.
    borrowing func commit(_ batch: [WriteQueue.Job]) -> BatchResult {
        // A savepoint makes a full-text index write out what it has gathered, which can cost as
        // much as the job itself. So the batch first runs without, and only a job that throws
        // after it changed something makes all of them run again, each in a savepoint.
        if let result = commitWhole(batch) { return result }
        return commitPieces(batch)
    }

    /// Runs all jobs without savepoints; returns nil, with nothing done, if one needs its own.
    private borrowing func commitWhole(_ batch: [WriteQueue.Job]) -> BatchResult? {
        var completions: [WriteQueue.Completion] = []
        completions.reserveCapacity(batch.count)
        var failed = 0
        do {
            try control.beginImmediate.run()
            let schema = try schemaVersion
            for job in batch {
                let changes = sqlite3_total_changes64(handle)
                do {
                    let completion = try job.run(self)
                    try checkDeferredReferences()
                    completions.append(completion)
                } catch {
                    guard isInTransaction, sqlite3_total_changes64(handle) == changes,
                        try schemaVersion == schema
                    else { throw error }
                    completions.append { _ in job.fail(error) }
                    failed += 1
                }
                guard isInTransaction else { return nil }
            }
            let start = ContinuousClock.now
            try control.commit.run()
            return BatchResult(
                completions, failure: nil, failed: failed, commitTime: .now - start)
        } catch {
            if isInTransaction { try? control.rollback.run() }
            return nil
        }
    }

    private var schemaVersion: Int {
        get throws { try first("PRAGMA schema_version") { try $0.integer(0) } ?? 0 }
    }

    /// Runs all jobs in one transaction, each in a savepoint, and commits once.
    private borrowing func commitPieces(_ batch: [WriteQueue.Job]) -> BatchResult {
        var completions: [WriteQueue.Completion] = []
        completions.reserveCapacity(batch.count)
        var failed = 0
        do {
            try control.beginImmediate.run()
            for job in batch {
                completions.append(try runPiece(job, failed: &failed))
            }
            let start = ContinuousClock.now
            try control.commit.run()
            return BatchResult(
                completions, failure: nil, failed: failed, commitTime: .now - start)
        } catch {
            if isInTransaction { try? control.rollback.run() }
            for job in batch.dropFirst(completions.count) {
                completions.append { _ in job.fail(error) }
            }
            return BatchResult(completions, failure: error, failed: failed, commitTime: .zero)
        }
    }

    /// Runs one job in a savepoint; throws only when the whole transaction is lost.
    private borrowing func runPiece(
        _ job: WriteQueue.Job, failed: inout Int
    ) throws -> WriteQueue.Completion {
        try control.savepoint.run()
        do {
            let completion = try job.run(self)
            guard isInTransaction else {
                throw DatabaseError(.error, "SQLite has rolled back the transaction")
            }
            try checkDeferredReferences()
            try control.release.run()
            return completion
        } catch {
            try undoPiece(after: error)
            failed += 1
            return { _ in job.fail(error) }
        }
    }

    /// Throws for a deferred reference that points nowhere, which would fail the whole commit.
    private borrowing func checkDeferredReferences() throws {
        var current: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        guard current == 0 else {
            throw DatabaseError(
                .constraint, "FOREIGN KEY constraint failed",
                extendedCode: DatabaseError.Extended.foreignKey)
        }
    }
}
