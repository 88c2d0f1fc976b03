import HTTP
import JSON
import RawHTTP
import Testing

@Suite struct ServerTests {
    private static func routes(_ router: inout Router) {
        router.get("/now/{name}", undocumented) { request in
            .json { $0.field("name", request.parameters["name"]) }
        }
        router.post("/later", undocumented) { request async throws in
            await Task.yield()
            return .json(try request.json())
        }
        router.post("/length", undocumented) { .text(String($0.body.count)) }
        router.get("/query", undocumented) { request in
            .text(request.query.all("q").joined(separator: "|"))
        }
    }

    @Test func `one connection serves request after request`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            for round in 1...3 {
                let read = try await client.get("/now/caf%C3%A9")
                #expect(read.status == 200)
                #expect(read.body == #"{"name":"café"}"#)
                #expect(read["Content-Type"] == "application/json")
                let written = try await client.post("/later", #"{"round":\#(round)}"#)
                #expect(written.status == 200)
                #expect(written.body == #"{"round":\#(round)}"#)
            }
        }
    }

    @Test func `requests sent at once are answered in order`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            let get = "GET /now/a HTTP/1.1\r\nHost: test\r\n\r\n"
            let post =
                "POST /later HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\n{\"n\": 12}"
            try await client.send(get + post + get + post)
            #expect(try await client.receiveResponse().body == #"{"name":"a"}"#)
            #expect(try await client.receiveResponse().body == #"{"n":12}"#)
            #expect(try await client.receiveResponse().body == #"{"name":"a"}"#)
            #expect(try await client.receiveResponse().body == #"{"n":12}"#)
        }
    }

    @Test func `the query arrives decoded and the path as sent`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            #expect(try await client.get("/query?q=a+b&x=1&q=%26%3D%C3%BC").body == "a b|&=ü")
            #expect(try await client.get("/query").body == "")
            #expect(try await client.get("/query/?q=%zz").status == 400)
            #expect(try await client.get("/query?q=%ff").status == 400)
            #expect(try await client.get("/now/%ff").status == 400)
            #expect(try await client.get("/now/a%2Fb").body == #"{"name":"a/b"}"#)
        }
    }

    @Test func `an address written out in full means its path`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            #expect(
                try await client.get("http://example.com:80/now/x?y=z").body
                    == #"{"name":"x"}"#)
            #expect(try await client.get("http://example.com").status == 404)
        }
    }

    @Test func `the answer to HEAD has the length but no body`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("HEAD /now/abc HTTP/1.1\r\nHost: test\r\n\r\n")
            let head = try await client.receiveResponse(hasBody: false)
            #expect(head.status == 200)
            #expect(head["Content-Length"] == "14")
            #expect(try await client.get("/now/abc").body == #"{"name":"abc"}"#)
        }
    }

    @Test func `a body in chunks arrives whole`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = String(repeating: "x", count: 50_000)
            for _ in 1...10 { try await client.send("c350\r\n\(chunk)\r\n") }
            try await client.send("0\r\n\r\n")
            #expect(try await client.receiveResponse().body == "500000")
            #expect(try await client.get("/now/a").status == 200)
        }
    }

    @Test func `a client that asks first is told to go on`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n"
                    + "Expect: 100-continue\r\n\r\n")
            #expect(try await client.receiveResponse(hasBody: false).status == 100)
            try await client.send("12345")
            #expect(try await client.receiveResponse().body == "5")
        }
    }

    @Test func `a client of HTTP 1 0 gets its answer and the end`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            try await client.send("GET /now/old HTTP/1.0\r\n\r\n")
            let all = try await client.receiveAll()
            #expect(all.hasPrefix("HTTP/1.0 200 OK\r\n") || all.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(all.hasSuffix("\r\n\r\n{\"name\":\"old\"}"))
            #expect(!all.contains("chunked"))
        }
    }

    @Test func `two hundred connections at once are all served`() async throws {
        try await withServer(Self.routes) { port, server in
            let clients = try (0..<200).map { _ in try RawClient(port: port) }
            try await withThrowingTaskGroup { group in
                for (number, client) in clients.enumerated() {
                    group.addTask {
                        let got = try await client.post("/later", "{\"n\":\(number)}")
                        #expect(got.body == "{\"n\":\(number)}")
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.connectionCount == 200)
        }
    }

    @Test func `a taken port is an error that says so`() async throws {
        try await withServer(Self.routes) { port, _ in
            var configuration = Server.Configuration()
            configuration.port = port
            let second = Server(configuration, router: Router())
            #expect(throws: ServerError.addressInUse(host: "127.0.0.1", port: port)) {
                try second.start()
            }
        }
    }

    @Test func `a host that does not exist is an error that says so`() {
        var configuration = Server.Configuration()
        configuration.host = "no such host"
        #expect {
            try Server(configuration, router: Router()).start()
        } throws: { error in
            "\(error)".hasPrefix("the host 'no such host' cannot be resolved")
        }
    }
}
