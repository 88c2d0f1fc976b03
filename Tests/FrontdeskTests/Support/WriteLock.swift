import Dispatch
import MailServer
import SQLite
import Synchronization

@testable import Frontdesk

/// Keeps a service from writing, as another process does that holds the database's write lock.
final class WriteLock: Sendable {
    private let database: Database
    private let opening = DispatchSemaphore(value: 0)
    private let isHeld = Mutex(false)
    private let holder = Mutex<Task<Void, any Error>?>(nil)

    /// Takes the lock and returns once it is held.
    init(on service: Service) async throws {
        var options = Database.Options()
        options.exclusive = false
        database = try Database(path: service.app.database.path, options: options)
        let task = Task { [self] in
            try await database.write { [self] _ in
                isHeld.withLock { $0 = true }
                opening.wait()
            }
        }
        holder.withLock { $0 = task }
        try await eventually { isHeld.withLock { $0 } }
    }

    /// Lets the service write again.
    func release() async throws {
        opening.signal()
        try await holder.withLock { $0 }?.value
        database.close()
    }
}
