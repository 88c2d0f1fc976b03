/// Takes a CSV file apart, record by record (RFC 4180).
///
/// Lines end with CRLF or LF; quoted fields may hold commas, line ends and doubled quotes; a byte
/// order mark is skipped, as are empty lines.
struct CSVReader {
    private let bytes: [UInt8]
    private var position: Int
    private var line = 1

    /// Fields that stand together, and the line on which they begin.
    struct Record: Equatable {
        let line: Int
        let fields: [String]
    }

    /// A reader of a file's bytes.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// How much has been read, 0 to 1.
    var progress: Double { bytes.isEmpty ? 1 : Double(position) / Double(bytes.count) }

    /// The next record, nil at the end. Throws `BadLine`, after which the one behind follows.
    mutating func next() throws(BadLine) -> Record? {
        while let record = try record() {
            if record.fields != [""] { return record }
        }
        return nil
    }

    private mutating func record() throws(BadLine) -> Record? {
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            let isQuoted = position < bytes.count && bytes[position] == quote
            let field = isQuoted ? try quotedField(start) : plainField()
            guard let text = String(validating: field, as: UTF8.self) else {
                throw refusal(start, "is not UTF-8")
            }
            fields.append(text)
            guard position < bytes.count else { return Record(line: start, fields: fields) }
            if bytes[position] == comma {
                position += 1
            } else if takeLineEnd() {
                return Record(line: start, fields: fields)
            } else {
                throw refusal(start, "holds text behind a closing quote")
            }
        }
    }

    /// The bytes up to the next comma or line end.
    private mutating func plainField() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, bytes[position] != comma, bytes[position] != newline {
            position += 1
        }
        let endsLine = position == bytes.count || bytes[position] == newline
        let hasReturn = endsLine && position > start && bytes[position - 1] == carriageReturn
        if hasReturn { position -= 1 }
        let field = bytes[start..<position]
        // At the file's end nothing follows the return that could end the line.
        if hasReturn && position + 1 == bytes.count { position += 1 }
        return field
    }

    /// The bytes between two quotes, with the doubled ones made single.
    private mutating func quotedField(_ start: Int) throws(BadLine) -> ArraySlice<UInt8> {
        position += 1
        var field: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == newline { line += 1 }
            guard byte == quote else {
                field.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == quote else { return field[...] }
            field.append(quote)
            position += 1
        }
        throw BadLine(line: start, problem: "has a quote that is never closed")
    }

    private mutating func takeLineEnd() -> Bool {
        let end =
            bytes[position] == carriageReturn && position + 1 < bytes.count
            ? position + 1 : position
        guard bytes[end] == newline else { return false }
        position = end + 1
        line += 1
        return true
    }

    /// What is wrong with a record, the rest of which is passed over.
    private mutating func refusal(_ start: Int, _ problem: String) -> BadLine {
        while position < bytes.count, bytes[position] != newline { position += 1 }
        if position < bytes.count { _ = takeLineEnd() }
        return BadLine(line: start, problem: problem)
    }

    private let quote = UInt8(ascii: "\"")
    private let comma = UInt8(ascii: ",")
    private let newline = UInt8(ascii: "\n")
    private let carriageReturn = UInt8(ascii: "\r")
}

/// A line of a file that cannot be imported, and why.
struct BadLine: Error, Equatable, Sendable {
    /// The line on which the record begins, from 1.
    let line: Int
    /// What is wrong, to be read after "line 7".
    let problem: String

    /// What is wrong with fields of a line.
    init(line: Int, _ fields: [Failure.Field]) {
        self.init(
            line: line,
            problem: fields.map { "'\($0.field)' \($0.problem)" }.joined(separator: "; "))
    }

    /// What is wrong with a line.
    init(line: Int, problem: String) {
        self.line = line
        self.problem = problem
    }
}

/// Everything that is wrong with a file.
struct BadLines: Error {
    /// In the order of the lines.
    let lines: [BadLine]
}
