import Dispatch
import JSON
import WebPeer

extension WebPeer {
    /// Tells or asks the server something in JSON and returns its answer.
    ///
    /// It may come late, or not before this process has done something itself: no thread that
    /// tasks run on waits for it.
    func answer(to order: JSONValue) async throws -> JSONValue {
        try await answer(toLine: order.text)
    }

    /// The answer that comes after one that was given in between.
    func nextAnswer() async throws -> JSONValue {
        try await answer(toLine: "")
    }

    private func answer(toLine order: String) async throws -> JSONValue {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result { try JSONValue(parsing: self.line(for: order)) })
            }
        }
    }
}
