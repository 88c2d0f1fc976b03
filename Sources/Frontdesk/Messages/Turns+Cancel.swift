extension Turns {
    /// Cancels the newest turn of a request and returns its session once that is decided.
    ///
    /// Again fine when repeated. Throws 403 `not_owner`, 404 `turn_not_found` and 409
    /// `turn_finished`.
    func cancel(
        _ requestID: String, of tenant: Tenant, for visitor: SessionVisitor = .anyone
    ) async throws -> Session.Key {
        if let ticket = ticket(requestID, of: tenant) {
            let turn = ticket.turn
            try check(turn, for: visitor)
            ticket.place.dismiss(with: .turnCancelled)
            let won = turn.abort(with: .turnCancelled)
            await turn.ended()
            if won {
                if !turn.hasStarted { noteDismissed(turn) }
                return turn.session
            }
        }
        if let session = dismissedSession(requestID, of: tenant) {
            try environment.store.sessions.checkOwner(of: session, for: visitor)
            return session
        }
        guard let stored = try environment.store.find(requestID, of: tenant, for: visitor) else {
            throw Failure.turnNotFound(requestID)
        }
        guard stored.status == .cancelled else {
            throw Failure(.turnFinished, "The turn has ended: it is \(stored.status.rawValue).")
        }
        return stored.session
    }

    /// Throws 403 when the session of a turn that waits or runs is somebody else's.
    func check(_ turn: Turn, for visitor: SessionVisitor) throws {
        guard visitor.seesOnlyOwn else { return }
        let exists = try environment.store.sessions.checkOwner(of: turn.session, for: visitor)
        // A session that is not there yet will be of whoever sent the message.
        if !exists { try visitor.check(turn.caller.identity) }
    }
}
