import Dispatch
import Glibc
import HTTP
import RawHTTP
import Testing

/// Many clients that speak in the same moment, which load alone only brings about by chance.
@Suite struct BurstTests {
    private static let question = "GET /thread HTTP/1.1\r\nHost: test\r\n\r\n"

    /// So many connections that one network thread serves.
    private static func clients(_ count: Int, port: Int) async throws -> [RawClient] {
        var clients: [String: [RawClient]] = [:]
        while true {
            let client = try RawClient(port: port)
            let thread = try await client.get("/thread").body
            clients[thread, default: []].append(client)
            if let enough = clients[thread], enough.count == count { return enough }
        }
    }

    // The library looks at 128 events at a time.
    @Test(arguments: [127, 128, 129])
    func `requests that one thread finds at once are all answered`(_ count: Int) async throws {
        let (isBusy, end) = (Gate(), DispatchSemaphore(value: 0))
        try await withServer(
            { router in
                router.get("/thread", undocumented) { _ in .text(String(UInt(pthread_self()))) }
                router.get("/busy", undocumented) { _ in
                    isBusy.open()
                    end.wait()
                    return .text("done")
                }
            }, settings: { $0.threads = 2 }
        ) { port, _ in
            let clients = try await Self.clients(count + 1, port: port)
            async let last = clients[count].get("/busy")
            await isBusy.wait()
            for client in clients.prefix(count) { try await client.send(Self.question) }
            end.signal()
            #expect(try await last.body == "done")
            for client in clients.prefix(count) {
                #expect(try await client.receiveHead().0 == 200)
            }
        }
    }
}
