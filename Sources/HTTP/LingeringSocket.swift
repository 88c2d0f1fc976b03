import Dispatch
import Glibc
import Synchronization

/// Reads and throws away what a client still sends after its last answer.
///
/// To close a socket with unread bytes resets the connection, and the client may lose the answer
/// that says why: the 413 to a body that is still being sent, for instance.
enum LingeringSocket {
    /// How many sockets may linger at a time; more are closed as they are.
    private static let limit = 256
    /// How many bytes are read from one socket.
    private static let patience = 16 * 1_048_576
    private static let count = Atomic(0)

    /// Keeps the connection of a socket that is about to be closed until its client is done, at
    /// most for some time.
    static func keep(_ socket: Int32, atMost time: Duration) {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= limit else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return
        }
        let copy = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return
        }
        shutdown(copy, Int32(SHUT_WR))
        let queue = DispatchQueue(label: "frontdesk.lingering")
        let source = DispatchSource.makeReadSource(fileDescriptor: copy, queue: queue)
        let timer = DispatchSource.makeTimerSource(queue: queue)
        var patience = patience
        source.setEventHandler {
            patience -= drain(copy) ?? patience
            if patience <= 0 { source.cancel() }
        }
        timer.setEventHandler { source.cancel() }
        source.setCancelHandler {
            // Without their handlers the two no longer keep each other alive.
            source.setEventHandler(handler: nil)
            timer.setEventHandler(handler: nil)
            timer.cancel()
            close(copy)
            count.wrappingSubtract(1, ordering: .relaxed)
        }
        timer.schedule(deadline: .now() + .milliseconds(time.milliseconds))
        timer.activate()
        source.activate()
    }

    /// Reads some of what is there and returns how much; nil when nothing more will come.
    private static func drain(_ socket: Int32) -> Int? {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let count = read(socket, buffer.baseAddress, buffer.count)
            if count > 0 { return count }
            return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
        }
    }

    /// Whether bytes lie in the socket that nobody has read.
    static func hasUnread(_ socket: Int32) -> Bool {
        var count: Int32 = 0
        return ioctl(socket, UInt(FIONREAD), &count) == 0 && count > 0
    }
}
