import JSON
import SQLite

extension SessionStore {
    /// What came of an attempt to create within one transaction.
    private enum Attempt<Outcome: Sendable>: Sendable {
        case created(Outcome)
        /// The key is held by a session that must be removed first.
        case occupied
    }

    /// Creates a session and returns what `finish` makes of it in the same transaction.
    ///
    /// An expired session of that id is removed first; one whose removal is under way is waited
    /// for. Throws 409 `session_exists` when an active one has the id.
    func create<Outcome: Sendable>(
        _ key: Session.Key, metadata: String, by visitor: SessionVisitor = .anyone,
        requestID: String,
        finish: @escaping @Sendable (Session, borrowing Connection) throws -> Outcome
    ) async throws -> Outcome {
        while true {
            let attempt = try await database.write { connection -> Attempt<Outcome> in
                if try !vacate(key, for: visitor, in: connection) { return .occupied }
                let session = try SessionStore.insertNew(
                    key, metadata: metadata, by: visitor, requestID: requestID,
                    at: clock.now(), in: connection)
                return .created(try finish(session, connection))
            }
            switch attempt {
            case .created(let outcome): return outcome
            case .occupied: try await finishRemoval(of: key)
            }
        }
    }

    /// Inserts a session that begins now and returns it.
    static func insertNew(
        _ key: Session.Key, metadata: String, by visitor: SessionVisitor, requestID: String,
        at now: Timestamp, in connection: borrowing Connection
    ) throws -> Session {
        let session = Session(
            key: key, metadata: metadata, messageCount: 0, subject: visitor.identity,
            owner: "bot", createdAt: now, lastActivity: now)
        try insert(session, requestID: requestID, in: connection)
        return session
    }

    /// Makes room for a new session of this key and returns whether there is room now.
    private func vacate(
        _ key: Session.Key, for visitor: SessionVisitor, in connection: borrowing Connection
    ) throws -> Bool {
        guard let (session, state) = try find(key, in: connection) else { return true }
        switch state {
        case .active:
            throw Failure(
                .sessionExists,
                "Session '\(key.id)' already exists in tenant '\(key.tenant.name)'.")
        case .expired:
            try visitor.check(session.subject)
            try SessionRemoval.mark(
                key, lastActivity: session.lastActivity, at: clock.now(), in: connection)
            fallthrough
        case .removing:
            return try SessionRemoval.removeRows(of: key, atMost: batch, in: connection).isDone
        }
    }
}
