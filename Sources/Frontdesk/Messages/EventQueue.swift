import Synchronization

/// The events of a streamed turn between the moment they happen and the moment they are on disk.
///
/// They leave in order and in batches, one at a time: with the turn's beginning, through the
/// journal while it runs, and the rest with its end.
final class EventQueue: Sendable {
    /// An event with its number in the stream.
    typealias Numbered = (number: Int, event: TurnEvent)

    /// Texts that come together share a chunk up to so many bytes.
    private static let chunkBytes = 4096

    fileprivate struct State {
        var staged: [TurnEvent] = []
        /// How many are on disk, and how many of the staged are on their way there.
        var committed = 0
        var inFlight = 0
        var chunks = 0
        /// Whether the newest event is a chunk that may grow.
        var mayGrow = false
        /// Whether the user message is stored, to which events refer.
        var isOpen = false
        /// Whether only the turn's end may still add something.
        var isSealed = false
        /// Whether that was added.
        var isConcluded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// The turn's id and tenant, as the journal's rows name them.
    let turnID: String
    let tenant: Tenant
    private let feed: TurnFeed
    private let journal: EventJournal
    private let state = Mutex(State())

    /// A queue of a turn whose readers watch `feed`.
    init(turnID: String, tenant: Tenant, feed: TurnFeed, journal: EventJournal) {
        self.turnID = turnID
        self.tenant = tenant
        self.feed = feed
        self.journal = journal
    }

    /// How many chunks the stream has.
    var chunks: Int { state.withLock { $0.chunks } }

    /// Numbers the events after `count` that an earlier life of the turn stored.
    func start(after count: Int) {
        state.withLock { $0.committed = count }
        feed.start(after: count)
    }

    /// Lets events leave before the turn's end, now that they have a message to refer to.
    func open() {
        state.withLock { $0.isOpen = true }
        announce()
    }

    /// Adds an event; too late once the end is decided.
    func stage(_ event: TurnEvent) {
        state.withLock { state in
            guard !state.isSealed else { return }
            state.staged.append(event)
            state.mayGrow = false
        }
        announce()
    }

    /// Adds a text as a chunk, or to the newest one if that has not left yet and `joins`.
    func say(_ text: String, joins: Bool = true) {
        state.withLock { state in
            guard !state.isSealed else { return }
            for piece in text.pieces(ofAtMost: Self.chunkBytes) {
                state.add(piece, joins: joins, limit: Self.chunkBytes)
            }
        }
        announce()
    }

    private func announce() {
        let isDue = state.withLock { $0.isOpen && !$0.isSealed && $0.staged.count > $0.inFlight }
        if isDue { journal.note(self) }
    }
}

extension EventQueue.State {
    /// Adds a piece of text to the newest chunk, or as a chunk of its own.
    fileprivate mutating func add(_ piece: Substring, joins: Bool, limit: Int) {
        if joins, mayGrow, staged.count > inFlight, case .chunk(let text)? = staged.last,
            text.utf8.count + piece.utf8.count <= limit
        {
            staged[staged.count - 1] = .chunk(text + piece)
        } else {
            staged.append(.chunk(String(piece)))
            chunks += 1
        }
        mayGrow = joins
    }
}

// MARK: - On the way to the disk

extension EventQueue {
    /// The events that are to be committed now, nil when there are none or others are on their way;
    /// `markCommitted` or `giveBack` follows.
    func take(beforeOpen: Bool = false) -> [Numbered]? {
        state.withLock { state in
            guard state.inFlight == 0, !state.isSealed, state.isOpen || beforeOpen else {
                return nil
            }
            return state.takeAll()
        }
    }

    /// Notes that the events taken are on disk.
    func markCommitted() {
        let (waiters, number, isLast) = state.withLock { state in
            state.staged.removeFirst(state.inFlight)
            state.committed += state.inFlight
            state.inFlight = 0
            defer { state.waiters = [] }
            return (state.waiters, state.committed, state.isConcluded)
        }
        if !isLast { feed.publish(upTo: number, isLast: false) }
        for waiter in waiters { waiter.resume() }
        announce()
    }

    /// Lets readers have the end, if it is on disk: only when nothing else says any more that the
    /// turn runs, for whoever has heard the end may ask about it or send the next message.
    func publishEnd() {
        let number = state.withLock { state in
            state.isConcluded && state.staged.isEmpty ? state.committed : nil
        }
        if let number { feed.publish(upTo: number, isLast: true) }
    }

    /// Notes that the events taken could not be stored; they are taken again with the next.
    func giveBack() {
        let waiters = state.withLock { state in
            state.inFlight = 0
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Lets nothing more in or out but the end, and returns when nothing is on its way any more.
    func seal() async {
        await withCheckedContinuation { continuation in
            let isQuiet = state.withLock { state in
                state.isSealed = true
                if state.inFlight > 0 { state.waiters.append(continuation) }
                return state.inFlight == 0
            }
            if isQuiet { continuation.resume() }
        }
    }

    /// Adds the last event of a sealed queue; with `dropping` instead of what has not left.
    func conclude(with event: TurnEvent, dropping: Bool) {
        state.withLock { state in
            if dropping { (state.staged, state.inFlight) = ([], 0) }
            state.staged.append(event)
            state.isConcluded = true
        }
    }

    /// What a sealed queue still holds, to be committed with the turn's end.
    func takeRest() -> [Numbered] {
        state.withLock { $0.takeAll() ?? [] }
    }
}

extension EventQueue.State {
    /// Sends off everything that is staged.
    fileprivate mutating func takeAll() -> [EventQueue.Numbered]? {
        guard !staged.isEmpty else { return nil }
        inFlight = staged.count
        mayGrow = false
        return staged.enumerated().map { (committed + $0.offset + 1, $0.element) }
    }
}

extension String {
    /// The text in pieces of about so many bytes, cut only between characters.
    fileprivate func pieces(ofAtMost limit: Int) -> [Substring] {
        if isEmpty { return [] }
        if utf8.count <= limit { return [self[...]] }
        var pieces: [Substring] = []
        var start = startIndex
        var end = start
        var bytes = 0
        while end < endIndex {
            bytes += self[end].utf8.count
            end = index(after: end)
            if bytes >= limit {
                pieces.append(self[start..<end])
                (start, bytes) = (end, 0)
            }
        }
        if start < end { pieces.append(self[start..<end]) }
        return pieces
    }
}
