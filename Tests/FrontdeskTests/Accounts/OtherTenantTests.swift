import HTTP
import JSON
import Testing

@testable import Frontdesk

/// Another tenant's ids on every route of the server: nothing is shown, nothing changes.
struct OtherTenantTests {
    @Test(arguments: [true, false])
    func `another tenant's ids show nothing and change nothing`(
        _ isSignedIn: Bool
    ) async throws {
        let service = try await Service { $0.auth.mode = isSignedIn ? .required : .off }
        let owner: Headers
        let other: Headers
        if isSignedIn {
            owner = try await service.signedIn("admin@acme.test", tenant: "acme").headers
            other = try await service.signedIn("admin@beta.test", tenant: "beta").headers
        } else {
            (owner, other) = (["X-Tenant-ID": "acme"], ["X-Tenant-ID": "beta"])
        }
        let records = try await ForeignRecords(service, staff: owner)
        let before = try records.rows(of: "acme")
        #expect(before["sessions"]?.count == 1)
        #expect(before["customers"]?.count == 1)
        // Those that create come last: with the same ids they would make the tenant's own.
        let routes = service.app.router.routes.filter { !$0.pattern.hasPrefix("/auth") }
        let creating = routes.filter { $0.parameterNames.isEmpty && $0.method == .post }
        let others = routes.filter { !$0.parameterNames.isEmpty || $0.method != .post }
        for route in others + creating {
            try await check(route, records.attempt(route), other, service)
        }
        let after = try records.rows(of: "acme")
        for (table, rows) in before { #expect(after[table] == rows, "\(table)") }
    }

    /// Sends a route's request with the other tenant's ids in path, query and body.
    private func check(
        _ route: Route, _ attempt: ForeignRecords.Attempt, _ headers: Headers,
        _ service: Service
    ) async throws {
        let path = attempt.path
        let response = await service.send(
            route.method, path, body: attempt.body?.bytes ?? [], headers: headers)
        let text = String(decoding: try await response.collectBody(), as: UTF8.self)
        #expect(!text.contains(ForeignRecords.secret), "\(path): \(text)")
        guard !route.parameterNames.isEmpty, attempt.isForeign,
            !route.pattern.hasSuffix("/cleanup")
        else { return }
        #expect((400...499).contains(response.status.code), "\(route.method) \(path)")
        #expect(response.status.code != 403, "\(route.method) \(path): what is there shows")
    }
}
