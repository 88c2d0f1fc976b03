import JSON
import Testing

@testable import Frontdesk

/// What customers are not told, because it means nothing to them.
@Suite struct InnerWordsTests {
    @Test func `a customer hears nothing of tenants`() async throws {
        let service = try await Service { $0.agent.ticketTools = true }
        let answer = try await service.say("What does non-stop cost for DEMO-9999?")
        let reply = try #require(answer["response"]?.string)
        #expect(reply.contains("couldn't find a ticket with the number DEMO-9999"))
        #expect(!reply.contains("tenant"))
    }
}
