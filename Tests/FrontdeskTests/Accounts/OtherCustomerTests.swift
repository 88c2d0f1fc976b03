import HTTP
import JSON
import SQLite
import Testing

@testable import Frontdesk

/// Another customer's ids on every route of the server, sent by a customer of the same tenant.
struct OtherCustomerTests {
    @Test func `another customer's ids show nothing and change nothing`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let staff = try await service.signedIn("boss@example.com").headers
        let ann = try await service.signedIn("ann@example.com", role: .customer).headers
        let bob = try await service.signedIn("bob@example.com", role: .customer).headers
        _ = try await service.app.database.write {
            try $0.execute(
                """
                UPDATE customers SET first_name = \(ForeignRecords.secret)
                WHERE tenant_id = 'default' AND customer_id = 'cus_ann'
                """)
        }
        let records = try await ForeignRecords(
            service, staff: staff, owner: ann, customer: "cus_ann")
        let before = try records.rows(of: "default")
        #expect(before["ticket_orders"]?.count == 2)
        var count = 0
        for route in service.app.router.routes {
            let attempt = try records.attempt(route)
            guard attempt.isForeign || attempt.path.contains("?") else { continue }
            count += 1
            let response = await service.send(
                route.method, attempt.path, body: attempt.body?.bytes ?? [], headers: bob)
            let text = String(decoding: try await response.collectBody(), as: UTF8.self)
            #expect(!text.contains(ForeignRecords.secret), "\(attempt.path): \(text)")
            if attempt.isForeign {
                #expect(
                    [403, 404, 409].contains(response.status.code),
                    "\(route.method) \(attempt.path): \(text)")
            }
        }
        #expect(count >= 40)
        let after = try records.rows(of: "default")
        for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
    }

    @Test func `nobody else's customer_id goes with own records`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let staff = try await service.signedIn("boss@example.com").headers
        _ = try await service.signedIn("ann@example.com", role: .customer)
        let bob = try await service.signedIn("bob@example.com", role: .customer).headers
        let records = try await ForeignRecords(
            service, staff: staff, owner: bob, customer: "cus_bob")
        let before = try records.rows(of: "default")
        var count = 0
        for route in service.app.router.routes
        where ["customers", "tickets", "orders"].contains(
            route.pattern.split(separator: "/").first ?? "")
        {
            let attempt = try records.attempt(route)
            let path = attempt.path.split(separator: "?")[0]
            var requests = [("\(path)?customer_id=cus_ann", attempt.body)]
            if var body = attempt.body?.object {
                body["customer_id"] = "cus_ann"
                requests.append((String(path), .object(body)))
            }
            for (path, body) in requests {
                count += 1
                let answer = try Answer(
                    await service.send(
                        route.method, path, body: body?.bytes ?? [], headers: bob))
                #expect(answer.status == 403, "\(route.method) \(path) \(answer.body)")
                #expect(["not_owner", "scope_missing"].contains(answer.code), "\(path)")
            }
        }
        #expect(count >= 20)
        let after = try records.rows(of: "default")
        for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
    }

    /// Texts that are no ids, but something to a database, a file system or a parser.
    private static let tricks = [
        "' OR '1'='1", "x'; DROP TABLE users; --", "x\" UNION SELECT password_hash FROM users --",
        "../../../../etc/passwd", "..\\..\\secret", "%", "_", "*", "a\u{0}b", "a\r\nX-Evil: 1",
        "null", "undefined", "-1", "9223372036854775808", "{{7*7}}", "$(id)", "\u{202E}sess",
        String(repeating: "a", count: 3000), "sess_acme'--", "a/b",
    ]

    @Test func `no trick in an id opens, breaks or changes anything`() async throws {
        let service = try await Service { $0.auth.mode = .required }
        let staff = try await service.signedIn("boss@example.com").headers
        let records = try await ForeignRecords(service, staff: staff)
        let before = try records.rows(of: "default")
        for route in service.app.router.routes where !route.parameterNames.isEmpty {
            let attempt = try records.attempt(route)
            for trick in Self.tricks {
                let word = trick.utf8.map { "%" + hex($0) }.joined()
                let path = route.pattern.split(separator: "/")
                    .map { $0.hasPrefix("{") ? word : String($0) }.joined(separator: "/")
                let response = await service.send(
                    route.method, "/" + path, body: attempt.body?.bytes ?? [], headers: staff)
                // Cleaning up is for all sessions, whatever the one is called.
                let isRefused =
                    (400...499).contains(response.status.code)
                    || route.pattern.hasSuffix("/cleanup") && response.status == .ok
                #expect(isRefused, "\(route.method) \(route.pattern) with \(trick)")
            }
        }
        // Whoever opens a stream of messages takes them, which is a change.
        for route in service.app.router.routes
        where route.method == .get && !route.pattern.hasSuffix("/stream") {
            for parameter in route.operation.parameters where parameter.place == .query {
                let path = try records.attempt(route).path.split(separator: "?")[0]
                for trick in Self.tricks {
                    let word = trick.utf8.map { "%" + hex($0) }.joined()
                    let response = await service.send(
                        .get, "\(path)?\(parameter.name)=\(word)", headers: staff)
                    #expect(
                        response.status.code < 500,
                        "\(route.pattern)?\(parameter.name) with \(trick)")
                }
            }
        }
        let after = try records.rows(of: "default")
        for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
    }

    private func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16, uppercase: true)
        return text.utf8.count == 1 ? "0" + text : text
    }
}
