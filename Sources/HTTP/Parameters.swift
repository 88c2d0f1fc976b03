/// What the braces of a route's pattern matched, decoded.
public struct Parameters: Sendable {
    /// The names in the order of the pattern.
    public let names: [String]
    /// The values in the same order; an encoded slash is an ordinary slash here.
    public let values: [String]

    /// No parameters.
    public init() {
        names = []
        values = []
    }

    /// Names and values of the same count.
    init(names: [String], values: [String]) {
        self.names = names
        self.values = values
    }

    /// The value of a parameter; empty when the pattern has none of this name, which is a mistake
    /// in the table of routes and stops a debug build.
    public subscript(name: String) -> String {
        for (index, candidate) in names.enumerated() where candidate == name {
            return values[index]
        }
        assertionFailure("The route has no parameter '\(name)'.")
        return ""
    }
}
