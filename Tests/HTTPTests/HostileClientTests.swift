import HTTP
import JSON
import RawHTTP
import Synchronization
import Testing

@Suite struct HostileClientTests {
    private static func routes(_ router: inout Router) {
        router.get("/now", undocumented) { _ in .text("fine") }
        router.post("/length", undocumented) { .text(String($0.body.count)) }
        router.onError = { error, _ in
            guard let refusal = error as? HTTPError else { return .empty(.internalError) }
            return .json(status: refusal.status) { $0.field("code", refusal.code) }
        }
    }

    private static func small(_ configuration: inout Server.Configuration) {
        configuration.maximumBodyBytes = 100_000
    }

    @Test func `a body declared too large is refused before it is sent`() async throws {
        try await withServer(Self.routes, settings: Self.small) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: 100001\r\n\r\n")
            let answer = try await client.receiveResponse()
            #expect(answer.status == 413)
            #expect(answer.body == #"{"code":"payload_too_large"}"#)
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func `a client that sends a body too large all the same reads the answer`() async throws {
        try await withServer(Self.routes, settings: Self.small) { port, _ in
            let client = try RawClient(port: port)
            let body = String(repeating: "x", count: 8_000_000)
            let answer = try await client.post("/length", body)
            #expect(answer.status == 413)
            #expect(answer.body == #"{"code":"payload_too_large"}"#)
        }
    }

    @Test func `a body of exactly the limit is taken`() async throws {
        try await withServer(Self.routes, settings: Self.small) { port, _ in
            let client = try RawClient(port: port)
            let body = String(repeating: "x", count: 100_000)
            #expect(try await client.post("/length", body).body == "100000")
        }
    }

    @Test func `chunks that add up to too much are refused`() async throws {
        try await withServer(Self.routes, settings: Self.small) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = String(repeating: "x", count: 50_000)
            for _ in 1...3 { try await client.send("c350\r\n\(chunk)\r\n") }
            try await client.send("0\r\n\r\n")
            let answer = try await client.receiveResponse()
            #expect(answer.status == 413)
            #expect(answer.body == #"{"code":"payload_too_large"}"#)
        }
    }

    @Test func `chunks without an end are broken off`() async throws {
        try await withServer(Self.routes, settings: Self.small) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = String(repeating: "x", count: 50_000)
            await #expect(throws: RawClient.Failure.self) {
                for _ in 1...2000 { try await client.send("c350\r\n\(chunk)\r\n") }
            }
            let other = try RawClient(port: port)
            #expect(try await other.get("/now").body == "fine")
        }
    }

    @Test func `a body that is cut off reaches no handler`() async throws {
        let calls = Atomic(0)
        try await withServer({ router in
            Self.routes(&router)
            router.post("/count", undocumented) { _ in
                calls.add(1, ordering: .relaxed)
                return .empty()
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /count HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc")
            client.finishSending()
            #expect(try await client.receiveAll() == "")
            #expect(calls.load(ordering: .relaxed) == 0)
        }
    }

    @Test(arguments: [
        ("nonsense\r\n\r\n", "400"),
        ("GET /now HTTP/7.3\r\n\r\n", "505"),
        ("GET /now HTTP/1.1\r\nno colon here\r\nHost: test\r\n\r\n", "400"),
        ("POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: -5\r\n\r\n", "400"),
        ("POST /length HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n", "400"),
        (
            "POST /length HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "400"
        ),
    ])
    func `what is no HTTP is refused and the server goes on`(
        _ sent: String, _ status: String
    ) async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(sent)
            client.finishSending()
            let answer = try await client.receiveAll()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            let other = try RawClient(port: port)
            #expect(try await other.get("/now").body == "fine")
        }
    }

    @Test(arguments: [
        "Content-Length: 2\r\nContent-Length: 0\r\n\r\n{}",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length : 2\r\n\r\n", "Content-Length\t: 2\r\n\r\n",
        "Content-Length: 0\r\nTransfer-Encoding : chunked\r\n\r\n",
        "Content(Length): 0\r\n\r\n", "Größe: 0\r\n\r\n",
        "X-One: 1\rContent-Length: 0\r\n\r\n", "Host: other\r\n\r\n",
        "Transfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    func `a request that may end in two places is refused, and what follows it is not read`(
        _ rest: String
    ) async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\n\(rest)"
                    + "GET /now HTTP/1.1\r\nHost: test\r\n\r\n")
            // The server closes by itself.
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(!answer.contains("fine"))
        }
    }

    @Test func `a request names one host, unless it is an old one`() async throws {
        try await withServer(Self.routes) { port, _ in
            for (header, status) in [
                ("1.1\r\n", 400), ("1.0\r\n", 200), ("1.1\r\nHost:\r\n", 200),
                ("1.1\r\nHOST: a\r\n", 200), ("1.0\r\nHost: a\r\nHost: a\r\n", 400),
            ] {
                let client = try RawClient(port: port)
                try await client.send("GET /now HTTP/\(header)\r\n")
                #expect(try await client.receiveResponse().status == status, "\(header)")
            }
        }
    }

    @Test func `what RFC 9110 allows in a header is taken`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            let answer = try await client.post(
                "/length", "abc", headers: "X!#$%&'*+-.^_`|~9:\t \u{E4} \r\nX-Empty:\r\n")
            #expect(answer.body == "3")
            try await client.send(
                "POST /length HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
                    + "2\r\nab\r\n0\r\n\r\n")
            #expect(try await client.receiveResponse().body == "2")
        }
    }

    @Test func `a header too large is refused and the server goes on`() async throws {
        try await withServer(Self.routes) { port, _ in
            let client = try RawClient(port: port)
            let answer = try await client.get(
                "/now", headers: "X-Large: \(String(repeating: "x", count: 60_000))\r\n")
            #expect(answer.status == 431)
            let long = try RawClient(port: port)
            let path = "/now?" + String(repeating: "y", count: 60_000)
            #expect(try await long.get(path).status == 414)
            let other = try RawClient(port: port)
            #expect(try await other.get("/now").body == "fine")
        }
    }

    @Test func `zero bytes harm nobody`() async throws {
        try await withServer(Self.routes) { port, _ in
            let path = try RawClient(port: port)
            try await path.send("GET /no\0w HTTP/1.1\r\nHost: test\r\n\r\n")
            #expect(try await path.receiveResponse().status == 404)
            let header = try RawClient(port: port)
            try await header.send("GET /now HTTP/1.1\r\nHo\0st: te\0st\r\n\r\n")
            #expect(try await header.receiveResponse().status == 400)
            let other = try RawClient(port: port)
            #expect(try await other.post("/length", "a\0b\0").body == "4")
            #expect(try await other.get("/now?q=%00").body == "fine")
        }
    }
}
