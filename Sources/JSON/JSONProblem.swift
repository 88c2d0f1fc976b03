/// One thing that is wrong with a value, said to the person who sent it.
public struct JSONProblem: Sendable, Equatable, CustomStringConvertible {
    /// The path of the field, as `message` or `items[2].name`; empty for the whole value.
    public let field: String
    /// What is wrong with it, beginning with its verb: `is required`.
    public let problem: String

    /// A problem with a field.
    public init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    /// The field and what is wrong with it.
    public var description: String {
        field.isEmpty ? "the value \(problem)" : "\(field) \(problem)"
    }
}

extension JSONProblem: JSONWritable {
    /// Writes `{"field": …, "problem": …}`.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("field", field)
            $0.field("problem", problem)
        }
    }
}
