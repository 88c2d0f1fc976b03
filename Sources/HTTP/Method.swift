/// The verb of a request, compared letter by letter as HTTP wants it.
public struct Method: Hashable, Sendable, CustomStringConvertible {
    /// The verb as sent, such as `GET`.
    public let name: String

    /// A verb that need not be one of those below.
    public init(_ name: String) {
        self.name = name
    }

    /// Reads.
    public static var get: Method { Method("GET") }
    /// Reads the header only.
    public static var head: Method { Method("HEAD") }
    /// Creates or acts.
    public static var post: Method { Method("POST") }
    /// Replaces.
    public static var put: Method { Method("PUT") }
    /// Changes in part.
    public static var patch: Method { Method("PATCH") }
    /// Removes.
    public static var delete: Method { Method("DELETE") }
    /// Asks what is allowed.
    public static var options: Method { Method("OPTIONS") }

    /// The verb as sent.
    public var description: String { name }
}
