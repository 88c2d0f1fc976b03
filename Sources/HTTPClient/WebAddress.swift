internal import CCurl

/// What libcurl reads in a URL.
enum WebAddress {
    /// The scheme, host and port of a URL, in one spelling; throws when it is none of the web.
    static func origin(of text: String) throws -> String {
        guard !text.utf8.contains(0), let url = curl_url() else { throw invalid("has a NUL") }
        defer { curl_url_cleanup(url) }
        let code = curl_url_set(url, CURLUPART_URL, text, 0)
        guard code == CURLUE_OK else { throw invalid(String(cString: curl_url_strerror(code))) }
        guard let scheme = part(CURLUPART_SCHEME, of: url)?.lowercased(),
            ["http", "https"].contains(scheme)
        else { throw invalid("must begin with 'http://' or 'https://'") }
        guard let host = part(CURLUPART_HOST, of: url)?.lowercased(), !host.isEmpty,
            let port = part(CURLUPART_PORT, of: url)
        else { throw invalid("has no host") }
        return "\(scheme)://\(host):\(port)"
    }

    private static func part(_ part: CURLUPart, of url: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text
        else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    private static func invalid(_ problem: String) -> HTTPClientError {
        HTTPClientError(kind: .invalidURL, message: "the URL is not usable: \(problem)")
    }
}
