import HTTP
import JSON
import RawHTTP
import Testing

@Suite struct HeadersTests {
    @Test func `a field is found without regard to case and kept in order`() {
        var headers: Headers = ["Content-Type": "text/plain", "X-A": "1", "x-a": "2"]
        #expect(headers["content-type"] == "text/plain")
        #expect(headers["X-a"] == "1")
        #expect(headers.all("X-A") == ["1", "2"])
        #expect(headers["X-B"] == nil)
        #expect(!headers.contains("Content-Typ"))
        headers["X-A"] = "3"
        #expect(headers.map(\.name) == ["Content-Type", "X-A"])
        #expect(headers.all("x-a") == ["3"])
        headers["content-type"] = nil
        #expect(headers.map(\.value) == ["3"])
        headers.add("X-Empty", "")
        #expect(headers["x-empty"] == "")
    }

    @Test func `no value can begin a line of its own`() async throws {
        try await withServer({ router in
            router.get("/echo", undocumented) { request in
                var response = Response.text("x")
                response.headers.add("X-Echo", request.query["q"] ?? "")
                return response
            }
        }) { port, _ in
            let client = try RawClient(port: port)
            let answer = try await client.get("/echo?q=a%0D%0AX-Evil:%201%00b%09c%C3%BC")
            #expect(answer["X-Echo"] == "a  X-Evil: 1 b\tcü")
            #expect(answer["X-Evil"] == nil)
        }
    }
}

@Suite struct QueryTests {
    @Test(arguments: [
        ("", []), ("a=1", ["a=1"]), ("a=1&b=2&a=3", ["a=1", "b=2", "a=3"]),
        ("a", ["a="]), ("a=", ["a="]), ("=x", ["=x"]), ("a=b=c", ["a=b=c"]), ("&&a=1&", ["a=1"]),
        ("a+b=c+d", ["a b=c d"]), ("a=%2B%26%3D", ["a=+&="]), ("caf%C3%A9=%E2%82%AC", ["café=€"]),
        ("é=ü", ["é=ü"]),
    ])
    func `pairs are decoded in order`(_ text: String, _ pairs: [String]) throws {
        #expect(try Query(parsing: text).pairs.map { "\($0.name)=\($0.value)" } == pairs)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%G0", "a=%ff", "%C3=1", "a=%ED%A0%80", "a=%C0%80"])
    func `what is not escaped text is refused`(_ text: String) {
        #expect(throws: HTTPError.self) { try Query(parsing: text) }
    }
}

@Suite struct RequestJSONTests {
    private func request(_ body: String, type: String? = "application/json") -> Request {
        var request = Request(.post, "/", body: Array(body.utf8))
        request.headers["Content-Type"] = type
        return request
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
        "application/merge-patch+json", nil,
    ])
    func `an object is taken`(_ type: String?) throws {
        #expect(try request(#"{"a":1}"#, type: type).json()["a"]?.int == 1)
    }

    @Test(arguments: [
        ("", "malformed_json"), ("{", "malformed_json"), ("{\"a\":1,}", "malformed_json"),
        ("{\"a\":1}x", "malformed_json"), ("[1]", "validation_error"),
        ("\"a\"", "validation_error"), ("null", "validation_error"),
    ])
    func `anything else is refused`(_ body: String, _ code: String) {
        let error = #expect(throws: HTTPError.self) { try request(body).json() }
        #expect(error?.status == .badRequest)
        #expect(error?.code == code)
    }

    @Test func `bytes that are no UTF-8 and depth beyond reason are refused`() {
        var broken = request("")
        broken.body = Array(#"{"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(throws: HTTPError.self) { try broken.json() }
        let deep = #"{"a":"# + String(repeating: "[", count: 20_000)
        #expect(throws: HTTPError.self) { try request(deep).json() }
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "x"])
    func `another type is refused`(_ type: String) {
        let error = #expect(throws: HTTPError.self) { try request("{}", type: type).json() }
        #expect(error?.status == .unsupportedMediaType)
    }

    @Test func `no body is an empty object where that is allowed`() throws {
        #expect(try request("", type: nil).json(allowsEmptyBody: true) == .object(JSONObject()))
        #expect(throws: HTTPError.self) { try request(" ").json(allowsEmptyBody: true) }
    }
}
