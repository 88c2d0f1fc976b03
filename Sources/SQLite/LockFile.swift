import Glibc
import Synchronization

/// A locked file beside the database, so that no second server opens it.
///
/// The lock ends with the process, however it ends; the file stays.
final class LockFile: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes `<path>.lock`; throws `locked` when another process, or another opening, has it.
    init(beside path: String) throws {
        let name = path + ".lock"
        let opened = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw DatabaseError(
                .cannotOpen, "\(name) cannot be made: \(String(cString: strerror(errno)))")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            Glibc.close(opened)
            guard reason == EWOULDBLOCK else {
                throw DatabaseError(
                    .cannotOpen, "\(name) cannot be locked: \(String(cString: strerror(reason)))")
            }
            throw DatabaseError(
                .locked, "another server uses \(path): it holds \(name)",
                hint: "stop it, or name another database")
        }
        descriptor = Mutex(opened)
    }

    deinit {
        release()
    }

    /// Lets go of the lock.
    func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            // A process that is just being started may hold a copy of the descriptor, and with it
            // the lock, until it runs its own program.
            flock(open, LOCK_UN)
            Glibc.close(open)
            descriptor = nil
        }
    }
}
