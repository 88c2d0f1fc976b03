internal import CCurl
internal import Glibc

/// One transfer while libcurl does it.
///
/// It lives on the loop's thread; libcurl calls it back from there.
final class HTTPExchange {
    /// Who asked.
    let transfer: Transfer
    /// libcurl's side of it.
    let handle: CurlHandle
    private let fields: CurlList
    private var reader = HeadReader()
    private var received = 0
    private var failure: HTTPClientError?
    private var isRefused = false
    private var isPaused = false
    private var lastActivity = ContinuousClock.now
    private var uploaded = 0

    /// A transfer that is ready to begin; throws `CurlFailure`.
    init(_ transfer: Transfer, _ configuration: HTTPClient.Configuration) throws {
        self.transfer = transfer
        handle = try CurlHandle()
        fields = try CurlList(Self.lines(of: transfer.request, configuration))
        try prepare(configuration)
        try listen()
    }

    /// Goes on after the reader has read.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        lastActivity = .now
        handle.resume()
    }

    /// The moment at which `overdue` has to be asked.
    var nextLook: ContinuousClock.Instant {
        isPaused
            ? transfer.deadline
            : min(transfer.deadline, lastActivity + transfer.request.idleTimeout)
    }

    /// Why the transfer has to end now, if it has to.
    func overdue(at now: ContinuousClock.Instant) -> HTTPClientError? {
        if now >= transfer.deadline { return .tooLate(after: transfer.request.timeout) }
        guard !isPaused, now >= lastActivity + transfer.request.idleTimeout else { return nil }
        // Connecting has its own limit, and what is sent counts as well as what is heard.
        guard handle.isConnected, handle.uploaded == uploaded else {
            uploaded = handle.uploaded
            lastActivity = now
            return nil
        }
        let seconds = transfer.request.idleTimeout / .seconds(1)
        return HTTPClientError(
            kind: .timeout, message: "the other side was silent for \(seconds) seconds")
    }

    /// What libcurl's end of the transfer means to the one who asked.
    func result(of code: CURLcode) -> Result<Void, HTTPClientError> {
        if let failure { return .failure(failure) }
        guard code != CURLE_OK else {
            // To libcurl a head that breaks off is an answer without a body.
            return reader.isComplete ? .success(()) : .failure(.noAnswer)
        }
        if isRefused { return .failure(.refused) }
        return .failure(handle.failure(code).explained)
    }
}

// MARK: - Before it begins

extension HTTPExchange {
    /// The header's fields as libcurl takes them.
    private static func lines(
        of request: HTTPClient.Request, _ configuration: HTTPClient.Configuration
    ) -> [String] {
        var lines = request.headers.map { name, value in
            // Without a value a colon would mean to libcurl that the field is unwanted.
            value.isEmpty ? "\(name);" : "\(name): \(value)"
        }
        let names = Set(request.headers.map { $0.name.lowercased() })
        // What libcurl would add by itself.
        for name in ["Accept", "Content-Type", "Expect"] where !names.contains(name.lowercased()) {
            lines.append("\(name):")
        }
        if !configuration.userAgent.isEmpty, !names.contains("user-agent") {
            lines.append("User-Agent: \(configuration.userAgent)")
        }
        return lines
    }

