import Dispatch
import Glibc

/// A TCP connection that sends and reads exactly the bytes a test says.
///
/// Every call blocks a thread of its own queue, never one of those that tasks run on.
public final class RawClient: Sendable {
    /// What went wrong with the connection.
    public struct Failure: Error, CustomStringConvertible {
        /// One sentence about it.
        public let description: String

        /// A failure with its sentence.
        public init(_ description: String) {
            self.description = description
        }
    }

    private let queue = DispatchQueue(label: "raw-client")
    private let socket: Int32
    private let buffer: Buffer

    /// Bytes that came with an answer and belong to the next; touched on the queue only.
    private actor Buffer {
        var bytes: [UInt8] = []
        func take() -> [UInt8] {
            defer { bytes = [] }
            return bytes
        }
        func put(_ rest: [UInt8]) { bytes = rest }
    }

    /// Connects to a port of the loopback address.
    public init(port: Int, receiveBuffer: Int32? = nil) throws {
        socket = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        buffer = Buffer()
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        // A read that gets nothing this long is a test that failed.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else {
            // The socket is closed by deinit, which also follows an init that throws.
            throw Failure("cannot connect: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(socket)
    }

    private func perform<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: .init(catching: work)) }
        }
    }

    /// Sends bytes; throws when the server has closed.
    public func send(_ bytes: [UInt8]) async throws {
        try await perform { [socket] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes { bytes in
                    Glibc.send(
                        socket, bytes.baseAddress! + sent, bytes.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Failure("cannot send: errno \(errno)") }
                sent += count
            }
        }
    }

    /// Sends a text.
    public func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Says that nothing more will be sent.
    public func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Ends the connection with a reset, as a crashing client does.
    public func reset() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        // The number must stay ours until deinit, so another socket takes its place.
        let other = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        dup2(other, socket)
        close(other)
    }

    /// The next bytes; empty at the end of the connection, a reset included.
    public func receive() async throws -> [UInt8] {
        let kept = await buffer.take()
        guard kept.isEmpty else { return kept }
        return try await perform { [socket] in
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = recv(socket, &bytes, bytes.count, 0)
            if count < 0, errno == ECONNRESET { return [] }
            guard count >= 0 else { throw Failure("nothing came: errno \(errno)") }
            return Array(bytes.prefix(count))
        }
    }

    /// Everything up to the end of the connection.
    public func receiveAll() async throws -> String {
        var all: [UInt8] = []
        while true {
            let more = try await receive()
            if more.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += more
        }
    }

    /// Bytes up to and including a text; what follows is kept for the next call.
    public func receive(through text: String) async throws -> String {
        var all: [UInt8] = []
        while true {
            let wanted = Array(text.utf8)
            if let end = Self.find(wanted, in: all) {
                await buffer.put(Array(all[end...]))
                return String(decoding: all[..<end], as: UTF8.self)
            }
            let more = try await receive()
            guard !more.isEmpty else {
                throw Failure(
                    "ended before '\(text)': \(String(decoding: all, as: UTF8.self))")
            }
            all += more
        }
    }

    /// Exactly so many bytes.
    public func receive(count: Int) async throws -> [UInt8] {
        guard count > 0 else { return [] }
        var all: [UInt8] = []
        while all.count < count {
            let more = try await receive()
            guard !more.isEmpty else {
                throw Failure("ended after \(all.count) bytes")
            }
            all += more
        }
        await buffer.put(Array(all[count...]))
        return Array(all[..<count])
    }

    private static func find(_ wanted: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count)
        where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            return start + wanted.count
        }
        return nil
    }
}
