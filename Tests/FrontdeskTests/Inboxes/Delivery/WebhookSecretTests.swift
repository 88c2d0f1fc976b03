import Foundation
import SQLite
import Testing

@testable import Frontdesk

@Suite struct `Webhooks: secrets` {
    @Test func `a signature is the one of the specification's example`() throws {
        let secret = WebhookSecret(text: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let signature = try secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
            body: Array("{\"test\": 2432232314}".utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `every secret is another one of 32 bytes`() throws {
        let secrets = (1...100).map { _ in WebhookSecret.make().text }
        #expect(Set(secrets).count == 100)
        for secret in secrets {
            #expect(secret.hasPrefix("whsec_"))
            #expect(Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
        }
    }

    @Test func `a replaced secret signs for a day more, beside the new one`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        let old = try #require(try world.secrets.find(key).first)
        let rotation = try await world.secrets.rotate(key)
        #expect(rotation.previousValidUntil == world.clock.now.adding(seconds: 86_400))
        #expect(try world.secrets.find(key) == [rotation.secret, old])
        try world.check([old, rotation.secret, .make()])
        try await world.inboxes.send(key)
        await world.dispatcher.deliverDue()
        let attempt = try #require(try world.received().first)
        #expect(attempt.valid == [true, true, false])
        #expect(attempt.headers["webhook-signature"]?.split(separator: " ").count == 2)
        world.clock.advance(seconds: 86_400)
        #expect(try world.secrets.find(key) == [rotation.secret])
    }

    @Test func `however often a secret is replaced, few are kept`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.register()
        var newest: [WebhookSecret] = []
        for _ in 1...10 {
            newest.insert(try await world.secrets.rotate(key).secret, at: 0)
            world.clock.advance(seconds: 1)
        }
        #expect(try world.secrets.find(key) == Array(newest.prefix(5)))
        world.clock.advance(seconds: 200_000)
        _ = try await world.secrets.rotate(key)
        let count = try world.inboxes.store.database.read { connection in
            try connection.first("SELECT count(*) FROM webhook_secrets") { try $0.integer(0) }
        }
        #expect(count == 2, "those that sign no more are gone")
    }

    @Test func `only a webhook has a secret to replace`() async throws {
        let world = try await WebhookWorld()
        let key = try await world.inboxes.register("puller")
        let error = await #expect(throws: Failure.self) { try await world.secrets.rotate(key) }
        #expect(error?.code.word == "not_a_webhook")
        let unknown = Mapping.Key(tenant: .default, address: "nobody")
        let missing = await #expect(throws: Failure.self) {
            try await world.secrets.rotate(unknown)
        }
        #expect(missing?.code.word == "agent_not_found")
    }
}

struct RetryLadderTests {
    @Test func `each delay is off by at most a fifth, and the last step is the end`() {
        let delays = [5.0, 30, 120, 600, 1800, 3600, 7200, 18_000, 36_000, 86_400]
        for (index, delay) in delays.enumerated() {
            let low = RetryLadder(random: { 0 }).delay(after: index + 1)
            let high = RetryLadder(random: { 1 }).delay(after: index + 1)
            #expect(abs((low ?? 0) - delay * 0.8) < 0.001)
            #expect(abs((high ?? 0) - delay * 1.2) < 0.001)
            let real = RetryLadder().delay(after: index + 1) ?? 0
            #expect((delay * 0.799...delay * 1.201).contains(real))
        }
        #expect(RetryLadder().delay(after: 11) == nil)
        #expect(RetryLadder().delay(after: 11, asked: 5) == nil)
    }

    @Test func `who asks for more time gets it, up to a day`() {
        let ladder = RetryLadder(random: { 0.5 })
        #expect(ladder.delay(after: 1, asked: 3) == 5)
        #expect(ladder.delay(after: 1, asked: 60) == 60)
        #expect(ladder.delay(after: 1, asked: 1e9) == 86_400)
        #expect(ladder.delay(after: 1, asked: -5) == 5)
    }
}

struct BreakerTests {
    @Test func `it opens, tries one, and opens again or closes`() {
        let begin = Timestamp.sample
        let later = begin.adding(seconds: 30)
        var breaker = Breaker(Breaker.Limits(failures: 3, seconds: 30))
        #expect(breaker.isFresh && breaker.room(at: begin, width: 8) == 8)
        #expect(breaker.opens(at: begin, begin, begin) == [false, false, true])
        #expect(!breaker.isFresh && breaker.room(at: begin, width: 8) == 0)
        // Late failures of what was under way do not make it longer.
        #expect(breaker.opens(at: begin.adding(seconds: 10)) == [false])
        #expect(breaker.room(at: begin.adding(seconds: 29.9), width: 8) == 0)
        #expect(breaker.room(at: later, width: 8) == 1)
        #expect(breaker.opens(at: later) == [true])
        #expect(breaker.room(at: later, width: 8) == 0)
        breaker.succeed()
        #expect(breaker.isFresh && breaker.room(at: later, width: 8) == 8)
    }

    @Test func `a success in between begins the count anew`() {
        var breaker = Breaker(Breaker.Limits(failures: 2, seconds: 30))
        #expect(breaker.opens(at: .sample) == [false])
        breaker.succeed()
        #expect(breaker.opens(at: .sample, .sample) == [false, true])
    }
}

extension Breaker {
    /// Notes failures and tells of each whether it opened the breaker.
    fileprivate mutating func opens(at times: Timestamp...) -> [Bool] {
        var opens: [Bool] = []
        for time in times { opens.append(fail(at: time)) }
        return opens
    }
}
