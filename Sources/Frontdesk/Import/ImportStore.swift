import SQLite

/// Adds the rows of a file, all or none, in one transaction.
struct ImportStore: Sendable {
    let database: Database
    let ids: IDMaker
    let clock: Clock
    /// Whose rows they become.
    let tenant: Tenant
    /// Whether rows that exist are overwritten rather than skipped.
    let updates: Bool
    /// Whether all is undone in the end.
    let isDry: Bool
    /// Told how many rows are done, now and then.
    let progress: @Sendable (Int) -> Void

    /// What an import came to.
    struct Report: Equatable, Sendable {
        var added = 0
        var updated = 0
        var skipped = 0
    }

    /// What a row came to.
    enum Outcome: Sendable {
        case added, updated, skipped
    }

    /// The customers found so far: their ids by the id and address that lines named.
    typealias Owners = [String: String]

    /// Ends a dry run, so that its transaction is undone.
    private struct Undone: Error {
        let report: Report
    }

    /// Runs `row` on every row in one transaction. Throws `BadLines` with all that are wrong.
    func run<Draft: Sendable>(
        _ file: ImportFile<Draft>, key: @escaping @Sendable (Draft) -> [String],
        row: @escaping @Sendable (Draft, inout Owners, borrowing Connection) throws -> Outcome
    ) async throws -> Report {
        do {
            return try await database.write { connection in
                let report = try apply(file, key: key, row: row, in: connection)
                if isDry { throw Undone(report: report) }
                return report
            }
        } catch let undone as Undone {
            return undone.report
        }
    }

    private func apply<Draft: Sendable>(
        _ file: ImportFile<Draft>, key: (Draft) -> [String],
        row: (Draft, inout Owners, borrowing Connection) throws -> Outcome,
        in connection: borrowing Connection
    ) throws -> Report {
        var report = Report()
        var bad = file.bad
        var seen: [String: Int] = [:]
        var owners: Owners = [:]
        for (index, entry) in file.rows.enumerated() {
            if index % 1000 == 0 { progress(index) }
            do {
                for word in key(entry.draft) {
                    if let first = seen.updateValue(entry.line, forKey: word) {
                        seen[word] = first
                        throw Refusal(text: "repeats the \(word) of line \(first)")
                    }
                }
                switch try row(entry.draft, &owners, connection) {
                case .added: report.added += 1
                case .updated: report.updated += 1
                case .skipped: report.skipped += 1
                }
            } catch let refusal as Refusal {
                bad.append(BadLine(line: entry.line, problem: refusal.text))
            }
        }
        if !bad.isEmpty { throw BadLines(lines: bad.sorted { $0.line < $1.line }) }
        return report
    }

    /// Why a row cannot be taken, to be read after "line 7".
    private struct Refusal: Error {
        let text: String
    }
}

// MARK: - Customers

extension ImportStore {
    /// Imports customers. Throws `BadLines`.
    func add(_ file: ImportFile<CustomerDraft>) async throws -> Report {
        let columns = file.columns
        return try await run(
            file,
            key: { draft in
                [draft.id.map { "id '\($0)'" }, "e-mail address '\(draft.email)'"]
                    .compactMap(\.self)
            },
            row: { draft, _, connection in try add(draft, columns, in: connection) })
    }

    private func add(
        _ draft: CustomerDraft, _ columns: Set<String>, in connection: borrowing Connection
    ) throws -> Outcome {
        let byID = try draft.id.flatMap {
            try CustomerStore.find($0, tenant: tenant, in: connection)
        }
        let byEmail = try CustomerStore.find(email: draft.email, tenant: tenant, in: connection)
        var customer = draft.customer(id: ids.make("cus"), at: clock.now())
        if let old = byID ?? byEmail {
            guard updates else { return .skipped }
            if let byEmail, byEmail.id != draft.id ?? byEmail.id {
                throw Refusal(
                    text: "holds the e-mail address of customer '\(byEmail.id)'")
            }
            customer = Customer(
                id: old.id, email: draft.email, firstName: draft.firstName,
                lastName: draft.lastName,
                phone: columns.contains("phone") ? draft.phone : old.phone,
                authSubject: columns.contains("auth_subject")
                    ? draft.authSubject : old.authSubject,
                createdAt: old.createdAt, updatedAt: customer.updatedAt)
        }
        if let subject = customer.authSubject,
            let other = try CustomerStore.find(
                subject: subject, tenant: tenant, in: connection), other.id != customer.id
        {
            throw Refusal(text: "holds the auth_subject of customer '\(other.id)'")
        }
        guard byID ?? byEmail != nil else {
            try CustomerStore.insert(customer, tenant: tenant, in: connection)
            return .added
        }
        try CustomerStore.update(customer, tenant: tenant, in: connection)
        return .updated
    }
}

