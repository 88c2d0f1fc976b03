/// Hands messages over to one mail server, as libcurl speaks SMTP.
public struct SMTPClient: Sendable {
    /// When the connection is secured on `smtp://`; `smtps://` is secured from the first byte.
    public enum StartTLS: String, Sendable {
        /// No message and no password leaves before the server agreed to TLS.
        case required
        /// Everything goes in clear text.
        case off
    }

    /// How to reach the server.
    public struct Options: Sendable {
        /// `smtp://host:port` or `smtps://host:port`; the usual port when none is named.
        public var url: String
        /// When an `smtp://` connection is secured.
        public var startTLS: StartTLS = .required
        /// Who signs in; empty: nobody does.
        public var username = ""
        /// The password of `username`.
        public var password = ""
        /// A file of PEM certificates that are trusted beside the system's own.
        public var certificateAuthorities: String?
        /// Seconds until the connection must stand: connected, greeted, secured, signed in.
        public var connectTimeout = 10.0
        /// Seconds that the whole hand-over of one message may take.
        public var sendTimeout = 180.0
        /// Seconds that a check may take, waiting in line included.
        public var checkTimeout = 10.0
        /// How many messages are handed over at once; the same number of checks may run beside.
        public var width = 4

        /// Options with the defaults above.
        public init(url: String) {
            self.url = url
        }
    }

    /// How the server is reached.
    public let options: Options
    private let sending: BlockingLane
    private let checking: BlockingLane

    /// A client that connects only when it is used.
    public init(_ options: Options) {
        self.options = options
        sending = BlockingLane(label: "smtp.send", width: options.width)
        checking = BlockingLane(label: "smtp.check", width: options.width)
    }

    /// Hands one message over for all `recipients`, or for none of them.
    ///
    /// `message` is a whole RFC 5322 message with CRLF line ends. Throws `SMTPError`, or
    /// `CancellationError` when the task is cancelled meanwhile: then the server may or may not
    /// have taken the message.
    public func send(_ message: [UInt8], from sender: String, to recipients: [String]) async throws
    {
        let envelope = SMTPExchange.Envelope(
            sender: sender, recipients: recipients, message: message)
        try await run(.send(envelope), on: sending, within: options.sendTimeout)
    }

    /// Connects, greets, secures and signs in as `send` does, and quits; throws `SMTPError`.
    public func check() async throws {
        try await run(.check, on: checking, within: options.checkTimeout)
    }

    /// Runs one exchange on `lane`; cancelling the task ends it within about a second.
    private func run(
        _ purpose: SMTPExchange.Purpose, on lane: BlockingLane, within seconds: Double
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        let stop = StopFlag()
        try await withTaskCancellationHandler {
            try await lane.run { [options] in
                if stop.isSet { throw CancellationError() }
                do {
                    try SMTPExchange.run(purpose, options, deadline: deadline, stop: stop)
                } catch {
                    throw stop.isSet ? CancellationError() : error
                }
            }
        } onCancel: {
            stop.set()
        }
    }
}
