import HTTP
import RawHTTP

@testable import Frontdesk

extension Service {
    /// Serves the product on a free port for the length of `body`.
    func live(_ body: (_ port: Int) async throws -> Void) async throws {
        let server = Server(router: app.router)
        let port = try server.start()
        do {
            try await body(port)
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await server.stop(within: .zero)
    }
}
