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

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [Int] = []
    }

    private typealias Segment = UnsafeBufferPointer<UInt8>

    private var nodes = [Node()]

    /// Adds a route under its pattern.
    mutating func insert(_ pattern: String, route: Int) {
        var current = 0
        for segment in Self.segments(ofPattern: pattern) {
            current = child(of: current, for: segment)
        }
        nodes[current].routes.append(route)
    }

    private mutating func child(of parent: Int, for segment: Substring) -> Int {
        if segment.hasPrefix("{") {
            if let known = nodes[parent].parameter { return known }
            nodes.append(Node())
            nodes[parent].parameter = nodes.count - 1
        } else {
            let bytes = Array(segment.utf8)
            if let known = nodes[parent].literals.first(where: { $0.segment == bytes }) {
                return known.node
            }
            nodes.append(Node())
            nodes[parent].literals.append((bytes, nodes.count - 1))
        }
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
        return path.withUTF8 { bytes in
            guard bytes.first == UInt8(ascii: "/") else { return .nothing }
            var end = bytes.count
            if end > 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
            var search = Search(path: bytes, end: end)
            return walk(from: 0, at: 1, &search) ?? (search.isMalformed ? .malformed : .nothing)
        }
    }

    private struct Search {
        let path: Segment
        let end: Int
        var values: [String] = []
        var isMalformed = false
    }

    /// Follows the path from `start`; nil when no route lies that way.
    private func walk(from node: Int, at start: Int, _ search: inout Search) -> Match? {
        guard start < search.end else {
            let routes = nodes[node].routes
            return routes.isEmpty ? nil : .found(routes: routes, values: search.values)
        }
        var stop = start
        var isEscaped = false
        while stop < search.end, search.path[stop] != UInt8(ascii: "/") {
            if search.path[stop] == UInt8(ascii: "%") { isEscaped = true }
            stop += 1
        }
        let segment = Segment(rebasing: search.path[start..<stop])
        if isEscaped { return walkEscaped(segment, from: node, next: stop + 1, &search) }
        if let next = literal(segment, of: node),
            let match = walk(from: next, at: stop + 1, &search)
        {
            return match
        }
        guard let next = nodes[node].parameter, stop > start else { return nil }
        guard let value = String(validating: segment, as: UTF8.self) else {
            search.isMalformed = true
            return nil
        }
        return walk(from: next, value: value, at: stop + 1, &search)
    }

    private func walkEscaped(
        _ segment: Segment, from node: Int, next start: Int, _ search: inout Search
    ) -> Match? {
        guard var value = PercentEncoding.decode(segment, plusIsSpace: false) else {
            search.isMalformed = true
            return nil
        }
        if let next = value.withUTF8({ literal($0, of: node) }),
            let match = walk(from: next, at: start, &search)
        {
            return match
        }
        guard let next = nodes[node].parameter else { return nil }
        return walk(from: next, value: value, at: start, &search)
    }

    private func walk(
        from node: Int, value: String, at start: Int, _ search: inout Search
    ) -> Match? {
        search.values.append(value)
        if let match = walk(from: node, at: start, &search) { return match }
        search.values.removeLast()
        return nil
    }

    private func literal(_ segment: Segment, of node: Int) -> Int? {
        for candidate in nodes[node].literals where candidate.segment.count == segment.count {
            if candidate.segment.elementsEqual(segment) { return candidate.node }
        }
        return nil
    }
}
