import Dispatch
import Foundation
import Subprocess
import Synchronization

/// A server in Python for one test, in its own process, on loopback, ended with this.
///
/// The script prints `{"port": N}`, answers each JSON line of its input with one of its output,
/// and ends with its input.
public final class WebPeer: Sendable {
    /// The loopback port.
    public let port: Int
    private let orders: FileHandle
    private let answers: Mutex<Lines>

    /// Starts `Tests/Support/<script>`; with `packages` by the virtual environment of that name.
    public init(
        script: String = "web/server.py", arguments: [String] = [], packages: Bool = false,
        environment: String = "venv"
    ) async throws {
        let file = packageRoot.appending(path: "Tests/Support/\(script)").path
        let words = [packages ? Self.python(environment) : "python3", file] + arguments
        let started = try await withCheckedThrowingContinuation { continuation in
            // Python takes a while, and no test's thread should wait for it.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try Self.start(words) })
            }
        }
        port = started.port
        orders = started.orders
        answers = Mutex(Lines(file: started.answers))
    }

    deinit { try? orders.close() }

    /// Whether a virtual environment is installed in `.build`.
    public static func has(_ environment: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: python(environment))
    }

    private static func python(_ environment: String) -> String {
        packageRoot.appending(path: ".build/\(environment)/bin/python").path
    }

    /// An address of this server.
    public func url(_ path: String, scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }

    /// Tells or asks the server something and returns its answer.
    public func ask<Answer: Decodable>(
        _ order: String = "{}", as type: Answer.Type = Answer.self
    ) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(line(for: order).utf8))
    }

    /// Tells or asks the server something and returns the line that it answers.
    public func line(for order: String) throws -> String {
        let line = try answers.withLock { answers in
            try orders.write(contentsOf: Data((order + "\n").utf8))
            return answers.next()
        }
        guard let line else {
            throw WebPeerError(description: "the server in Python does not answer")
        }
        return line
    }

    private struct Started: Sendable {
        let orders: FileHandle
        let answers: FileHandle
        let port: Int
    }

    private static func start(_ words: [String]) throws -> Started {
        let input = Pipe()
        let output = Pipe()
        _ = try Subprocess(words, input: input, output: output, errors: .standardError)
        var lines = Lines(file: output.fileHandleForReading)
        guard let first = lines.next(),
            let hello = try? JSONDecoder().decode([String: Int].self, from: Data(first.utf8)),
            let port = hello["port"]
        else {
            throw WebPeerError(
                description: "\(words) did not start; Tests/Support/venv.sh may have to run")
        }
        return Started(
            orders: input.fileHandleForWriting, answers: output.fileHandleForReading, port: port)
    }
}

/// What the server of `web/server.py` has seen.
public struct WebDiary: Decodable, Sendable {
    /// Connections so far.
    public let connections: Int
    /// Requests so far, by their paths.
    public let requests: [String: Int]
    /// Bytes that an endless answer has got rid of.
    public let sent: Int
    /// Connections that are open.
    public let open: Int
}

/// Why a server of a test is of no use.
public struct WebPeerError: Error, CustomStringConvertible {
    /// What to do about it.
    public let description: String
}

/// The lines of a pipe.
private struct Lines {
    let file: FileHandle
    var rest = Data()

    /// The next line, waiting for it; nil at the end.
    mutating func next() -> String? {
        var line = Data()
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                rest = Data(rest[rest.index(after: end)...])
                return String(decoding: line, as: UTF8.self)
            }
            // What was looked through is not looked at again, however long the line is.
            line += rest
            rest = file.availableData
            guard !rest.isEmpty else { return nil }
        }
    }
}

/// The folder of `Package.swift`.
private let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
