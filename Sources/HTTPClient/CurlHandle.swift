internal import CCurl

/// One transfer of libcurl; it is made, used and closed on one thread.
struct CurlHandle: ~Copyable {
    /// libcurl's own handle, for use by `CurlMulti`.
    let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>

    /// A transfer without options; throws `CurlFailure` when libcurl cannot make one.
    init() throws {
        guard CurlLibrary.isReady, let handle = curl_easy_init() else {
            throw CurlFailure(code: CURLE_FAILED_INIT, text: "libcurl cannot be initialised")
        }
        self.handle = handle
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(handle)
        errorText.deallocate()
    }

    /// Sets what every transfer in a process with threads needs.
    func prepare() throws {
        try check(ccurl_set_error_buffer(handle, errorText))
        // Signals are the process's own; timeouts of the resolver work without them.
        try set(CURLOPT_NOSIGNAL, 1)
        try check(ccurl_set_quick_exit(handle))
    }

    /// Sets an option that is a number.
    func set(_ option: CURLoption, _ value: Int) throws {
        try check(ccurl_set_long(handle, option, value))
    }

    /// Sets an option that is a text, of which libcurl keeps a copy.
    func set(_ option: CURLoption, _ value: String) throws {
        try check(ccurl_set_text(handle, option, value))
    }

    /// Sets an option that is a list, which must live until the transfer is over.
    func set(_ option: CURLoption, _ value: borrowing CurlList) throws {
        try check(ccurl_set_list(handle, option, value.first))
    }

    /// Sets an option that is a count of bytes.
    func set(_ option: CURLoption, size value: Int) throws {
        try check(ccurl_set_size(handle, option, curl_off_t(value)))
    }

    /// Refuses every protocol but SMTP, with and without TLS.
    func allowMailOnly() throws {
        try check(ccurl_allow_mail_only(handle))
    }

    /// Calls `read` for the bytes to upload.
    func onRead(_ read: curl_read_callback, _ data: UnsafeMutableRawPointer) throws {
        try check(ccurl_set_read(handle, read, data))
    }

    /// Calls `write` with what is downloaded.
    func onWrite(_ write: curl_write_callback, _ data: UnsafeMutableRawPointer) throws {
        try check(ccurl_set_write(handle, write, data))
    }

    /// Calls `line` with every line the server answers.
    func onReply(_ line: curl_write_callback, _ data: UnsafeMutableRawPointer) throws {
        try check(ccurl_set_header(handle, line, data))
    }

    /// Calls `trace` with what goes over the connection.
    func onTrace(_ trace: curl_debug_callback, _ data: UnsafeMutableRawPointer) throws {
        try check(ccurl_set_debug(handle, trace, data))
    }

    /// Calls `progress` about once a second; what it returns other than 0 ends the transfer.
    func onProgress(_ progress: curl_xferinfo_callback, _ data: UnsafeMutableRawPointer) throws {
        try check(ccurl_set_progress(handle, progress, data))
    }

    /// Does the transfer, blocking this thread; throws `CurlFailure` with libcurl's explanation.
    func perform() throws {
        try check(curl_easy_perform(handle))
    }

    /// Turns a code that is not OK into an error with the best text there is.
    func check(_ code: CURLcode) throws {
        guard code == CURLE_OK else { throw failure(code) }
    }

    /// A code that is not OK with the best text there is.
    func failure(_ code: CURLcode) -> CurlFailure {
        let detail = String(cString: errorText)
        return CurlFailure(
            code: code, text: detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)
    }
}

/// A list of texts in libcurl's form.
struct CurlList: ~Copyable {
    /// The first element, nil when there is none.
    let first: UnsafeMutablePointer<curl_slist>?

    /// A list of these texts; throws `CurlFailure` when memory is short.
    init(_ texts: [String]) throws {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = curl_slist_append(list, text) else {
                curl_slist_free_all(list)
                throw CurlFailure(code: CURLE_OUT_OF_MEMORY, text: "out of memory")
            }
            list = longer
        }
        first = list
    }

    deinit { curl_slist_free_all(first) }
}

/// What libcurl says when it cannot do something.
struct CurlFailure: Error {
    /// libcurl's code, never `CURLE_OK`.
    let code: CURLcode
    /// libcurl's explanation.
    let text: String
}

/// The library's process-wide state.
enum CurlLibrary {
    /// Whether libcurl is set up; the first look sets it up, once for the process.
    static let isReady = ccurl_global_init() == CURLE_OK
}
