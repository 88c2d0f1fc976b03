import Testing

@testable import Frontdesk

/// The pool that hashes passwords.
struct PasswordsTests {
    @Test func `whoever finds the pool's line full is told so at once`() async throws {
        let passwords = Passwords(cost: 7, width: 1, depth: 2)
        let codes = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    do {
                        _ = try await passwords.hash("correct horse battery")
                        return nil
                    } catch {
                        return (error as? Failure)?.code.word
                    }
                }
            }
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(codes.filter { $0 == nil }.count >= 3)
        #expect(codes.contains("overloaded"))
        #expect(codes.allSatisfy { $0 == nil || $0 == "overloaded" })
        // The line moves on.
        let hash = try await passwords.hash("correct horse battery")
        #expect(try await passwords.matches("correct horse battery", hash))
        #expect(try await !passwords.matches("correct horse", hash))
    }

    @Test(arguments: [
        ("short", true), ("a@example.com", true), ("A@Example.com", true),
        ("ten letter", false), ("nul\u{0}in the middle", true),
        (String(repeating: "é", count: 128), false), (String(repeating: "é", count: 129), true),
    ])
    func `a new password has its limits`(_ password: String, _ isRefused: Bool) {
        let problem = Passwords.problem(of: password, email: "a@example.com")
        #expect((problem != nil) == isRefused)
    }
}
