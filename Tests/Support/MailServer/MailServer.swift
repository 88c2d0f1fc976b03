import Dispatch
import Foundation
import Subprocess
import Synchronization

/// A real mail server for one test: aiosmtpd in its own process, on loopback, ended with this.
public final class MailServer: Sendable {
    /// Whether and when the server encrypts.
    public enum TLS: String, Sendable {
        /// Never.
        case none
        /// When the client asks.
        case starttls
        /// From the first byte.
        case implicit
    }

    /// The moment at which a fault shows: a command, the connection, or the end of the message.
    public enum Moment: String, Sendable {
        /// Before the greeting.
        case connection = "CONNECT"
        /// The commands of SMTP.
        case ehlo = "EHLO"
        case helo = "HELO"
        case startTLS = "STARTTLS"
        case auth = "AUTH"
        case noop = "NOOP"
        case mail = "MAIL"
        case recipient = "RCPT"
        case data = "DATA"
        case quit = "QUIT"
        /// After the final dot.
        case message = "MESSAGE"
    }

    /// What goes wrong.
    public enum Fault: Sendable {
        /// The server answers this line instead.
        case reply(String)
        /// The server says nothing more.
        case hang
        /// The connection is cut.
        case drop
        /// The message is kept, but the client never hears of it.
        case silence
    }

    /// The loopback port.
    public let port: Int
    /// `smtp://127.0.0.1:port`, or `smtps://…` when it encrypts from the first byte.
    public let url: String
    private let orders: FileHandle
    private let answers: Mutex<Lines>
    private let folder: URL

    /// Starts a server; throws when the virtual environment is missing or Python fails.
    public init(
        tls: TLS = .none, certificate: Certificate? = nil, username: String? = nil,
        password: String = ""
    ) async throws {
        let python = packageRoot.appending(path: ".build/venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path) else {
            throw MailServerError(
                text: "\(python.path) is missing: run Tests/Support/venv.sh, as make test does")
        }
        folder = try makeTemporaryFolder()
        var arguments = [
            packageRoot.appending(path: "Tests/Support/smtp/server.py").path,
            "--folder", folder.path, "--tls", tls.rawValue,
        ]
        if let certificate {
            arguments += ["--certificate", certificate.file, "--key", certificate.key]
        }
        if let username { arguments += ["--username", username, "--password", password] }
        let started = try await Self.start(python, arguments)
        orders = started.orders
        answers = Mutex(Lines(file: started.answers))
        port = started.port
        url = (tls == .implicit ? "smtps" : "smtp") + "://127.0.0.1:\(port)"
    }

    /// What there is of a server that has told its port.
    private struct Started: Sendable {
        let orders: FileHandle
        let answers: FileHandle
        let port: Int
    }

    /// Starts Python and waits for the port, on a thread that no test needs.
    private static func start(_ python: URL, _ arguments: [String]) async throws -> Started {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                let result = Result {
                    let input = Pipe()
                    let output = Pipe()
                    _ = try Subprocess(
                        [python.path] + arguments, input: input, output: output,
                        errors: .standardError)
                    var lines = Lines(file: output.fileHandleForReading)
                    guard let first = lines.next(),
                        let hello = try? JSONDecoder().decode(
                            [String: Int].self, from: Data(first.utf8)),
                        let port = hello["port"]
                    else { throw MailServerError(text: "the mail server did not start") }
                    return Started(
                        orders: input.fileHandleForWriting,
                        answers: output.fileHandleForReading, port: port)
                }
                continuation.resume(with: result)
            }
        }
    }

    deinit {
        // The server ends with its standard input.
        try? orders.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Makes the server's port refuse connections.
    public func stop() throws {
        try tell(["do": "stop"])
    }

    /// Makes the server fail the next `times` times that `moment` comes.
    public func fail(at moment: Moment, _ fault: Fault, times: Int = 1) throws {
        var order: [String: Any] = ["at": moment.rawValue, "times": times]
        switch fault {
        case .reply(let text):
            order["do"] = "reply"
            order["text"] = text
        case .hang: order["do"] = "hang"
        case .drop: order["do"] = "drop"
        case .silence: order["do"] = "silence"
        }
        try tell(order)
    }

    /// Makes the server forget the faults that have not shown yet.
    public func recover() throws {
        try tell(["do": "forget"])
    }

    private func tell(_ order: [String: Any]) throws {
        let line = try JSONSerialization.data(withJSONObject: order) + Data("\n".utf8)
        try answers.withLock { answers in
            try orders.write(contentsOf: line)
            guard answers.next() == "ok" else {
                throw MailServerError(text: "the mail server did not obey")
            }
        }
    }
}

// MARK: - What arrived

extension MailServer {
    /// The messages taken so far, in order.
    public var messages: [Received] {
        get throws { try records("messages") }
    }

    /// The commands heard so far over all connections, in order.
    public var commands: [Command] {
        get throws { try records("commands") }
    }

    private func records<Record: Decodable>(_ name: String) throws -> [Record] {
        let file = folder.appending(path: "\(name).jsonl")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            .map { try decoder.decode(Record.self, from: $0) }
    }
}

/// Why the mail server of a test is of no use.
public struct MailServerError: Error, CustomStringConvertible {
    /// What to do about it.
    public let text: String

    /// An error with what to do about it.
    public init(text: String) {
        self.text = text
    }

    /// What to do about it.
    public var description: String { text }
}

/// The lines of a pipe.
private struct Lines {
    let file: FileHandle
    var rest = Data()

    /// The next line, waiting for it; nil at the end.
    mutating func next() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest = Data(rest[rest.index(after: end)...])
                return line
            }
            let more = file.availableData
            guard !more.isEmpty else { return nil }
            rest += more
        }
    }
}

/// The folder of `Package.swift`.
let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// A new empty folder of the machine's temporary one.
func makeTemporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}