// MARK: - Tickets

extension ImportStore {
    /// Imports tickets, sold in `currency`. Throws `BadLines`.
    func add(_ file: ImportFile<TicketRow>, currency: String) async throws -> Report {
        let columns = file.columns
        return try await run(
            file,
            key: { row in
                [row.draft.id.map { "id '\($0)'" }, "number '\(row.draft.number)'"]
                    .compactMap(\.self)
            },
            row: { row, owners, connection in
                let owner = try owner(of: row, &owners, in: connection)
                let ticket = row.draft.ticket(
                    id: ids.make("tkt"), of: owner, currency: currency, at: clock.now())
                return try add(ticket, draft: row.draft, columns, in: connection)
            })
    }

    private func add(
        _ ticket: Ticket, draft: TicketDraft, _ columns: Set<String>,
        in connection: borrowing Connection
    ) throws -> Outcome {
        if try TicketStore.insertNew(ticket, tenant: tenant, in: connection) { return .added }
        let now = clock.now()
        let byID = try draft.id.flatMap {
            try TicketStore.find(id: $0, tenant: tenant, at: now, in: connection)
        }
        let byNumber = try TicketStore.find(
            number: draft.number, tenant: tenant, at: now, in: connection)
        guard updates, let old = byID ?? byNumber else { return .skipped }
        if let byNumber, byNumber.id != draft.id ?? byNumber.id {
            throw Refusal(text: "holds the number of ticket '\(byNumber.id)'")
        }
        if old.status == .upgraded { throw Refusal(text: "is about a ticket that is upgraded") }
        if let order = old.openOrderID {
            throw Refusal(text: "is about a ticket with the open order '\(order)'")
        }
        try TicketStore.update(
            old.taking(ticket, columns), tenant: tenant, in: connection)
        return .updated
    }

    private func owner(
        of row: TicketRow, _ owners: inout Owners, in connection: borrowing Connection
    ) throws -> String {
        // Most lines name an owner that another one named before.
        let words = "\(row.customerID ?? "")\n\(row.customerEmail ?? "")"
        if let known = owners[words] { return known }
        let found = try owner(of: row, in: connection)
        owners[words] = found
        return found
    }

    private func owner(
        of row: TicketRow, in connection: borrowing Connection
    ) throws -> String {
        let byID = try row.customerID.flatMap {
            try CustomerStore.find($0, tenant: tenant, in: connection)
        }
        if let id = row.customerID, byID == nil { throw Refusal(text: "names no customer '\(id)'") }
        guard let email = row.customerEmail else { return byID?.id ?? "" }
        guard let byEmail = try CustomerStore.find(email: email, tenant: tenant, in: connection)
        else { throw Refusal(text: "names no customer '\(email)'") }
        if let byID, byID.id != byEmail.id { throw Refusal(text: "names two customers") }
        return byEmail.id
    }
}

extension Ticket {
    /// The ticket as a line of a file with these columns changes it.
    fileprivate func taking(_ other: Ticket, _ columns: Set<String>) -> Ticket {
        var ticket = self
        ticket.customerID = other.customerID
        ticket.number = other.number
        ticket.type = other.type
        ticket.originalCents = other.originalCents
        ticket.currency = other.currency
        ticket.eventDay = other.eventDay
        ticket.updatedAt = other.updatedAt
        if columns.contains("purchase_date") { ticket.purchaseDay = other.purchaseDay }
        // A timestamp as the day of the event brings the time along.
        if columns.contains("event_time") || other.eventTime != nil {
            ticket.eventTime = other.eventTime
        }
        if columns.contains("status") { ticket.status = other.status }
        if columns.contains("metadata") { ticket.metadata = other.metadata }
        return ticket
    }
}
