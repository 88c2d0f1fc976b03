import HTTP

/// The words that tests give routes they do not document.
let undocumented = Operation("Test", tag: "tests")

/// Runs a server for the length of `body` on a port of its own.
func withServer(
    _ configure: (inout Router) -> Void,
    settings: (inout Server.Configuration) -> Void = { _ in },
    _ body: (_ port: Int, _ server: Server) async throws -> Void
) async throws {
    var router = Router()
    configure(&router)
    var configuration = Server.Configuration()
    settings(&configuration)
    let server = Server(configuration, router: router)
    let port = try server.start()
    do {
        try await body(port, server)
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}
