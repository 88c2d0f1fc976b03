/// The routes as a tree of path segments: finding one takes time by the length of the path, not by
/// the number of routes.
struct RouteTable: Sendable {
    /// What a path leads to.
    enum Match {
        /// Routes of this path, and what the braces matched.
        case found(routes: [Int], values: [String])
        /// No route has this path.
        case nothing
        /// A segment is not percent-encoded UTF-8.
        case malformed
    }

    /// A place in the tree. Nodes are plain numbers and the segments lie in one array, because two
    /// network threads that count references to the same strings would slow each other down.
    struct Node {
        /// Where the segment that leads here begins and ends in `text`.
        var segment = 0..<0
        /// The next literal below the same parent; 0 means none, as nothing leads to the root.
        var sibling = 0
        /// The first literal below this one.
        var literal = 0
        /// The parameter below this one.
        var parameter = 0
        /// Whether a route ends here.
        var hasRoute = false
    }

    private var nodes = [Node()]
    private var text: [UInt8] = []
    private var routes: [[Int]] = [[]]

    /// Adds a route under its pattern.
    mutating func insert(_ pattern: String, route: Int) {
        var current = 0
        for segment in Self.segments(ofPattern: pattern) {
            current = segment.hasPrefix("{") ? parameter(of: current) : child(of: current, segment)
        }
        routes[current].append(route)
        nodes[current].hasRoute = true
    }

    private mutating func parameter(of parent: Int) -> Int {
        if nodes[parent].parameter == 0 { nodes[parent].parameter = add(Node()) }
        return nodes[parent].parameter
    }

    private mutating func child(of parent: Int, _ segment: Substring) -> Int {
        var next = nodes[parent].literal
        while next != 0 {
            if text[nodes[next].segment].elementsEqual(segment.utf8) { return next }
            next = nodes[next].sibling
        }
        let start = text.count
        text += segment.utf8
        nodes[parent].literal = add(
            Node(segment: start..<text.count, sibling: nodes[parent].literal))
        return nodes[parent].literal
    }

    private mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        routes.append([])
        return nodes.count - 1
    }

    /// The segments of a pattern such as `/sessions/{id}`.
    static func segments(ofPattern pattern: String) -> [Substring] {
        pattern.split(separator: "/", omittingEmptySubsequences: true)
    }

    /// Finds the routes of a path as sent. Literal segments win over parameters; a slash at the end
    /// makes no difference; an encoded slash stays inside its parameter.
    func match(_ path: String) -> Match {
        var path = path
        let result = path.withUTF8 { path in
            nodes.withUnsafeBufferPointer { nodes in
                text.withUnsafeBufferPointer { text in
                    var search = RouteSearch(path: path, nodes: nodes, text: text)
                    let node = search.run()
                    return (node: node, values: search.values, isMalformed: search.isMalformed)
                }
            }
        }
        guard let node = result.node else { return result.isMalformed ? .malformed : .nothing }
        return .found(routes: routes[node], values: result.values)
    }
}
