import HTTPClient
import MailServer
import Testing
import WebPeer

@Suite struct `HTTP client: failures` {
    let client = HTTPClient()

    @Test(arguments: [
        ("/drop", HTTPClientError.Kind.connection), ("/drop-head", .connection),
        ("/drop-body", .connection), ("/drop-chunk", .connection), ("/garbage", .malformed),
        ("/bad-chunk", .connection), ("/large-head", .tooLarge),
    ])
    func `a broken answer is an error`(
        path: String, kind: HTTPClientError.Kind
    ) async throws {
        let peer = try await WebPeer()
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("POST", peer.url(path)))
        }
        #expect(error?.kind == kind, "\(error?.message ?? "")")
    }

    @Test(arguments: ["/hang", "/hang-body", "/endless"])
    func `what takes too long is given up in time`(path: String) async throws {
        let peer = try await WebPeer()
        let start = ContinuousClock.now
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(
                .local("GET", peer.url(path)) {
                    $0.timeout = .milliseconds(300)
                    $0.maxResponseBytes = .max
                })
        }
        #expect(error?.kind == .timeout, "\(error?.message ?? "")")
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(arguments: ["/hang", "/hang-body"])
    func `a silent server is given up before the whole time is over`(path: String) async throws {
        let peer = try await WebPeer()
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", peer.url(path)) { $0.idleTimeout = .seconds(0.3) })
        }
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("silent") == true, "\(error?.message ?? "")")
    }

    @Test func `a slow server is not a silent one`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(
            .local("GET", peer.url("/chunked?n=20&ms=100")) { $0.idleTimeout = .seconds(1.5) })
        #expect(answer.body.count > 100)
    }

    @Test(arguments: ["/bytes?n=1001", "/chunked?n=200", "/endless"])
    func `a larger answer than allowed is broken off`(path: String) async throws {
        let peer = try await WebPeer()
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", peer.url(path)) { $0.maxResponseBytes = 1000 })
        }
        #expect(error?.kind == .tooLarge)
        let answer = try await client.send(
            .local("GET", peer.url("/bytes?n=1000")) { $0.maxResponseBytes = 1000 })
        #expect(answer.body.count == 1000)
    }

    @Test func `nobody listening is an error of the connection`() async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", "http://127.0.0.1:1/"))
        }
        #expect(error?.kind == .connection)
    }

    @Test func `a name that nobody has is an error of the connection`() async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", "http://no-such-host.invalid/"))
        }
        #expect(error?.kind == .connection)
    }

    @Test(arguments: [
        "", "nothing", "/path", "127.0.0.1:80/x", "file:///etc/passwd", "ftp://x.test/",
        "gopher://x.test/", "http://", "http://a b/", "http://x.test:99999/",
        "http://x.test\r\n/", "http://x.test/\0", "dict://127.0.0.1:11211/stat",
    ])
    func `what is no address of the web is refused`(url: String) async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", url))
        }
        #expect(error?.kind == .invalidURL)
    }

    @Test(arguments: [
        ("X-A", "b\r\nX-Evil: 1"), ("X-A", "b\n"), ("X-A", "b\0"), ("X-A\r\nX-Evil", "1"),
        ("X A", "b"), ("", "b"), ("X:A", "b"),
    ])
    func `no header becomes two`(name: String, value: String) async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(
                .local("GET", "http://127.0.0.1:1/", headers: [(name, value)]))
        }
        #expect(error?.kind == .malformed)
    }

    @Test func `a certificate that nobody vouches for is refused`() async throws {
        let certificate = try Certificate()
        let peer = try await WebPeer(
            arguments: ["--certificate", certificate.file, "--key", certificate.key])
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", peer.url("/echo", scheme: "https")))
        }
        #expect(error?.kind == .tls, "\(error?.message ?? "")")
    }

    @Test func `a certificate for another name is refused`() async throws {
        let certificate = try Certificate(for: ["DNS:elsewhere.test"])
        let peer = try await WebPeer(
            arguments: ["--certificate", certificate.file, "--key", certificate.key])
        var configuration = HTTPClient.Configuration()
        configuration.certificateAuthorities = certificate.file
        let error = await #expect(throws: HTTPClientError.self) {
            try await HTTPClient(configuration).send(
                .local("GET", peer.url("/echo", scheme: "https")))
        }
        #expect(error?.kind == .tls, "\(error?.message ?? "")")
        #expect(try peer.ask(as: WebDiary.self).requests.isEmpty)
    }

    @Test func `TLS that nobody answers is an error in time`() async throws {
        let peer = try await WebPeer()
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(
                .local("GET", peer.url("/echo", scheme: "https")) {
                    $0.connectTimeout = .milliseconds(300)
                })
        }
        #expect(error?.kind == .timeout || error?.kind == .tls)
    }

    @Test func `cancelling the task ends the request and its connection`() async throws {
        let peer = try await WebPeer()
        let asking = Task { try await client.send(.local("GET", peer.url("/hang"))) }
        try await eventually { try peer.ask(as: WebDiary.self).requests["/hang"] == 1 }
        asking.cancel()
        let error = await #expect(throws: HTTPClientError.self) { try await asking.value }
        #expect(error?.kind == .cancelled)
        // Asyncio sees a connection's end only when it reads, so a new request has to do.
        _ = try await client.send(.local("GET", peer.url("/bytes?n=1")))
        #expect(try peer.ask(as: WebDiary.self).connections == 2)
    }

    @Test func `a task that is cancelled before asks nobody`() async throws {
        let peer = try await WebPeer()
        let asking = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await client.send(.local("GET", peer.url("/echo")))
        }
        let error = await #expect(throws: HTTPClientError.self) { try await asking.value }
        #expect(error?.kind == .cancelled)
    }

    @Test func `shutting down ends what is under way and refuses the rest`() async throws {
        let peer = try await WebPeer()
        let client = HTTPClient()
        let asking = Task { try await client.send(.local("GET", peer.url("/hang"))) }
        try await eventually { try peer.ask(as: WebDiary.self).requests["/hang"] == 1 }
        client.shutdown()
        for task in [asking, Task { try await client.send(.local("GET", peer.url("/echo"))) }] {
            let error = await #expect(throws: HTTPClientError.self) { try await task.value }
            #expect(error?.kind == .cancelled)
        }
    }
}
