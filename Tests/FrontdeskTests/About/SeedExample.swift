import HTTP
import JSON
import Testing

@testable import Frontdesk

/// One example of the API's first description: a request and what comes back.
struct SeedExample: Sendable, CustomTestStringConvertible {
    let method: HTTP.Method
    let path: String
    var body = ""
    var status = 200
    /// The answer of the description, as JSON; every field must be there with its type.
    let answer: String
    /// Fields, by path, that must also have the value of the description.
    var fixed: [String] = []
    /// What is there before the request.
    var prepare: @Sendable (Service) async throws -> Void = { _ in }

    var testDescription: String { "\(method) \(path) \(status)" }

    /// What differs between the description and a real answer.
    func problems(in actual: JSONValue) throws -> [String] {
        var problems: [String] = []
        compare(try JSONValue(parsing: answer), actual, at: "", &problems)
        return problems
    }

    private func compare(
        _ wanted: JSONValue, _ actual: JSONValue?, at path: String, _ problems: inout [String]
    ) {
        guard let actual else {
            problems.append("\(path) is missing")
            return
        }
        if fixed.contains(path), wanted != actual {
            problems.append("\(path) is \(actual), not \(wanted)")
        }
        switch (wanted, actual) {
        case (.object(let fields), .object):
            for field in fields.members {
                let inner = path.isEmpty ? field.key : "\(path).\(field.key)"
                compare(field.value, actual[field.key], at: inner, &problems)
            }
        case (.array(let wanted), .array(let actual)):
            if actual.isEmpty != wanted.isEmpty { problems.append("\(path) has no element") }
            guard let first = wanted.first else { return }
            for element in actual { compare(first, element, at: path + "[]", &problems) }
        default:
            if wanted.kind != actual.kind {
                problems.append("\(path) is a \(actual.kind), not a \(wanted.kind)")
            }
        }
    }
}

extension JSONValue {
    /// The type's name.
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
