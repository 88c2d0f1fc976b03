import SQLite

extension Failure {
    /// What a caller may know of an error by which the database refuses for the moment; nil for
    /// every other error.
    init?(passing error: any Error) {
        guard let error = error as? DatabaseError else { return nil }
        switch error.code {
        case .overloaded:
            self.init(.overloaded, "Too many writes wait; try again.", retryAfter: 1)
        case .full, .inputOutput, .readOnly, .cannotOpen, .busy, .closed:
            self.init(
                .notReady, "The database cannot be written just now; try again later.",
                retryAfter: 5)
        default: return nil
        }
    }
}
