import HTTPClient
import MailServer
import Testing
import WebPeer

@Suite struct `HTTP client: streams` {
    let client = HTTPClient()

    @Test func `the head and the first chunk are there before the last is sent`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.stream(.local("GET", peer.url("/hang-body")))
        #expect(answer.status == 200 && answer.header("content-length") == "1000")
        var reader = answer.body.makeAsyncIterator()
        let first = try await reader.next()
        #expect(first.map { String(decoding: $0, as: UTF8.self) } == "a beginning")
    }

    @Test func `a body outlives its client, and a long time is a long time`() async throws {
        let peer = try await WebPeer()
        let answer = try await HTTPClient().stream(
            .local("GET", peer.url("/chunked?n=3&ms=100")) {
                $0.timeout = .seconds(Int64.max)
                $0.idleTimeout = .seconds(Int64.max)
                $0.connectTimeout = .seconds(Int64.max)
            })
        var count = 0
        for try await chunk in answer.body { count += chunk.count }
        #expect(count == 21)
    }

    @Test func `all chunks come, in order, and then the end`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.stream(.local("GET", peer.url("/chunked?n=5&ms=20")))
        #expect(answer.status == 200 && answer.header("trailer") == "X-Sum")
        var text = ""
        for try await chunk in answer.body { text += String(decoding: chunk, as: UTF8.self) }
        #expect(text == (0..<5).map { "line \($0)\n" }.joined())
        for try await _ in answer.body { Issue.record("there is more") }
    }

    @Test func `a slow reader slows the server down`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.stream(
            .local("GET", peer.url("/endless")) { $0.maxResponseBytes = .max })
        var reader = answer.body.makeAsyncIterator()
        let first = try await reader.next()
        #expect(first?.isEmpty == false)
        var sent = -1
        try await eventually {
            let before = sent
            try await Task.sleep(for: .milliseconds(200))
            sent = try peer.ask(as: WebDiary.self).sent
            return sent == before
        }
        // Ours and what the two sockets hold; without a stop it would be hundreds of megabytes.
        #expect(sent < 32_000_000)
        var read = 0
        while read < 2 * sent { read += try await reader.next()?.count ?? 0 }
        #expect(try peer.ask(as: WebDiary.self).sent > sent)
    }

    @Test func `a reader that pauses is not a silent server`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.stream(
            .local("GET", peer.url("/bytes?n=8000000")) { $0.idleTimeout = .milliseconds(400) })
        var count = 0
        for try await chunk in answer.body {
            if count == 0 { try await Task.sleep(for: .milliseconds(900)) }
            count += chunk.count
        }
        #expect(count == 8_000_000)
    }

    @Test func `a stream that is not read to its end gives its connection up`() async throws {
        let peer = try await WebPeer()
        var answer: HTTPClient.StreamedResponse? = try await client.stream(
            .local("GET", peer.url("/endless")) { $0.maxResponseBytes = .max })
        #expect(answer?.status == 200)
        answer = nil
        try await eventually { try peer.ask(as: WebDiary.self).open == 0 }
    }

    @Test(arguments: ["/drop-body", "/drop-chunk"])
    func `what came before a break is read, then the break`(path: String) async throws {
        let peer = try await WebPeer()
        let answer = try await client.stream(.local("GET", peer.url(path)))
        var text = ""
        let error = await #expect(throws: HTTPClientError.self) {
            for try await chunk in answer.body { text += String(decoding: chunk, as: UTF8.self) }
        }
        #expect(text == "only this")
        #expect(error?.kind == .connection)
    }

    @Test func `a stream has its limits of size and time`() async throws {
        let peer = try await WebPeer()
        let large = try await client.stream(
            .local("GET", peer.url("/endless")) { $0.maxResponseBytes = 1_000_000 })
        let tooLarge = await #expect(throws: HTTPClientError.self) {
            for try await _ in large.body {}
        }
        #expect(tooLarge?.kind == .tooLarge)
        let slow = try await client.stream(
            .local("GET", peer.url("/hang-body")) { $0.timeout = .seconds(0.5) })
        let tooLate = await #expect(throws: HTTPClientError.self) {
            for try await _ in slow.body {}
        }
        #expect(tooLate?.kind == .timeout)
    }

    @Test func `cancelling the reader ends the stream`() async throws {
        let peer = try await WebPeer()
        let reading = Task {
            for try await _ in try await client.stream(.local("GET", peer.url("/hang-body"))).body {
            }
        }
        try await eventually { try peer.ask(as: WebDiary.self).requests["/hang-body"] == 1 }
        reading.cancel()
        let error = await #expect(throws: HTTPClientError.self) { try await reading.value }
        #expect(error?.kind == .cancelled)
    }
}

@Suite struct `HTTP client: many at once` {
    @Test func `one that hangs delays nobody`() async throws {
        let peer = try await WebPeer()
        let client = HTTPClient()
        let hanging = Task { try await client.send(.local("GET", peer.url("/hang"))) }
        try await eventually { try peer.ask(as: WebDiary.self).requests["/hang"] == 1 }
        let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await client.send(.local("GET", peer.url("/bytes?n=\(number)"))).body.count
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(sizes == Set(1...200))
        hanging.cancel()
        await #expect(throws: HTTPClientError.self) { try await hanging.value }
    }

    @Test func `a host has no more connections than allowed, and others go on`() async throws {
        let full = try await WebPeer()
        let free = try await WebPeer()
        var configuration = HTTPClient.Configuration()
        configuration.maxConnectionsPerHost = 3
        configuration.maxConnections = 10
        let client = HTTPClient(configuration)
        let hanging = (1...20).map { _ in
            Task { try await client.send(.local("GET", full.url("/hang"))) }
        }
        try await eventually { try full.ask(as: WebDiary.self).requests["/hang"] == 3 }
        #expect(try await client.send(.local("GET", free.url("/bytes?n=7"))).body.count == 7)
        #expect(try full.ask(as: WebDiary.self).connections == 3)
        // The places of those who give up are taken by those who wait.
        for task in hanging.prefix(10) { task.cancel() }
        try await eventually { try full.ask(as: WebDiary.self).requests["/hang"] ?? 0 > 3 }
        for task in hanging { task.cancel() }
        for task in hanging {
            await #expect(throws: HTTPClientError.self) { try await task.value }
        }
        #expect(try await client.send(.local("GET", full.url("/bytes?n=7"))).body.count == 7)
    }

    @Test func `waiting in line counts into the time`() async throws {
        let peer = try await WebPeer()
        var configuration = HTTPClient.Configuration()
        configuration.maxConnectionsPerHost = 1
        let client = HTTPClient(configuration)
        let hanging = Task { try await client.send(.local("GET", peer.url("/hang"))) }
        try await eventually { try peer.ask(as: WebDiary.self).requests["/hang"] == 1 }
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(.local("GET", peer.url("/echo")) { $0.timeout = .seconds(0.2) })
        }
        #expect(error?.kind == .timeout)
        hanging.cancel()
    }
}
