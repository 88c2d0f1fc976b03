import Dispatch
import SQLite
import Synchronization

/// Whether the parts that a request needs work now (conversations.md, section 1).
final class ReadinessStore: Sendable {
    /// The three checks as every health answer names them.
    struct Checks: Sendable, Equatable {
        let agentManager: Bool
        let database: Bool
        /// Whether every configured MCP server answers; false when none is configured.
        let mcpServer: Bool
        /// Whether an MCP server is down, and whether one of them is required.
        var isServerMissing = false
        var isRequiredMissing = false

        /// Whether requests can be served.
        var isReady: Bool { agentManager && database && !isRequiredMissing }

        /// `unhealthy` without the database, the agent or a required MCP server, `degraded` without
        /// another MCP server, else `healthy`.
        var status: String {
            guard isReady else { return "unhealthy" }
            return isServerMissing ? "degraded" : "healthy"
        }
    }

    private struct Probe {
        /// When the newest write began, and whether and how fast it was committed.
        var begunAt: ContinuousClock.Instant?
        var isCommitted = true
        var isRunning = false
    }

    private let database: Database
    private let clock: Clock
    private let hasAgent: Bool
    /// The MCP servers that the agent may use.
    private let servers: [UpstreamServer]
    private let isStopping = Atomic<Bool>(false)
    private let probe = Mutex(Probe())

    /// Checks of `database`, of an agent that could be built or not, and of MCP servers.
    init(
        database: Database, clock: Clock, hasAgent: Bool = true, servers: [UpstreamServer] = []
    ) {
        self.servers = servers
        self.database = database
        self.clock = clock
        self.hasAgent = hasAgent
    }

    /// Reports the agent as not available, from now on.
    func beginStopping() {
        isStopping.store(true, ordering: .relaxed)
    }

    /// The state of all parts now.
    func checks() -> Checks {
        probeWriting()
        let canRead =
            (try? database.read { connection in
                try connection.first("SELECT 1") { try $0.integer(0) }
            }) == 1
        let missing = servers.filter { !$0.isUp }
        return Checks(
            agentManager: hasAgent && !isStopping.load(ordering: .relaxed),
            database: canRead && canWrite,
            mcpServer: !servers.isEmpty && missing.isEmpty, isServerMissing: !missing.isEmpty,
            isRequiredMissing: missing.contains(where: \.settings.isRequired))
    }

    /// Whether the newest probe was committed, or is not running for longer than 2 s.
    private var canWrite: Bool {
        probe.withLock { probe in
            guard probe.isRunning, let begunAt = probe.begunAt else { return probe.isCommitted }
            return ContinuousClock.now - begunAt < .seconds(2)
        }
    }

    /// Writes one row, at most every 5 seconds, without waiting for it.
    private func probeWriting() {
        let isDue = probe.withLock { probe in
            guard !probe.isRunning else { return false }
            if let begunAt = probe.begunAt, ContinuousClock.now - begunAt < .seconds(5) {
                return false
            }
            probe.begunAt = ContinuousClock.now
            probe.isRunning = true
            return true
        }
        guard isDue else { return }
        Task { await write() }
    }

    private func write() async {
        let now = clock.now()
        let begunAt = ContinuousClock.now
        let isCommitted: Bool
        do {
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO server_state (name, value, updated_at)
                    VALUES ('write_probe', 'ok', \(now))
                    ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at
                    """)
            }
            isCommitted = ContinuousClock.now - begunAt < .seconds(2)
        } catch {
            isCommitted = false
        }
        probe.withLock { probe in
            probe.isRunning = false
            probe.isCommitted = isCommitted
        }
    }
}
