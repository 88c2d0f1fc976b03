internal import CCurl

extension CurlHandle {
    /// Refuses every protocol but HTTP, with and without TLS.
    func allowWebOnly() throws {
        try check(ccurl_allow_web_only(handle))
    }

    /// Sets the body of a request, of which libcurl keeps a copy.
    func setBody(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            // libcurl takes a missing pointer for a body that is to be read from a callback.
            let start = bytes.baseAddress ?? UnsafeRawPointer(StaticString("").utf8Start)
            try check(ccurl_set_body(handle, start, curl_off_t(bytes.count)))
        }
    }

    /// Calls `open` to make each socket, which may refuse to.
    func onOpenSocket(
        _ open: curl_opensocket_callback, _ data: UnsafeMutableRawPointer
    ) throws {
        try check(ccurl_set_open_socket(handle, open, data))
    }

    /// Calls `look` when the connection stands and nothing of the request is sent.
    func beforeRequest(_ look: curl_prereq_callback, _ data: UnsafeMutableRawPointer) throws {
        try check(ccurl_set_before_request(handle, look, data))
    }

    /// Bytes of the body that are sent so far.
    var uploaded: Int { Int(ccurl_get_size(handle, CURLINFO_SIZE_UPLOAD_T)) }

    /// Whether a connection was found or made.
    var isConnected: Bool { ccurl_get_size(handle, CURLINFO_PRETRANSFER_TIME_T) > 0 }

    /// Goes on with a transfer whose receiver had said that it is full.
    func resume() {
        // What it reports, the transfer reports as well.
        _ = curl_easy_pause(handle, CURLPAUSE_CONT)
    }
}

/// Transfers of libcurl side by side, with the connections that they share; it is made, used and
/// closed on one thread, but for `wakeUp`.
struct CurlMulti: ~Copyable {
    private let multi: UnsafeMutableRawPointer

    /// No transfers yet; keeps at most `connections` for later ones. Throws `CurlFailure`.
    init(connections: Int) throws {
        guard CurlLibrary.isReady, let multi = curl_multi_init() else {
            throw CurlFailure(code: CURLE_FAILED_INIT, text: "libcurl cannot be initialised")
        }
        self.multi = multi
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
        // One transfer, one connection: one that is paused holds up no other.
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    deinit { curl_multi_cleanup(multi) }

    /// A number by which other threads wake up `wait`.
    var address: UInt { UInt(bitPattern: multi) }

    /// Ends a `wait` at once; to be called only while the transfers with this number exist.
    static func wakeUp(_ address: UInt) {
        if let multi = UnsafeMutableRawPointer(bitPattern: address) { curl_multi_wakeup(multi) }
    }

    /// Begins a transfer, which must be removed before it is closed.
    func add(_ transfer: borrowing CurlHandle) -> Bool {
        curl_multi_add_handle(multi, transfer.handle) == CURLM_OK
    }

    /// Ends a transfer, wherever it is.
    func remove(_ transfer: borrowing CurlHandle) {
        curl_multi_remove_handle(multi, transfer.handle)
    }

    /// Does what can be done without waiting; false when libcurl is out of order.
    func perform() -> Bool {
        var running: Int32 = 0
        return curl_multi_perform(multi, &running) == CURLM_OK
    }

    /// The next transfer that came to its end, by its handle.
    func nextDone() -> (handle: UnsafeMutableRawPointer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            return (message.pointee.easy_handle, message.pointee.data.result)
        }
        return nil
    }

    /// Waits until there is something to do, for `milliseconds` at most.
    func wait(milliseconds: Int32) {
        curl_multi_poll(multi, nil, 0, milliseconds, nil)
    }
}
