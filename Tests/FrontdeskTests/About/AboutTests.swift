import HTTP
import JSON
import MailServer
import SQLite
import Testing

@testable import Frontdesk

@Suite struct AboutTests {
    @Test func `the catalogue has its twelve tools in order, word for word`() async throws {
        let answer = try await Service(demo: false).get("/info/tools")
        let tools = answer["tools"]?.array ?? []
        let told = tools.map { tool in
            ["category", "name", "description"].map { tool[$0]?.string ?? "" }
                .joined(separator: " | ")
        }
        #expect(
            told == [
                "order | create_new_order | Create a new order for a customer",
                "order | get_order | Get detailed information about a specific order",
                "order | search_orders | Search orders by number, customer, product, address, "
                    + "status or date",
                "order | get_customer_orders | List the orders of a customer",
                "order | update_order | Change the status or details of an order",
                "order | track_order | Get shipping and delivery progress of an order",
                "email | send_simple_email | Send a simple email to a customer",
                "email | send_formatted_email | Send an HTML email",
                "email | send_email_with_files | Send an email with attachments",
                "email | send_complete_email | Send an email with copies, HTML and attachments",
                "email | test_email_connection | Check the connection to the mail server",
                "complaint | complaint_management | Manage customer complaints via MCP "
                    + "integration",
            ])
        #expect(tools.allSatisfy { $0["available"] == true })
        #expect(answer["total_count"] == 12)
        #expect(answer["categories"] == ["order", "email", "complaint"])
    }

    @Test func `the contact is what the operator configured`() async throws {
        let service = try await Service(demo: false) {
            $0.info.contactName = "Ops \"Team\""
            $0.info.contactEmail = "ops@example.com"
            $0.info.contactURL = "https://example.com/help"
        }
        #expect(
            try await service.get("/info")["contact"]?.text
                == #"{"name":"Ops \"Team\"","email":"ops@example.com","#
                + #""url":"https://example.com/help"}"#)
    }

    @Test func `a server that stops is alive, unhealthy and not ready`() async throws {
        let service = try await Service(demo: false)
        service.app.beginStopping()
        let health = try await service.get("/health")
        #expect(health.status == 200)
        #expect(health["status"] == "unhealthy")
        #expect(
            health["checks"]?.text
                == #"{"agent_manager":false,"database":true,"mcp_server":false}"#)
        let ready = try await service.get("/health/ready")
        #expect(ready.status == 503)
        #expect(ready["ready"] == false)
        #expect(ready["status"] == "not_ready")
        #expect(ready["components"] == health["checks"])
        #expect(try await service.get("/health/live").status == 200)
    }

    @Test func `a server without its database says so and lives`() async throws {
        let service = try await Service(demo: false)
        service.app.database.close()
        try await eventually {
            try await service.get("/health")["checks"]?["database"] == false
        }
        #expect(try await service.get("/health")["status"] == "unhealthy")
        #expect(try await service.get("/health/ready").status == 503)
        #expect(try await service.get("/health/live")["status"] == "alive")
        let tools = try await service.get("/info/tools")["tools"]?.array ?? []
        #expect(tools.count == 12)
        #expect(tools.allSatisfy { $0["available"] == false })
        let message = try await service.say("Hi")
        #expect(message.status == 503)
        #expect(message.code == "not_ready")
    }

    @Test func `the health tells how long the server runs and which time it is`() async throws {
        let service = try await Service(demo: false, clock: TestClock(step: 0))
        #expect(try await service.get("/health")["uptime_seconds"] == 0)
        service.clock.advance(seconds: 3600.5)
        let health = try await service.get("/health")
        #expect(health["uptime_seconds"] == 3600.5)
        #expect(health["timestamp"] == "2026-02-20T13:00:00.500000Z")
        #expect(health["version"] == "0.1.0")
        #expect(health["durability"] == nil)
    }

    @Test func `commits that are not synced are told`() async throws {
        let service = try await Service(demo: false) { $0.database.synchronous = .normal }
        #expect(try await service.get("/health")["durability"] == "normal")
    }

    @Test func `the documents can be switched off`() async throws {
        let service = try await Service(demo: false) { $0.docs.enabled = false }
        for path in ["/docs", "/redoc"] {
            #expect(await service.send(.get, path).status.code == 404)
        }
    }
}
