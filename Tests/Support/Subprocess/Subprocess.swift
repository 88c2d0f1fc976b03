import Dispatch
public import Foundation
import Synchronization

/// A process that a test starts.
///
/// Foundation's own `Process` copies directory entries of `/proc/self/fd` past the end of their
/// buffer, which crashes now and then in a process with many descriptors, as ours has.
public final class Subprocess: Sendable {
    /// How a process ended.
    public enum End: Equatable, Sendable {
        case exit(Int32)
        case signal(Int32)
    }

    /// What a process was started with could not be.
    public struct Failure: Error, CustomStringConvertible {
        /// What went wrong, for the log of a failed test.
        public let description: String
    }

    /// The process' number.
    public let pid: pid_t
    private let ended = DispatchGroup()
    private let state = Mutex<End?>(nil)

    /// Starts `words`, of which the first is a path or is looked up in `PATH`.
    ///
    /// The child's side of each pipe is closed here once it is handed over; without a pipe or file
    /// a stream is `/dev/null`. `onEnd` runs on a thread of its own.
    public init(
        _ words: [String], environment: [String: String]? = nil, input: Pipe? = nil,
        output: Pipe? = nil, errors: FileHandle? = nil,
        onEnd: @escaping @Sendable (End) -> Void = { _ in }
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let streams = [
            (input?.fileHandleForReading.fileDescriptor, O_RDONLY),
            (output?.fileHandleForWriting.fileDescriptor, O_WRONLY),
            (errors?.fileDescriptor, O_WRONLY),
        ]
        for (target, (descriptor, mode)) in zip(Int32(0)..., streams) {
            if let descriptor {
                posix_spawn_file_actions_adddup2(&actions, descriptor, target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", mode, 0)
            }
        }
        // Nothing else of ours may live on in the child, or pipes would never come to an end.
        Self.closeFrom?(&actions, 3)
        pid = try Self.spawn(
            words, environment ?? ProcessInfo.processInfo.environment, &actions)
        try input?.fileHandleForReading.close()
        try output?.fileHandleForWriting.close()
        ended.enter()
        Thread { [self] in
            let end = Self.wait(for: pid)
            state.withLock { $0 = end }
            ended.leave()
            onEnd(end)
        }.start()
    }

    /// Waits until it has ended and tells how; blocks the thread.
    public func end() -> End {
        ended.wait()
        return state.withLock { $0 } ?? .exit(-1)
    }

    /// `posix_spawn_file_actions_addclosefrom_np` of glibc 2.34, which Swift does not import.
    private static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
        unsafeBitCast(
            $0,
            to: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Void)
                .self)
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String],
        _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid = pid_t()
        let code = posix_spawnp(&pid, words[0], &actions, nil, &arguments, &variables)
        guard code == 0 else {
            throw Failure(description: "\(words[0]): \(String(cString: strerror(code)))")
        }
        return pid
    }

    private static func wait(for pid: pid_t) -> End {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        // The macros of sys/wait.h, which Swift does not import.
        let signal = status & 0x7f
        return signal == 0 ? .exit(status >> 8 & 0xff) : .signal(signal)
    }
}
