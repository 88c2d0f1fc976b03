extension Turns {
    /// Cancels the newest turn of a request and returns its session once that is decided.
    ///
    /// Again fine when repeated. Throws 404 `turn_not_found` and 409 `turn_finished`.
    func cancel(_ requestID: String, of tenant: Tenant) async throws -> Session.Key {
        if let ticket = ticket(requestID, of: tenant) {
            let turn = ticket.turn
            ticket.place.dismiss(with: .turnCancelled)
            let won = turn.abort(with: .turnCancelled)
            await turn.ended()
            if won {
                if !turn.hasStarted { noteDismissed(turn) }
                return turn.session
            }
        }
        if let session = dismissedSession(requestID, of: tenant) { return session }
        guard let stored = try environment.store.find(requestID, of: tenant) else {
            throw Failure.turnNotFound(requestID)
        }
        guard stored.status == .cancelled else {
            throw Failure(.turnFinished, "The turn has ended: it is \(stored.status.rawValue).")
        }
        return stored.session
    }
}
