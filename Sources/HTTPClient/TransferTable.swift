internal import CCurl

/// The transfers of one thread: those that wait their turn and those that libcurl does.
final class TransferTable {
    /// libcurl's side of it.
    let multi: CurlMulti
    private let configuration: HTTPClient.Configuration
    private var waiting: [Transfer] = []
    private var running: [ObjectIdentifier: HTTPExchange] = [:]
    private var identities: [UnsafeMutableRawPointer: ObjectIdentifier] = [:]
    private var counts: [String: Int] = [:]
    private var hasRoom = false

    /// An empty table; throws `CurlFailure`.
    init(_ configuration: HTTPClient.Configuration) throws {
        self.configuration = configuration
        multi = try CurlMulti(connections: configuration.maxConnections)
    }

    /// Does what another thread wants.
    func take(_ order: TransferLoop.Order) {
        switch order {
        case .start(let transfer):
            waiting.append(transfer)
            hasRoom = true
        case .resume(let transfer):
            running[ObjectIdentifier(transfer)]?.resume()
        case .forget(let transfer):
            waiting.removeAll { $0 === transfer }
            if let exchange = running[ObjectIdentifier(transfer)] { remove(exchange) }
        }
    }

    /// Does what can be done, then waits for more; false when libcurl is out of order.
    func work() -> Bool {
        admit()
        guard multi.perform() else { return false }
        while let done = multi.nextDone() {
            guard let exchange = identities[done.handle].flatMap({ running[$0] }) else { continue }
            exchange.transfer.finish(exchange.result(of: done.code))
            remove(exchange)
        }
        let next = endOverdue(at: .now)
        admit()
        let left = next.map { ContinuousClock.now.duration(to: $0) / .milliseconds(1) } ?? 60_000
        multi.wait(milliseconds: Int32(min(max(left.rounded(.up), 0), 60_000)))
        return true
    }

    /// Ends everything as cancelled.
    func breakOff() {
        for exchange in running.values {
            exchange.transfer.finish(.failure(.cancelled))
            remove(exchange)
        }
        for transfer in waiting { transfer.finish(.failure(.cancelled)) }
        waiting = []
    }

    /// Begins those who wait and for whom there is room, first come, first served.
    private func admit() {
        guard hasRoom else { return }
        hasRoom = false
        waiting = waiting.filter { transfer in
            guard running.count < configuration.maxConnections,
                counts[transfer.origin, default: 0] < configuration.maxConnectionsPerHost
            else { return true }
            if !transfer.isOver { begin(transfer) }
            return false
        }
    }

    private func begin(_ transfer: Transfer) {
        do {
            let exchange = try HTTPExchange(transfer, configuration)
            guard multi.add(exchange.handle) else {
                throw CurlFailure(code: CURLE_FAILED_INIT, text: "libcurl takes no more transfers")
            }
            let identity = ObjectIdentifier(transfer)
            running[identity] = exchange
            identities[exchange.handle.handle] = identity
            counts[transfer.origin, default: 0] += 1
        } catch {
            transfer.finish(.failure((error as? CurlFailure)?.explained ?? .noAnswer))
        }
    }

    private func remove(_ exchange: HTTPExchange) {
        let transfer = exchange.transfer
        multi.remove(exchange.handle)
        running[ObjectIdentifier(transfer)] = nil
        identities[exchange.handle.handle] = nil
        if let count = counts[transfer.origin] {
            counts[transfer.origin] = count > 1 ? count - 1 : nil
        }
        hasRoom = true
    }

    /// Ends what takes too long and returns when to look again.
    private func endOverdue(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var next: ContinuousClock.Instant?
        for exchange in Array(running.values) {
            if let error = exchange.overdue(at: now) {
                exchange.transfer.finish(.failure(error))
                remove(exchange)
            } else {
                next = min(next ?? exchange.nextLook, exchange.nextLook)
            }
        }
        waiting.removeAll { transfer in
            guard now >= transfer.deadline else {
                next = min(next ?? transfer.deadline, transfer.deadline)
                return false
            }
            transfer.finish(.failure(.tooLate(after: transfer.request.timeout)))
            return true
        }
        return next
    }
}
