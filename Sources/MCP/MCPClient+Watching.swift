internal import JSON
internal import Synchronization

/// What is known of a server's health, and the task that finds it out.
struct Watch {
    /// What the newest probe found; nil before the first.
    var isUp: Bool?
    /// Probes in a row that failed.
    var failures = 0
    /// The task; nil while nobody watches.
    var task: Task<Void, Never>?
    /// Whether the next probe is wanted at once.
    var isCalled = false
    /// Wakes the task out of its pause.
    var alarm: CheckedContinuation<Void, Never>?
}

extension MCPClient {
    /// How often a server is looked at.
    public struct Pace: Sendable {
        /// Between two looks at a server that is up.
        public var interval = Duration.seconds(30)
        /// After the first failure; doubled with each further one.
        public var firstPause = Duration.seconds(1)
        /// The longest time between two looks at a server that is down.
        public var longestPause = Duration.seconds(60)
        /// Whether the list of tools is read when a look finds none that may be believed.
        public var readsTools = false

        /// Every 30 s, when it is down after 1 s, 2 s, … 60 s.
        public init() {}
    }

    /// What the newest look found, nil before the first.
    public var isUp: Bool? { state.withLock(\.watch.isUp) }

    /// Whether the server is known to be down: then calls fail at once.
    public var isDown: Bool { isUp == false }

    /// Asks the server for a sign of life; throws `MCPError` when there is none.
    public func probe() async throws {
        let deadline = Deadline(after: min(endpoint.timeout, .seconds(10)))
        do {
            let era = try await era(deadline)
            var question = era.kind == .modern ? discovery : Question(method: "ping", params: [:])
            if era.kind == .bare { question = Question(method: "tools/list", params: [:]) }
            question.isRepeatable = true
            _ = try await ask(question, deadline)
        } catch is CancellationError {
            throw MCPError.cancelled
        } catch let error as MCPError where error.layer == .jsonrpc || error.isRefusal && isBare {
            // Whoever refuses is alive.
        }
    }

    /// Looks at the server from now on, at once and then at this pace, and after every failure.
    public func startWatching(_ pace: Pace = Pace()) {
        state.withLock { state in
            guard state.watch.task == nil else { return }
            state.watch.task = Task { [weak self] in
                while !Task.isCancelled, let pause = await self?.lookOnce(pace) {
                    await self?.rest(pause)
                }
            }
        }
    }

    /// Looks no more; the server counts as neither up nor down.
    public func stopWatching() {
        let (task, alarm) = state.withLock { state in
            defer { state.watch = Watch() }
            return (state.watch.task, state.watch.alarm)
        }
        task?.cancel()
        alarm?.resume()
    }

    /// Looks as soon as possible, when anybody watches.
    func look() {
        let alarm = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.watch.task != nil else { return nil }
            defer { state.watch.alarm = nil }
            if state.watch.alarm == nil { state.watch.isCalled = true }
            return state.watch.alarm
        }
        alarm?.resume()
    }

    /// Looks once and says how long to rest.
    private func lookOnce(_ pace: Pace) async -> Duration {
        var problem: String?
        do { try await probe() } catch { problem = "\(error)" }
        let (failures, changed) = state.withLock { state in
            let isUp = problem == nil
            defer { state.watch.isUp = isUp }
            state.watch.failures = isUp ? 0 : state.watch.failures + 1
            return (state.watch.failures, state.watch.isUp != isUp)
        }
        if changed, let problem, !Task.isCancelled { warn("the server is down: \(problem)") }
        if problem == nil, pace.readsTools, !hasCurrentTools { await readTools() }
        guard failures > 0 else { return pace.interval }
        let pause = pace.firstPause * Double(1 << min(failures - 1, 16))
        return min(pause, pace.longestPause) * Double.random(in: 0.8...1.2)
    }

    /// Reads the list of tools; a server that has none to show is up nevertheless.
    private func readTools() async {
        do {
            _ = try await list(Deadline(after: min(endpoint.timeout, .seconds(10))))
        } catch {
            if !Task.isCancelled { warn("the tools cannot be listed: \(error)") }
        }
    }

    /// Rests for a while, or until somebody wants a look.
    private func rest(_ pause: Duration) async {
        let sleeper = Task { [weak self] in
            try await Task.sleep(for: pause)
            self?.look()
        }
        await withCheckedContinuation { continuation in
            let isCalled = state.withLock { state in
                guard !state.watch.isCalled, state.watch.task != nil else {
                    state.watch.isCalled = false
                    return true
                }
                state.watch.alarm = continuation
                return false
            }
            if isCalled { continuation.resume() }
        }
        sleeper.cancel()
    }
}
