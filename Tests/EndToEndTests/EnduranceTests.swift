import RawHTTP
import Testing

/// What a server takes without growing and without letting others wait.
struct EnduranceTests {
    /// Requests that are all wrong, each in its own way.
    private static let wrong: [(request: String, status: Int)] = [
        request("GET", "/nowhere", 404),
        request("PUT", "/agent/messages", 405),
        request("POST", "/agent/messages", 400, "{not json"),
        request("POST", "/agent/messages", 400, #"{"session_id": 7}"#),
        request("POST", "/agent/messages", 400, "[]"),
        request("POST", "/agent/messages", 415, "<a/>", type: "text/xml"),
        request("POST", "/agent/sessions", 400, #"{"session_id": "no spaces, please"}"#),
        request("GET", "/api/v1/sessions/nobody", 404),
        request("GET", "/api/v1/sessions?limit=0", 400),
        request("GET", "/api/v1/sessions/search?q=%22", 400),
        request("GET", "/api/v1/sessions/%zz", 400),
        request("DELETE", "/agent/sessions/nobody", 404),
        request("GET", "/agent/messages/nobody", 404),
    ]

    private static func request(
        _ method: String, _ path: String, _ status: Int, _ body: String = "",
        type: String = "application/json"
    ) -> (request: String, status: Int) {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\n"
        if !body.isEmpty {
            head += "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
        }
        return (head + "\r\n" + body, status)
    }

    /// Sends `count` wrong requests over four connections and returns what was not refused so.
    private func pester(_ server: RunningServer, _ count: Int) async throws -> Set<String> {
        try await withThrowingTaskGroup(of: Set<String>.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let client = try server.connect()
                    var surprises: Set<String> = []
                    for number in 0..<count / 4 {
                        let (request, status) = Self.wrong[number % Self.wrong.count]
                        try await client.send(request)
                        let answer = try await client.receiveResponse()
                        if answer.status != status {
                            surprises.insert("\(answer.status) to \(request)")
                        }
                    }
                    return surprises
                }
            }
            return try await group.reduce(into: []) { $0.formUnion($1) }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `20 000 bad requests leave neither memory nor descriptors behind`() async throws {
        let world = try World()
        let server = try await world.serve(["FRONTDESK_LOG_LEVEL": "error"])
        // Threads, caches and buffers come with the first requests.
        let early = try await pester(server, 2000)
        #expect(early == [])
        let empty = try server.child.descriptors
        let before = try server.child.residentBytes
        let surprises = try await pester(server, 20_000)
        #expect(surprises == [])
        let grown = try server.child.residentBytes - before
        if !Sanitizer.watchesMemory && !Sanitizer.watchesThreads {
            #expect(grown < 20 << 20)
        }
        try await wait(for: "the descriptors") { try server.child.descriptors <= empty }
        #expect(try await server.get("/health/ready").status == 200)
        #expect(await server.stop() == .exit(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `clients that dribble are cut off while others are served`() async throws {
        let world = try World()
        let server = try await world.serve(["FRONTDESK_SERVER_READ_TIMEOUT_SECONDS": "1"])
        let post = "POST /agent/messages HTTP/1.1\r\nHost: test\r\n"
        let starts = ["", "GET / HT", post, post + "Content-Length: 900\r\n\r\n{"]
        let others = Task {
            let client = try server.connect()
            var served = 0
            repeat {
                #expect(try await client.call("GET", "/health").status == 200)
                served += 1
            } while !Task.isCancelled
            return served
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in starts {
                group.addTask {
                    let life = try await lifeOfDribbler(server, sending: start)
                    #expect(life < .seconds(20))
                }
            }
            try await group.waitForAll()
        }
        others.cancel()
        #expect(try await others.value > 0)
        #expect(await server.stop() == .exit(0))
    }

    /// Sends a little ten times a second until the server has enough of it.
    private func lifeOfDribbler(
        _ server: RunningServer, sending start: String
    ) async throws -> Duration {
        let begun = ContinuousClock.now
        let client = try server.connect()
        try await client.send(start)
        let dribble = Task {
            while !start.isEmpty && !Task.isCancelled {
                try await client.send("x")
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let answer = try await client.receiveAll()
        dribble.cancel()
        #expect(!answer.contains(" 200 "))
        return ContinuousClock.now - begun
    }
}
