internal import CCurl

/// One conversation with a mail server on one thread, from connecting to quitting.
enum SMTPExchange {
    /// A message with the addresses that only the server sees.
    struct Envelope: Sendable {
        /// The address that gets bounces.
        let sender: String
        /// The addresses that get the message.
        let recipients: [String]
        /// The message with CRLF line ends.
        let message: [UInt8]
    }

    /// What the conversation is for.
    enum Purpose: Sendable {
        /// To see whether the server lets us in.
        case check
        /// To hand over a message.
        case send(Envelope)
    }

    /// Seconds that are granted to the farewell, when all that matters is done.
    private static let farewell = Duration.seconds(3)

    /// Has the conversation, blocking this thread until `deadline` at most; throws `SMTPError`.
    static func run(
        _ purpose: Purpose, _ options: SMTPClient.Options,
        deadline: ContinuousClock.Instant, stop: StopFlag
    ) throws {
        let message: [UInt8] =
            if case .send(let envelope) = purpose { envelope.message } else { [] }
        let transcript = SMTPTranscript(
            message: message, deadline: deadline, farewell: farewell, stop: stop)
        do {
            // libcurl may call back until its handle is closed, so the handle ends in here.
            try withExtendedLifetime(transcript) {
                try converse(purpose, options, deadline: deadline, transcript)
            }
        } catch let failure as CurlFailure {
            throw transcript.explain(failure)
        }
    }

    /// Has the conversation with a handle of its own; throws `CurlFailure`.
    private static func converse(
        _ purpose: Purpose, _ options: SMTPClient.Options,
        deadline: ContinuousClock.Instant, _ transcript: SMTPTranscript
    ) throws {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else {
            throw CurlFailure(code: CURLE_OPERATION_TIMEDOUT, text: "no time was left")
        }
        let handle = try CurlHandle()
        try configure(handle, options, within: left)
        try transcript.listen(to: handle)
        switch purpose {
        case .check: try check(by: handle)
        case .send(let envelope): try send(envelope, by: handle)
        }
    }

    /// Sets what every conversation needs.
    private static func configure(
        _ handle: borrowing CurlHandle, _ options: SMTPClient.Options, within left: Duration
    ) throws {
        try handle.prepare()
        try handle.set(CURLOPT_URL, options.url)
        try handle.allowMailOnly()
        // A proxy variable that is meant for web pages must not lead mail astray.
        try handle.set(CURLOPT_PROXY, "")
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, Int(options.connectTimeout * 1000))
        try handle.set(CURLOPT_TIMEOUT_MS, max(1, Int(left / .milliseconds(1))))
        // Closing inside `perform` keeps the farewell under our deadline and our stop flag.
        try handle.set(CURLOPT_FORBID_REUSE, 1)
        let security = options.startTLS == .required ? CURLUSESSL_ALL : CURLUSESSL_NONE
        try handle.set(CURLOPT_USE_SSL, Int(security.rawValue))
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = options.certificateAuthorities { try handle.set(CURLOPT_CAINFO, file) }
        if !options.username.isEmpty {
            try handle.set(CURLOPT_USERNAME, options.username)
            try handle.set(CURLOPT_PASSWORD, options.password)
        }
    }

    /// Does nothing with the connection that stands.
    private static func check(by handle: borrowing CurlHandle) throws {
        try handle.set(CURLOPT_CUSTOMREQUEST, "NOOP")
        try handle.perform()
    }

    /// Hands the message over.
    private static func send(_ envelope: Envelope, by handle: borrowing CurlHandle) throws {
        let recipients = try CurlList(envelope.recipients.map { "<\($0)>" })
        try handle.set(CURLOPT_MAIL_FROM, "<\(envelope.sender)>")
        try handle.set(CURLOPT_MAIL_RCPT, recipients)
        try handle.set(CURLOPT_INFILESIZE_LARGE, size: envelope.message.count)
        try handle.set(CURLOPT_UPLOAD, 1)
        try handle.perform()
    }
}
