/// One kind of row that does not stay for ever, and what is done about it.
struct Chore: Sendable {
    /// What becomes of the rows.
    enum Deed: Sendable {
        case removes
        /// They stay, and say that their time is over.
        case expires
        /// They stay, and say that nothing comes of them any more.
        case cancels
    }

    /// The table, such as `price_quotes`.
    let name: String
    /// The word for what is done, in logs and JSON: `price_quotes`, `tickets_expired`.
    let label: StaticString
    /// What becomes of its rows.
    let deed: Deed
    /// Does it, by `Sweeper.work`, and returns how many rows it was.
    let work: @Sendable (Sweeper) async throws -> Int
    /// How many rows it would be now.
    let countDue: @Sendable () throws -> Int

    /// A chore that goes about it in its own way; the table is the label's unless it is named.
    init(
        _ label: StaticString, _ deed: Deed = .removes, of name: String? = nil,
        work: @escaping @Sendable (Sweeper) async throws -> Int,
        countDue: @escaping @Sendable () throws -> Int
    ) {
        self.name = name ?? "\(label)"
        self.label = label
        self.deed = deed
        self.work = work
        self.countDue = countDue
    }

    /// A chore of plain batches: `batch` deals with at most so many rows and returns how many.
    init(
        _ label: StaticString, _ deed: Deed = .removes, of name: String? = nil,
        batch: @escaping @Sendable (_ limit: Int) async throws -> Int,
        countDue: @escaping @Sendable () throws -> Int
    ) {
        self.init(label, deed, of: name, work: { try await $0.work(batch) }, countDue: countDue)
    }
}

extension Sweeper {
    /// What one sweep did, chore by chore.
    struct Report: Sendable {
        /// A chore and the number of its rows.
        struct Entry: Sendable {
            let chore: Chore
            let count: Int
        }

        /// In the order of the chores.
        private(set) var entries: [Entry] = []

        /// Whether there was nothing to do.
        var isEmpty: Bool { entries.allSatisfy { $0.count == 0 } }

        /// How many rows of a table it was.
        subscript(name: String) -> Int { entries.first { $0.chore.name == name }?.count ?? 0 }

        /// Notes what a chore came to.
        mutating func add(_ chore: Chore, _ count: Int) {
            entries.append(Entry(chore: chore, count: count))
        }
    }
}