    private func prepare(_ configuration: HTTPClient.Configuration) throws {
        let request = transfer.request
        try handle.prepare()
        try handle.set(CURLOPT_URL, request.url)
        try handle.allowWebOnly()
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // A proxy variable must not lead round the guard.
        try handle.set(CURLOPT_PROXY, "")
        try handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = configuration.certificateAuthorities {
            try handle.set(CURLOPT_CAINFO, file)
        }
        let connect = max(1, Int(request.connectTimeout / .milliseconds(1)))
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, connect)
        try handle.set(CURLOPT_HTTPHEADER, fields)
        if !request.reusesConnections { try handle.set(CURLOPT_FRESH_CONNECT, 1) }
        try setMethod(request)
    }

    private func setMethod(_ request: HTTPClient.Request) throws {
        if let body = request.body ?? (request.method == "POST" ? [] : nil) {
            try handle.setBody(body)
        } else if request.method == "HEAD" {
            try handle.set(CURLOPT_NOBODY, 1)
        }
        if request.method != "HEAD" || request.body != nil {
            try handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func listen() throws {
        let me = Unmanaged.passUnretained(self).toOpaque()
        try handle.onReply(
            { line, size, count, me in
                exchange(at: me).heard(UnsafeRawBufferPointer(start: line, count: size * count))
            }, me)
        try handle.onWrite(
            { bytes, size, count, me in
                exchange(at: me).arrived(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }, me)
        guard transfer.request.addresses == .publicOnly else { return }
        try handle.onOpenSocket(
            { me, _, address in
                guard let address else { return CURL_SOCKET_BAD }
                return exchange(at: me).open(&address.pointee)
            }, me)
        // A connection that another request has opened is looked at as well.
        try handle.beforeRequest(
            { me, address, _, _, _ in exchange(at: me).mayGo(to: address) ? 0 : 1 }, me)
    }
}

/// The exchange behind a callback's pointer, which is the one that `listen` gave to libcurl.
private func exchange(at pointer: UnsafeMutableRawPointer?) -> HTTPExchange {
    Unmanaged<HTTPExchange>.fromOpaque(pointer!).takeUnretainedValue()
}

// MARK: - While it goes on

extension HTTPExchange {
    /// Makes a socket to an address, or none when it must not go there.
    fileprivate func open(_ address: inout curl_sockaddr) -> curl_socket_t {
        let isPublic = withUnsafePointer(to: &address.addr) { IPAddress($0)?.isPublic ?? false }
        guard isPublic else {
            isRefused = true
            return CURL_SOCKET_BAD
        }
        return socket(
            address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
    }

    /// Whether the connection at hand leads where the request may go.
    fileprivate func mayGo(to address: UnsafePointer<CChar>?) -> Bool {
        let isPublic =
            address.map { String(cString: $0) }.flatMap(IPAddress.init)?.isPublic ?? false
        if !isPublic { isRefused = true }
        return isPublic
    }

    /// Takes a line of the header; a count other than the line's ends the transfer.
    fileprivate func heard(_ line: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        switch reader.take(line) {
        case .more: return line.count
        case .complete(let head):
            transfer.deliver(head)
            return line.count
        case .malformed:
            failure = HTTPClientError(kind: .malformed, message: "the answer's head is no HTTP")
        case .tooLarge:
            failure = HTTPClientError(kind: .tooLarge, message: "the answer's head is too large")
        }
        return 0
    }

    /// Takes bytes of the body; a count other than theirs ends or pauses the transfer.
    fileprivate func arrived(_ bytes: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        guard received + bytes.count <= transfer.request.maxResponseBytes else {
            failure = HTTPClientError(
                kind: .tooLarge,
                message: "the answer has more than \(transfer.request.maxResponseBytes) bytes")
            return 0
        }
        switch transfer.deliver(bytes) {
        case .taken:
            received += bytes.count
            return bytes.count
        case .full:
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .unwanted:
            failure = .cancelled
            return 0
        }
    }
}

// MARK: - Errors

extension HTTPClientError {
    /// What a transfer gets that leads where it must not.
    static let refused = HTTPClientError(
        kind: .refusedAddress, message: "the address is not one of the public Internet")

    /// What a transfer gets whose time is over.
    static func tooLate(after limit: Duration) -> HTTPClientError {
        HTTPClientError(
            kind: .timeout, message: "there was no whole answer within \(limit / .seconds(1)) s")
    }
}

extension CurlFailure {
    /// The failure in our words.
    var explained: HTTPClientError {
        let kind: HTTPClientError.Kind =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_URL_MALFORMAT: .invalidURL
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR,
                CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_FAILED_INIT,
                CURLE_OUT_OF_MEMORY, CURLE_NO_CONNECTION_AVAILABLE:
                .connection
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
                CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
                .tls
            default: .malformed
            }
        let unconnected = [CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT]
        return HTTPClientError(
            kind: kind, message: text, neverConnected: unconnected.contains(code))
    }
}
