import Testing
import WebPeer

@testable import HTTPClient

@Suite struct `HTTP client: addresses` {
    let client = HTTPClient()

    @Test(arguments: [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
        "http://0177.0.0.1/", "http://localhost/", "http://LOCALHOST/", "http://[::1]/",
        "http://[::]/", "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.0.1/",
        "http://192.168.0.1/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
        "http://224.0.0.1/", "http://255.255.255.255/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a00:1]/", "http://[64:ff9b::7f00:1]/", "http://[fd00::1]/",
        "http://[fe80::1]/", "http://[ff02::1]/", "http://[2002:7f00:1::]/", "https://127.0.0.1/",
    ])
    func `an address of this machine or its networks is refused`(url: String) async throws {
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(HTTPClient.Request("GET", url))
        }
        #expect(error?.kind == .refusedAddress, "\(error?.message ?? "")")
    }

    @Test func `a refused request touches nobody`() async throws {
        let peer = try await WebPeer()
        for host in ["127.0.0.1", "localhost"] {
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.send(HTTPClient.Request("GET", peer.url("/echo", host: host)))
            }
            #expect(error?.kind == .refusedAddress)
        }
        #expect(try peer.ask(as: WebDiary.self).connections == 0)
    }

    @Test func `an open connection of a request that may is not used by one that may not`()
        async throws
    {
        let peer = try await WebPeer()
        #expect(try await client.send(.local("GET", peer.url("/bytes?n=3"))).body.count == 3)
        let error = await #expect(throws: HTTPClientError.self) {
            try await client.send(HTTPClient.Request("GET", peer.url("/echo")))
        }
        #expect(error?.kind == .refusedAddress)
        #expect(try peer.ask(as: WebDiary.self).requests == ["/bytes": 1])
    }

    @Test(arguments: [
        ("8.8.8.8", true), ("1.1.1.1", true), ("9.255.255.255", true), ("11.0.0.0", true),
        ("100.63.255.255", true), ("100.128.0.0", true), ("126.255.255.255", true),
        ("128.0.0.0", true), ("172.15.255.255", true), ("172.32.0.0", true),
        ("192.167.255.255", true), ("192.169.0.0", true), ("223.255.255.255", true),
        ("2606:4700:4700::1111", true), ("2001:4860:4860::8888", true), ("2a00::1", true),
        ("0.1.2.3", false), ("10.255.255.255", false), ("100.64.0.0", false),
        ("100.127.255.255", false), ("127.0.0.1", false), ("127.255.255.255", false),
        ("169.254.0.1", false), ("172.16.0.0", false), ("172.31.255.255", false),
        ("192.0.0.1", false), ("192.0.2.1", false), ("192.88.99.1", false),
        ("192.168.255.255", false), ("198.18.0.1", false), ("198.19.255.255", false),
        ("198.51.100.1", false), ("203.0.113.1", false), ("224.0.0.1", false),
        ("239.255.255.255", false), ("240.0.0.1", false), ("255.255.255.255", false),
        ("::", false), ("::1", false), ("::8.8.8.8", false), ("::ffff:8.8.8.8", false),
        ("64:ff9b::808:808", false), ("64:ff9b:1::1", false), ("100::1", false),
        ("2001::1", false), ("2001:db8::1", false), ("2002:808:808::1", false),
        ("3fff::1", false), ("4000::1", false), ("fc00::1", false), ("fdff::1", false),
        ("fe80::1", false), ("fe80::1%eth0", false), ("fec0::1", false), ("ff02::1", false),
    ])
    func `only addresses of the Internet are public`(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }
}
