/// A file's records as drafts, each with its line.
struct ImportFile<Draft: Sendable>: Sendable {
    /// The columns that the file has.
    let columns: Set<String>
    /// The drafts in the order of the lines.
    let rows: [Row]
    /// The lines that hold no draft.
    let bad: [BadLine]

    /// A draft and where it comes from.
    struct Row: Sendable {
        let line: Int
        let draft: Draft
    }

    /// Reads a file whose columns are some of `known` and hold one of each of `required`.
    ///
    /// `parse` notes what is wrong with a row. Throws `BadLines` when the header is wrong.
    init(
        _ bytes: [UInt8], known: [String], required: [[String]],
        parse: (inout FieldReader) -> Draft?
    ) throws {
        var reader = CSVReader(bytes)
        var bad: [BadLine] = []
        var rows: [Row] = []
        let names = try Self.header(&reader, known: known, required: required)
        while true {
            do throws(BadLine) {
                guard let record = try reader.next() else { break }
                guard record.fields.count == names.count else {
                    throw BadLine(
                        line: record.line,
                        problem: "has \(record.fields.count) fields, the header \(names.count)")
                }
                var fields = FieldReader(Self.texts(names, record.fields))
                let draft = parse(&fields)
                guard let draft, fields.problems.isEmpty else {
                    throw BadLine(line: record.line, fields.problems)
                }
                rows.append(Row(line: record.line, draft: draft))
            } catch {
                bad.append(error)
            }
        }
        columns = Set(names)
        self.rows = rows
        self.bad = bad
    }

    /// The fields of a record by name; an empty one counts as left out.
    private static func texts(_ names: [String], _ fields: [String]) -> [String: String] {
        var texts: [String: String] = [:]
        texts.reserveCapacity(names.count)
        for (name, field) in zip(names, fields) where !field.isEmpty { texts[name] = field }
        return texts
    }

    private static func header(
        _ reader: inout CSVReader, known: [String], required: [[String]]
    ) throws -> [String] {
        let first: CSVReader.Record?
        do {
            first = try reader.next()
        } catch {
            throw BadLines(lines: [error])
        }
        guard let first else {
            throw BadLines(lines: [BadLine(line: 1, problem: "must hold the names of columns")])
        }
        let names = first.fields.map(\.trimmed)
        var problems: [String] = []
        for (index, name) in names.enumerated() {
            if names[..<index].contains(name) {
                problems.append("names column '\(name)' twice")
            } else if !known.contains(name) {
                let hint = Spelling.suggestion(for: name, among: known)
                problems.append("names the unknown column '\(name)'\(hint)")
            }
        }
        for choice in required where !choice.contains(where: names.contains) {
            let words = choice.map { "'\($0)'" }.joined(separator: " or ")
            problems.append("lacks the column \(words)")
        }
        guard problems.isEmpty else {
            throw BadLines(lines: problems.map { BadLine(line: first.line, problem: $0) })
        }
        return names
    }
}

/// A ticket of a file, with its owner by either name.
struct TicketRow: Sendable {
    let draft: TicketDraft
    let customerID: String?
    let customerEmail: String?
}

extension ImportFile<CustomerDraft> {
    /// Reads a file of customers. Throws `BadLines`.
    init(customers bytes: [UInt8]) throws {
        try self.init(
            bytes, known: CustomerDraft.fields,
            required: ["email", "first_name", "last_name"].map { [$0] }
        ) { CustomerDraft(&$0) }
    }
}

extension ImportFile<TicketRow> {
    /// Reads a file of tickets of a venue. Throws `BadLines`.
    init(tickets bytes: [UInt8], zone: VenueZone) throws {
        try self.init(
            bytes, known: TicketDraft.fields + ["customer_id", "customer_email"],
            required: [
                ["ticket_number"], ["ticket_type"], ["original_price"], ["event_date"],
                ["customer_id", "customer_email"],
            ]
        ) { fields in
            let id = fields.trimmed("customer_id")
            let email = fields.trimmed("customer_email")?.lowercased()
            if id == nil && email == nil {
                fields.note("customer_id", "or 'customer_email' is required")
            }
            return TicketDraft(&fields, zone: zone).map {
                TicketRow(draft: $0, customerID: id, customerEmail: email)
            }
        }
    }
}
