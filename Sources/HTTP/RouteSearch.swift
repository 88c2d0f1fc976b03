/// One look-up in the tree of routes; valid as long as the arrays it looks into.
struct RouteSearch {
    private typealias Segment = UnsafeBufferPointer<UInt8>

    /// What the parameters on the way matched.
    private(set) var values: [String] = []
    /// Whether a segment that a parameter could have matched is not percent-encoded UTF-8.
    private(set) var isMalformed = false

    private let path: Segment
    private let nodes: UnsafeBufferPointer<RouteTable.Node>
    private let text: Segment
    /// Where the path ends, not counting a slash.
    private let end: Int

    /// A search for a path among the nodes of a table.
    init(
        path: UnsafeBufferPointer<UInt8>, nodes: UnsafeBufferPointer<RouteTable.Node>,
        text: UnsafeBufferPointer<UInt8>
    ) {
        self.path = path
        self.nodes = nodes
        self.text = text
        end = path.count > 1 && path.last == UInt8(ascii: "/") ? path.count - 1 : path.count
    }

    /// Where the path leads, nil if no route has it.
    mutating func run() -> Int? {
        guard path.first == UInt8(ascii: "/"), end == 1 || path[end - 1] != UInt8(ascii: "/")
        else { return nil }
        return walk(from: 0, at: 1)
    }

    /// Follows the path from `start`; nil when no route lies that way.
    private mutating func walk(from node: Int, at start: Int) -> Int? {
        guard start < end else { return nodes[node].hasRoute ? node : nil }
        var stop = start
        var isEscaped = false
        while stop < end, path[stop] != UInt8(ascii: "/") {
            if path[stop] == UInt8(ascii: "%") { isEscaped = true }
            stop += 1
        }
        let segment = Segment(rebasing: path[start..<stop])
        if isEscaped { return walkEscaped(segment, from: node, next: stop + 1) }
        let literal = child(of: node, named: segment)
        if literal != 0, let found = walk(from: literal, at: stop + 1) { return found }
        guard nodes[node].parameter != 0, stop > start else { return nil }
        return walkParameter(
            String(validating: segment, as: UTF8.self), of: node, next: stop + 1)
    }

    private mutating func walkEscaped(_ segment: Segment, from node: Int, next: Int) -> Int? {
        var value = PercentEncoding.decode(segment, plusIsSpace: false)
        let literal = value?.withUTF8 { child(of: node, named: $0) } ?? 0
        if literal != 0, let found = walk(from: literal, at: next) { return found }
        guard nodes[node].parameter != 0 else { return nil }
        return walkParameter(value, of: node, next: next)
    }

    private mutating func walkParameter(_ value: String?, of node: Int, next: Int) -> Int? {
        guard let value else {
            isMalformed = true
            return nil
        }
        values.append(value)
        if let found = walk(from: nodes[node].parameter, at: next) { return found }
        values.removeLast()
        return nil
    }

    /// The literal of this name below a node, 0 if there is none.
    private func child(of node: Int, named segment: Segment) -> Int {
        var next = nodes[node].literal
        while next != 0 {
            let name = nodes[next].segment
            if name.count == segment.count, text[name].elementsEqual(segment) { return next }
            next = nodes[next].sibling
        }
        return 0
    }
}
