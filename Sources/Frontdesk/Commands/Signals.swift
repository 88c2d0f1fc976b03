import Dispatch
import Glibc
import Synchronization

/// The signals that end the server.
final class Signals: Sendable {
    private let arrivals: AsyncStream<Int32>
    private let sources: Mutex<[any DispatchSourceSignal]>

    /// Watches for SIGTERM and SIGINT from the moment this returns; before, they end the process.
    ///
    /// The second one ends the process at once, for whoever does not want to wait for the stop.
    init() async {
        let (arrivals, continuation) = AsyncStream<Int32>.makeStream()
        let isFirst = Atomic<Bool>(true)
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGTERM, SIGINT] {
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                guard isFirst.exchange(false, ordering: .relaxed) else { exit(1) }
                continuation.yield(number)
            }
            await withCheckedContinuation { watched in
                source.setRegistrationHandler { watched.resume() }
                source.activate()
            }
            sources.append(source)
        }
        self.arrivals = arrivals
        self.sources = Mutex(sources)
    }

    /// Lets the process outlive whoever reads its output and its log.
    static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for the first of them.
    func first() async -> Int32 {
        for await number in arrivals { return number }
        return SIGTERM
    }
}
