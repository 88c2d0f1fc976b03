extension Turns {
    /// Cancels the newest turn of a request and returns its session once that is decided.
    ///
    /// Again fine when repeated. Throws 403 `not_owner`, 404 `turn_not_found` and 409
    /// `turn_finished`.
    func cancel(
        _ requestID: String, of tenant: Tenant, for visitor: SessionVisitor = .anyone
    ) async throws -> Session.Key {
        if let ticket = book.find(requestID, of: tenant) {
            let turn = ticket.turn
            try check(turn.session, from: turn.caller.identity, for: visitor)
            let won = ticket.abort(with: .turnCancelled)
            // What is aborted while it waits will never start, so nothing of it will be stored.
            if won, !turn.hasStarted { book.dismiss(turn, at: environment.clock.now()) }
            await turn.ended()
            if won { return turn.session }
        }
        guard let turn = try stored(requestID, of: tenant, for: visitor) else {
            throw Failure.turnNotFound(requestID)
        }
        guard turn.status == .cancelled else {
            throw Failure(.turnFinished, "The turn has ended: it is \(turn.status.rawValue).")
        }
        return turn.session
    }

    /// The newest turn of a request that neither waits nor runs, nil when nothing is known of it.
    /// Throws 403, 404 and 410 of its session.
    func stored(
        _ requestID: String, of tenant: Tenant, for visitor: SessionVisitor = .anyone
    ) throws -> TurnStore.Stored? {
        if let dismissal = book.dismissal(requestID, of: tenant) {
            let (session, sessions) = (dismissal.turn.session, environment.store.sessions)
            try check(session, from: dismissal.caller, for: visitor)
            // The turn that was to create it may have been this one.
            if try sessions.checkOwner(of: session, for: visitor) {
                _ = try sessions.require(session, for: visitor)
            }
            return dismissal.turn
        }
        guard let turn = try environment.store.find(requestID, of: tenant, for: visitor) else {
            return nil
        }
        return turn.status == .pending && unended.contains(turn.id) ? turn.interrupted : turn
    }

    /// Throws 403 when the session of a turn that may not be stored yet is somebody else's.
    func check(
        _ session: Session.Key, from sender: String?, for visitor: SessionVisitor
    ) throws {
        guard visitor.seesOnlyOwn else { return }
        let exists = try environment.store.sessions.checkOwner(of: session, for: visitor)
        // A session that is not there yet will be of whoever sent the message.
        if !exists { try visitor.check(sender) }
    }
}
