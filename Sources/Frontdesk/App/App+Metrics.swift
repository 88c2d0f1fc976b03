import Glibc
import SQLite

extension App {
    /// Names the figures that are read from their owners when a scraper asks.
    func addGauges() {
        addDatabaseGauges()
        addGauge("frontdesk_turns_running", "Turns that run now.") { app in
            Double(app.turns.environment.lanes.load.running)
        }
        addGauge("frontdesk_turns_waiting", "Turns that wait now.") { app in
            Double(app.turns.environment.lanes.load.waiting)
        }
        addGauge("process_resident_memory_bytes", "Memory of the process.") { _ in
            residentBytes()
        }
        addGauge("process_open_fds", "Open file descriptors.") { _ in openDescriptors() }
        metrics.add(
            Metrics.Gauge(
                name: "frontdesk_emails", help: "E-mails of the outbox by state.", kind: .gauge,
                read: { [weak self] in
                    let counts = (try? self?.emails.counts()) ?? [:]
                    return Email.State.allCases.map { state in
                        ("state=\"\(state.rawValue)\"", Double(counts[state] ?? 0))
                    }
                }))
        metrics.add(
            Metrics.Gauge(
                name: "frontdesk_sessions", help: "Sessions by state.", kind: .gauge,
                read: { [weak self] in
                    guard let stats = try? self?.sessions.stats(only: nil) else { return [] }
                    let totals = stats.tenants.values
                    return [
                        ("state=\"active\"", Double(totals.reduce(0) { $0 + $1.active })),
                        ("state=\"expired\"", Double(totals.reduce(0) { $0 + $1.expired })),
                    ]
                }))
    }

    private func addDatabaseGauges() {
        addGauge("frontdesk_write_queue_depth", "Writes that wait.") { app in
            Double(app.database.statistics.queueDepth)
        }
        addGauge("frontdesk_commits_total", "Commits.", .counter) { app in
            Double(app.database.statistics.batches)
        }
        addGauge("frontdesk_writes_total", "Writes, several to a commit.", .counter) { app in
            Double(app.database.statistics.writes)
        }
        addGauge("frontdesk_largest_batch", "The most writes that shared a commit.") { app in
            Double(app.database.statistics.largestBatch)
        }
        addGauge("frontdesk_checkpoints_total", "Checkpoints.", .counter) { app in
            Double(app.database.statistics.checkpoints)
        }
        addGauge("frontdesk_database_bytes", "Size of the database file.") { app in
            Double(app.database.statistics.databaseBytes)
        }
        addGauge("frontdesk_wal_bytes", "Size of the write-ahead log.") { app in
            Double(app.database.statistics.walBytes)
        }
        metrics.add(
            Metrics.Distribution(
                name: "frontdesk_commit_seconds", help: "Time that commits took.",
                read: { [weak self] in
                    guard let time = self?.database.statistics.commitTime else { return nil }
                    return (Database.Histogram.bounds, time.counts, time.sum)
                }))
    }

    private func addGauge(
        _ name: String, _ help: String, _ kind: Metrics.Gauge.Kind = .gauge,
        _ read: @escaping @Sendable (App) -> Double
    ) {
        metrics.add(
            Metrics.Gauge(
                name: name, help: help, kind: kind,
                read: { [weak self] in self.map { [("", read($0))] } ?? [] }))
    }
}

/// Bytes of memory that the process holds, from `/proc/self/statm`.
private func residentBytes() -> Double {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Double(fields[1]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) : 0
}

/// How many descriptors the process holds, from `/proc/self/fd`.
private func openDescriptors() -> Double {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = -3  // ".", ".." and the folder's own.
    while readdir(folder) != nil { count += 1 }
    return Double(max(0, count))
}
