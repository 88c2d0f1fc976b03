internal import CCurl

/// What is said in one conversation: the message on its way out, the last command and its answer.
///
/// It lives on the thread that has the conversation; libcurl calls it back from there.
final class SMTPTranscript {
    private let message: [UInt8]
    private var sent = 0
    private var deadline: ContinuousClock.Instant
    private let farewell: Duration
    private let stop: StopFlag
    private var command = ""
    private var reply: [String] = []
    private var isOver = false

    /// A transcript that ends the conversation at `deadline`, or `farewell` after quitting began.
    init(
        message: [UInt8], deadline: ContinuousClock.Instant, farewell: Duration, stop: StopFlag
    ) {
        self.message = message
        self.deadline = deadline
        self.farewell = farewell
        self.stop = stop
    }

    /// Sets the callbacks; the transcript must outlive the transfer.
    func listen(to handle: borrowing CurlHandle) throws {
        let me = Unmanaged.passUnretained(self).toOpaque()
        try handle.onRead({ transcript(at: $3).read(into: $0, atMost: $1 * $2) }, me)
        try handle.onWrite({ _, size, count, _ in size * count }, me)
        try handle.onReply(
            { line, size, count, me in
                let line = UnsafeRawBufferPointer(start: line, count: size * count)
                transcript(at: me).heard(line)
                return line.count
            }, me)
        try handle.onTrace(
            { _, kind, text, count, me in
                guard kind == CURLINFO_HEADER_OUT else { return 0 }
                transcript(at: me).said(UnsafeRawBufferPointer(start: text, count: count))
                return 0
            }, me)
        try handle.onProgress({ me, _, _, _, _ in transcript(at: me).mustEnd ? 1 : 0 }, me)
    }
}

/// The transcript behind a callback's pointer, which is the one that `listen` gave to libcurl.
private func transcript(at pointer: UnsafeMutableRawPointer?) -> SMTPTranscript {
    Unmanaged<SMTPTranscript>.fromOpaque(pointer!).takeUnretainedValue()
}

// MARK: - During the conversation

extension SMTPTranscript {
    /// Whether the conversation is to be broken off.
    fileprivate var mustEnd: Bool { stop.isSet || ContinuousClock.now >= deadline }

    /// Copies the next bytes of the message and returns how many, 0 at its end.
    fileprivate func read(into buffer: UnsafeMutablePointer<CChar>?, atMost room: Int) -> Int {
        guard let buffer else { return 0 }
        let count = min(room, message.count - sent)
        message.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: buffer, count: count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[sent..<(sent + count)]))
        }
        sent += count
        if sent == message.count {
            command = "the message"
            reply = []
        }
        return count
    }

    /// Notes a command, of which only the first word is kept: the rest may be a password.
    fileprivate func said(_ text: UnsafeRawBufferPointer) {
        let word = String(decoding: text.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
        guard word != "QUIT" else {
            // What decided the outcome was said before the farewell.
            isOver = true
            deadline = min(deadline, ContinuousClock.now + farewell)
            return
        }
        command = word
        reply = []
    }

    /// Notes a line of the answer; the last line of an answer begins with its code and a space.
    fileprivate func heard(_ line: UnsafeRawBufferPointer) {
        guard !isOver else { return }
        if let last = reply.last, last.dropFirst(3).first != "-" { reply = [] }
        let text = String(decoding: line, as: UTF8.self)
        reply.append(String(text.prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }.prefix(500)))
        if reply.count > 10 { reply.removeFirst() }
    }
}

// MARK: - Afterwards

extension SMTPTranscript {
    /// The commands whose refusal is about this message and not about the connection.
    private static let aboutTheMessage: Set = ["MAIL", "RCPT", "DATA", "the message"]

    /// The error for what libcurl reports, told in the server's words where it spoke last.
    func explain(_ failure: CurlFailure) -> SMTPError {
        let code = reply.last.flatMap { Int($0.prefix(3)) } ?? 0
        guard (400...599).contains(code) else {
            return SMTPError(kind: .temporary, code: nil, message: failure.text)
        }
        let isFinal = code >= 500 && Self.aboutTheMessage.contains(command)
        let place = command.isEmpty ? "when we connected" : "to \(command)"
        return SMTPError(
            kind: isFinal ? .permanent : .temporary, code: code,
            message: "the server answered \(place): \(reply.joined(separator: " "))")
    }
}
