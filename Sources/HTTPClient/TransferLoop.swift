internal import CCurl
internal import Dispatch
internal import Glibc
internal import Synchronization

/// The thread that talks: it starts with the first transfer and ends with `stop`.
final class TransferLoop: Sendable {
    /// What other threads want of this one.
    enum Order {
        /// To begin a transfer.
        case start(Transfer)
        /// To go on with one whose reader has read.
        case resume(Transfer)
        /// To drop one that nobody waits for.
        case forget(Transfer)
    }

    private struct Inbox {
        var orders: [Order] = []
        /// Where to wake the thread; 0 while there is none.
        var address: UInt = 0
        var isStarted = false
        var isStopped = false

        /// Wakes the thread, which holds on to its address while this is locked.
        func wake() {
            if address != 0 { CurlMulti.wakeUp(address) }
        }
    }

    private let configuration: HTTPClient.Configuration
    private let inbox = Mutex(Inbox())

    /// A loop that rests until something is to do.
    init(_ configuration: HTTPClient.Configuration) {
        self.configuration = configuration
    }

    /// Begins a transfer; throws when the loop has stopped.
    func start(_ transfer: Transfer) throws {
        let begins = try inbox.withLock { inbox in
            guard !inbox.isStopped else {
                throw HTTPClientError(kind: .cancelled, message: "the client is shut down")
            }
            inbox.orders.append(.start(transfer))
            inbox.wake()
            defer { inbox.isStarted = true }
            return !inbox.isStarted
        }
        if begins { DispatchQueue(label: "http.client").async { self.run() } }
    }

    /// Goes on with a transfer that is full.
    func resume(_ transfer: Transfer) {
        give(.resume(transfer))
    }

    /// Drops a transfer that is over for those who asked.
    func forget(_ transfer: Transfer) {
        give(.forget(transfer))
    }

    /// Breaks off every transfer and ends the thread.
    func stop() {
        inbox.withLock { inbox in
            inbox.isStopped = true
            inbox.wake()
        }
    }

    private func give(_ order: Order) {
        inbox.withLock { inbox in
            guard !inbox.isStopped else { return }
            inbox.orders.append(order)
            inbox.wake()
        }
    }
}

// MARK: - The thread

extension TransferLoop {
    private func run() {
        // OpenSSL writes without asking for no signal.
        var pipe = sigset_t()
        var before = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        do {
            let table = try TransferTable(configuration)
            inbox.withLock { $0.address = table.multi.address }
            while let orders = nextOrders() {
                for order in orders { table.take(order) }
                guard table.work() else { break }
            }
            inbox.withLock { inbox in
                inbox.isStopped = true
                inbox.address = 0
            }
            table.breakOff()
        } catch {
            stop()
        }
        let left = inbox.withLock { inbox in
            defer { inbox.orders = [] }
            return inbox.orders
        }
        for case .start(let transfer) in left { transfer.finish(.failure(.cancelled)) }
    }

    /// What others want, nil when they want it to end.
    private func nextOrders() -> [Order]? {
        inbox.withLock { inbox in
            guard !inbox.isStopped else { return nil }
            defer { inbox.orders = [] }
            return inbox.orders
        }
    }
}
