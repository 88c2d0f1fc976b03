import JSON
import Testing

@testable import Frontdesk

/// What failed sign-ins lock, and for how long.
struct LoginLockTests {
    /// Fails to sign in so often; every try must have been looked at.
    private func fail(
        _ service: Service, _ count: Int, _ email: String = "sarah@example.com",
        from peer: String = "10.0.0.1"
    ) async throws {
        for number in 0..<count {
            let answer = try await service.trySignIn(email, "wrong password", from: peer)
            #expect(answer.code == "invalid_credentials", "try \(number) of \(email) from \(peer)")
        }
    }

    private func wait(
        _ service: Service, _ email: String = "sarah@example.com", from peer: String = "10.0.0.1"
    ) async throws -> Int? {
        let answer = try await service.trySignIn(email, from: peer)
        guard answer.status == 429 else { return nil }
        #expect(answer.code == "login_locked")
        #expect(answer.header("Retry-After") == answer["retry_after"]?.int.map(String.init))
        return answer["retry_after"]?.int
    }

    @Test(arguments: ["sarah@example.com", "nobody@example.com"])
    func `five failures lock the pair, whether or not there is such an account`(
        _ email: String
    ) async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        try await fail(service, 5, email)
        #expect(try await wait(service, email) == 60)
        service.clock.advance(seconds: 20)
        #expect(try await wait(service, email) == 40)
        // Others, and the same account from elsewhere, are not held up.
        #expect(try await service.trySignIn(email, "wrong", from: "10.0.0.2").status == 401)
        for expected in [120, 240, 480] {
            service.clock.advance(seconds: Double(try await wait(service, email) ?? 0))
            try await fail(service, 1, email)
            #expect(try await wait(service, email) == expected)
        }
    }

    @Test func `success clears the pair`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        try await fail(service, 4)
        #expect(
            try await service.trySignIn("sarah@example.com", from: "10.0.0.1").status == 200)
        #expect(try service.rows("SELECT * FROM login_failures") == [])
        try await fail(service, 5)
        #expect(try await wait(service) == 60)
    }

    @Test func `failures are forgotten after a quarter of an hour`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        try await fail(service, 4)
        service.clock.advance(seconds: 900)
        try await fail(service, 4)
        #expect(try await wait(service) == nil)
    }

    @Test func `fifty failures lock the address for everybody`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        for number in 0..<50 { try await fail(service, 1, "nobody\(number)@example.com") }
        #expect(try await wait(service) == 900)
        #expect(
            try await service.trySignIn("sarah@example.com", from: "10.0.0.2").status == 200)
        service.clock.advance(seconds: 900)
        #expect(try await wait(service) == nil)
    }

    @Test func `an address is locked whichever tenants it names`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        for number in 0..<50 {
            let answer = try await service.trySignIn(
                "nobody@example.com", "wrong", tenant: "t\(number)", from: "10.0.0.1")
            #expect(answer.code == "invalid_credentials", "\(number)")
        }
        #expect(try await wait(service) == 900)
        let another = try await service.trySignIn(
            "nobody@example.com", tenant: "t50", from: "10.0.0.1")
        #expect(another.code == "login_locked")
        // The address of a person is one in each tenant.
        #expect(
            try await service.trySignIn("nobody@example.com", "wrong", from: "10.0.0.2").status
                == 401)
    }

    @Test func `a hundred failures lock the account from everywhere`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        for number in 0..<50 { try await fail(service, 2, from: "10.0.1.\(number)") }
        #expect(try await wait(service, from: "10.0.0.9") == 900)
        #expect(try await wait(service, "other@example.com", from: "10.0.0.9") == nil)
    }

    @Test func `guesses sent at once are counted one by one`() async throws {
        let service = try await Service(clock: TestClock(step: 0))
        try await service.addUser("sarah@example.com")
        let codes = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await service.trySignIn("sarah@example.com", "wrong").code
                }
            }
            return try await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(codes.filter { $0 == "invalid_credentials" }.count == 5)
        #expect(codes.filter { $0 == "login_locked" }.count == 15)
    }
}
