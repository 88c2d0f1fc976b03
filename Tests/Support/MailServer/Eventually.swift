/// Waits until another process or task has made `condition` true; throws when that takes too long.
public func eventually(
    within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw MailServerError(text: "what should have happened did not within \(limit)")
        }
        // A pause leaves the processor to those who are waited for.
        try await Task.sleep(for: .milliseconds(10))
    }
}
