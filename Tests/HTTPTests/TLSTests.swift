import HTTP
import RawHTTP
import Testing

@Suite struct TLSTests {
    /// A certificate for `localhost` and its key, made for these tests and for nothing else.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBljCCATugAwIBAgIUDlIeKOnVRF6YOi44TOM36b75U9EwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMDIwNTA1NVoYDzIxMjYxMDI3
        MjA1MDU1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATFYfb1wqatXrWFWXxguHGlTShPb+9QKjqVEH+euHLFCFmm8xkDeTx+
        jBThEuHNg/iqKFn7eZUMhbzm3uXYsbIyo2kwZzAdBgNVHQ4EFgQUUUfhJKyxoB0Z
        0GNLCJNv3d6mtUIwHwYDVR0jBBgwFoAUUUfhJKyxoB0Z0GNLCJNv3d6mtUIwDwYD
        VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
        SQAwRgIhAMJS8SfXbBlC1wPEDFXsSLM6OpjPD6t4g0KIlFaZ4x2GAiEAp//2cQko
        a9u6fRHoi7TJyrrL0VM+N3DJPh9VYotU7BE=
        -----END CERTIFICATE-----
        """
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7u0Pykdu/QI3LQ3V
        FcOlkYpxRky1EWJ72on2pgh/wn6hRANCAATFYfb1wqatXrWFWXxguHGlTShPb+9Q
        KjqVEH+euHLFCFmm8xkDeTx+jBThEuHNg/iqKFn7eZUMhbzm3uXYsbIy
        -----END PRIVATE KEY-----
        """

    /// The first message of a client of TLS 1.2 that offers ECDHE with ECDSA over P-256.
    private static let clientHello: [UInt8] =
        [0x16, 0x03, 0x01, 0x00, 0x4B, 0x01, 0x00, 0x00, 0x47, 0x03, 0x03]
        + [UInt8](repeating: 0x2A, count: 32) + [0x00]
        // ECDHE_ECDSA with AES-128-GCM, no compression.
        + [0x00, 0x04, 0xC0, 0x2B, 0x00, 0xFF, 0x01, 0x00]
        // Groups: P-256; points: uncompressed; signatures: ECDSA with SHA-256.
        + [0x00, 0x1A, 0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17]
        + [0x00, 0x0B, 0x00, 0x02, 0x01, 0x00]
        + [0x00, 0x0D, 0x00, 0x04, 0x00, 0x02, 0x04, 0x03]
        + [0x00, 0x17, 0x00, 0x00]

    @Test func `a server with a certificate speaks TLS and nothing else`() async throws {
        try await withServer(
            { router in
                router.get("/now", undocumented) { _ in .text("fine") }
            },
            settings: { configuration in
                configuration.certificate = Self.certificate
                configuration.key = Self.key
            }
        ) { port, _ in
            let client = try RawClient(port: port)
            try await client.send(Self.clientHello)
            let answer = try await client.receive(count: 6)
            // A handshake record of TLS 1.2 that holds the server's hello.
            #expect(answer[0] == 0x16)
            #expect(answer[5] == 0x02)
            let plain = try RawClient(port: port)
            try await plain.send("GET /now HTTP/1.1\r\nHost: test\r\n\r\n")
            #expect(try await !plain.receiveAll().contains("fine"))
        }
    }

    @Test func `a certificate that is none is an error that says so`() {
        var configuration = Server.Configuration()
        configuration.certificate = "nonsense"
        configuration.key = Self.key
        #expect(throws: ServerError.cannotStart("certificate or key are refused")) {
            try Server(configuration, router: Router()).start()
        }
    }
}
