@testable import Frontdesk

/// An inbox as router.md describes it, in memory and without any cleverness: every question looks
/// at every message. It knows nothing of how the store works.
struct InboxModel {
    /// Where a message stands.
    enum Standing: Equatable {
        case waiting(from: Timestamp)
        case leased(until: Timestamp)
        case acknowledged
        case dead
        case thrownAway
    }

    /// A message, in order of arrival.
    struct Entry {
        let id: String
        let key: String?
        let priority: Int
        let sentAt: Timestamp
        let sender: String?
        var standing: Standing
        var attempts = 0
        /// The newest name under which it was handed out.
        var ackID: String?
    }

    let limits: InboxStore.Limits
    var isActive = true
    private(set) var entries: [Entry] = []

    /// An inbox without messages.
    init(limits: InboxStore.Limits) {
        self.limits = limits
    }

    // MARK: - Questions

    private func isUndelivered(_ entry: Entry) -> Bool {
        switch entry.standing {
        case .waiting, .leased: true
        default: false
        }
    }

    private func isLeased(_ entry: Entry) -> Bool {
        if case .leased = entry.standing { true } else { false }
    }

    /// What may be handed out now, in order: nothing behind an earlier message of its key, and
    /// nothing beside one of its key that is handed out.
    func available(at now: Timestamp) -> [Int] {
        let open = entries.indices.filter { isUndelivered(entries[$0]) }
        return open.filter { index in
            guard case .waiting(let from) = entries[index].standing, from <= now else {
                return false
            }
            guard let key = entries[index].key else { return true }
            return !open.contains { other in
                other != index && entries[other].key == key
                    && (isLeased(entries[other]) || other < index)
            }
        }.sorted { (-entries[$0].priority, $0) < (-entries[$1].priority, $1) }
    }

    /// The figures.
    func figures(at now: Timestamp) -> InboxStore.Figures {
        let ready = available(at: now)
        let waiting = entries.filter { isUndelivered($0) && !isLeased($0) }.count
        var figures = InboxStore.Figures()
        figures.inFlight = entries.filter(isLeased).count
        figures.dead = entries.filter { $0.standing == .dead }.count
        if isActive {
            figures.depth = ready.count
            figures.delayed = waiting - ready.count
        } else {
            figures.parked = waiting
        }
        figures.oldestAge = ready.map { now.seconds(since: entries[$0].sentAt) }.max() ?? 0
        return figures
    }

    /// The state that a message's sender is told, nil when it is not to be found.
    func state(of index: Int) -> InboxStore.Report.State? {
        switch entries[index].standing {
        case .waiting: isActive ? .queued : .parked
        case .leased: .inFlight
        case .acknowledged: .acknowledged
        case .dead: .dead
        case .thrownAway: nil
        }
    }

    /// The ids of messages that stand somewhere.
    func ids(_ standing: Standing) -> [String] {
        entries.filter { $0.standing == standing }.map(\.id)
    }

    /// The message that a repeat by its sender means.
    func repeated(_ sender: String?, at now: Timestamp) -> String? {
        guard let sender else { return nil }
        return entries.last {
            $0.sender == sender && now.seconds(since: $0.sentAt) < 86_400
        }?.id
    }

    /// Why a message is refused, if it is.
    var refusal: Failure.Code? {
        if !isActive && !limits.parksInactive { return .agentInactive }
        return entries.filter(isUndelivered).count >= limits.depth ? .overloaded : nil
    }
}

// MARK: - What happens

extension InboxModel {
    /// A message comes.
    mutating func send(_ id: String, _ draft: InboxDraft, at now: Timestamp) {
        entries.append(
            Entry(
                id: id, key: draft.orderingKey, priority: draft.priority, sentAt: now,
                sender: draft.sender.messageID,
                standing: .waiting(from: now.adding(seconds: Double(draft.delay)))))
    }

    /// Leases whose time is over end.
    mutating func pass(to now: Timestamp) {
        for index in entries.indices {
            if case .leased(let until) = entries[index].standing, until <= now {
                giveBack(index, from: now)
            }
        }
    }

    private mutating func giveBack(_ index: Int, from instant: Timestamp) {
        entries[index].ackID = nil
        entries[index].standing =
            entries[index].attempts >= limits.pulls ? .dead : .waiting(from: instant)
    }

    /// A message is handed out under a name.
    mutating func lease(_ index: Int, as ackID: String, until: Timestamp) {
        entries[index].standing = .leased(until: until)
        entries[index].attempts += 1
        entries[index].ackID = ackID
    }

    /// The outcome of an answer under a name: `deed` is what is done when the lease holds.
    mutating func answer(
        _ ackID: String, _ deed: (inout InboxModel, Int) -> LeaseOutcome
    ) -> LeaseOutcome {
        let messageID = ackID.split(separator: ".").first.map(String.init)
        guard let index = entries.firstIndex(where: { $0.id == messageID }) else {
            return .unknown
        }
        guard entries[index].ackID == ackID else { return .expired }
        if entries[index].standing == .acknowledged { return .acked }
        return isLeased(entries[index]) ? deed(&self, index) : .expired
    }

    /// A lease ends well.
    mutating func ack(_ ackID: String) -> LeaseOutcome {
        answer(ackID) { model, index in
            model.entries[index].standing = .acknowledged
            return .acked
        }
    }

    /// A lease ends badly.
    mutating func nack(_ ackID: String, delay: Int, at now: Timestamp) -> LeaseOutcome {
        answer(ackID) { model, index in
            model.giveBack(index, from: now.adding(seconds: Double(delay)))
            return .nacked
        }
    }

    /// A lease goes on.
    mutating func extend(_ ackID: String, seconds: Int, at now: Timestamp) -> LeaseOutcome {
        answer(ackID) { model, index in
            let until = now.adding(seconds: Double(seconds))
            model.entries[index].standing = .leased(until: until)
            return .extended(until: until)
        }
    }

    /// Messages begin anew; returns how many.
    mutating func comeBack(at now: Timestamp, where isMeant: (Entry) -> Bool) -> Int {
        let indices = entries.indices.filter { isMeant(entries[$0]) }
        for index in indices {
            entries[index].standing = .waiting(from: now)
            entries[index].attempts = 0
            entries[index].ackID = nil
        }
        return indices.count
    }

    /// Dead letters are thrown away; returns how many.
    mutating func throwAway(where isMeant: (Entry) -> Bool) -> Int {
        let indices = entries.indices.filter { isMeant(entries[$0]) }
        for index in indices { entries[index].standing = .thrownAway }
        return indices.count
    }
}
