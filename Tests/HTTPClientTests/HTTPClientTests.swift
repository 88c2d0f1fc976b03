import Foundation
import HTTPClient
import MailServer
import Testing
import WebPeer

@Suite struct `HTTP client: answers` {
    let client = HTTPClient()

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func `a request goes out as it is given`(method: String) async throws {
        let peer = try await WebPeer()
        let body = method == "GET" ? nil : Array("{\"a\": \"\u{1F600}\"}".utf8)
        let answer = try await client.send(
            .local(
                method, peer.url("/echo?q=1"),
                headers: [("Content-Type", "application/json"), ("X-Empty", ""), ("X-A", "b: c")],
                body: body))
        let echo = try JSONDecoder().decode(Echo.self, from: Data(answer.body))
        #expect(answer.status == 200)
        #expect(echo.method == method && echo.target == "/echo?q=1")
        #expect(Array(echo.body.unicodeScalars.map { UInt8($0.value) }) == body ?? [])
        var fields = [
            "Host": "127.0.0.1:\(peer.port)", "Content-Type": "application/json", "X-Empty": "",
            "X-A": "b: c",
        ]
        if let body { fields["Content-Length"] = String(body.count) }
        #expect(echo.header == fields)
    }

    @Test func `a POST without a body says so`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("POST", peer.url("/echo")))
        let echo = try JSONDecoder().decode(Echo.self, from: Data(answer.body))
        #expect(echo.header["Content-Length"] == "0" && echo.header.count == 2)
    }

    @Test func `the header comes in order, with its names as sent`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("GET", peer.url("/echo")))
        #expect(answer.headers.map(\.name).prefix(3) == ["X-Empty", "X-Twice", "x-twice"])
        #expect(answer.headers.map(\.value).prefix(3) == ["", "1", "2"])
        #expect(answer.header("X-TWICE") == "1" && answer.header("X-None") == nil)
    }

    @Test(arguments: [200, 204, 400, 404, 410, 429, 500, 503, 599])
    func `every status is an answer`(status: Int) async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("POST", peer.url("/status?code=\(status)")))
        #expect(answer.status == status)
        #expect(answer.body == (status == 204 ? [] : Array("said".utf8)))
    }

    @Test(arguments: [0, 1, 65_536, 5_000_000])
    func `bodies of all sizes arrive whole`(size: Int) async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("GET", peer.url("/bytes?n=\(size)")))
        #expect(answer.body == [UInt8](repeating: UInt8(ascii: "x"), count: size))
    }

    @Test func `a large body goes out whole and without asking first`() async throws {
        let peer = try await WebPeer()
        let body = [UInt8](repeating: UInt8(ascii: "y"), count: 3_000_000)
        let answer = try await client.send(.local("POST", peer.url("/echo"), body: body))
        let echo = try JSONDecoder().decode(Echo.self, from: Data(answer.body))
        #expect(echo.body.utf8.count == body.count && echo.header["Expect"] == nil)
    }

    @Test func `chunks are joined and a trailer is no header`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("GET", peer.url("/chunked?n=3")))
        #expect(String(decoding: answer.body, as: UTF8.self) == "line 0\nline 1\nline 2\n")
        #expect(answer.header("X-Sum") == nil)
    }

    @Test func `HEAD has the header of a body that does not come`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("HEAD", peer.url("/head")))
        #expect(answer.header("Content-Length") == "99999999" && answer.body.isEmpty)
    }

    @Test func `what is said before the answer is none`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("GET", peer.url("/early")))
        #expect(answer.status == 200 && answer.header("Link") == nil)
        #expect(answer.header("X-Late") == "yes")
    }

    @Test func `a body may end with its connection`() async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("GET", peer.url("/until-close")))
        #expect(String(decoding: answer.body, as: UTF8.self) == "all of it")
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is an answer and leads nowhere`(status: Int) async throws {
        let peer = try await WebPeer()
        let answer = try await client.send(.local("POST", peer.url("/redirect?status=\(status)")))
        #expect(answer.status == status && answer.header("Location") == "/echo")
        #expect(try peer.ask(as: WebDiary.self).requests == ["/redirect": 1])
    }

    @Test func `one connection serves one request after the other`() async throws {
        let peer = try await WebPeer()
        for _ in 1...5 { _ = try await client.send(.local("GET", peer.url("/bytes?n=10"))) }
        #expect(try peer.ask(as: WebDiary.self).connections == 1)
    }

    @Test func `TLS is spoken with whom an authority vouches for`() async throws {
        let certificate = try Certificate()
        let peer = try await WebPeer(
            arguments: ["--certificate", certificate.file, "--key", certificate.key])
        var configuration = HTTPClient.Configuration()
        configuration.certificateAuthorities = certificate.file
        let answer = try await HTTPClient(configuration).send(
            .local("GET", peer.url("/bytes?n=5", scheme: "https")))
        #expect(answer.body.count == 5)
    }
}

/// What the server says that it was asked.
private struct Echo: Decodable {
    let method: String
    let target: String
    let fields: [[String]]
    let body: String

    /// The fields by their names.
    var header: [String: String] {
        Dictionary(fields.map { ($0[0], $0[1]) }, uniquingKeysWith: { "\($0), \($1)" })
    }
}

extension HTTPClient.Request {
    /// A request that may go to this machine.
    static func local(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil, change: (inout HTTPClient.Request) -> Void = { _ in }
    ) -> HTTPClient.Request {
        var request = HTTPClient.Request(method, url, headers: headers, body: body)
        request.addresses = .any
        request.timeout = .seconds(60)
        change(&request)
        return request
    }
}
