internal import JSON
internal import Synchronization

/// The tools of a server, as long as the list may be believed.
struct ToolList: Sendable {
    /// The tools, nil when the server does not list them.
    let tools: [Tool]?
    /// When to ask again.
    let end: ContinuousClock.Instant

    /// The tool of this name.
    func tool(_ name: String) -> Tool? { tools?.first { $0.name == name } }
}

extension MCPClient {
    /// More tools than these are not looked at.
    private static let mostTools = 1000
    /// How long a list is kept when the server says nothing about it.
    private static let usualLife = Duration.seconds(300)

    /// The definition of a tool, nil when the server lists none; throws when it lists others only.
    func tool(_ name: String, _ deadline: Deadline) async throws -> Tool? {
        let list = try await list(deadline)
        guard list.tools != nil else { return nil }
        guard let tool = list.tool(name) else {
            throw MCPError(.tool, .unknownTool, "the server offers no tool '\(name)'")
        }
        return tool
    }

    /// The list at hand, or a new one.
    func list(_ deadline: Deadline) async throws -> ToolList {
        if let list = listAtHand { return list }
        return try await listing.join {
            if let list = self.listAtHand { return list }
            let list = try await self.fetchList(deadline)
            self.state.withLock { state in
                state.list = list
                state.knownTools = list.tools
            }
            return list
        }
    }

    /// The newest list, nil when it may no longer be believed.
    var listAtHand: ToolList? {
        state.withLock(\.list).flatMap { now() < $0.end ? $0 : nil }
    }

    private func fetchList(_ deadline: Deadline) async throws -> ToolList {
        let asked = now()
        var pages = Pages()
        var life = Self.usualLife
        repeat {
            var question = Question(method: "tools/list", params: [:])
            question.params["cursor"] = pages.cursor.map(JSONValue.string)
            question.isRepeatable = true
            let page: JSONObject
            do {
                page = try await ask(question, deadline)
            } catch let error as MCPError where error.isRefusal && isBare {
                return ToolList(tools: nil, end: asked + Self.usualLife)
            }
            if let milliseconds = page["ttlMs"]?.int {
                life = min(life, .milliseconds(min(max(milliseconds, 0), 86_400_000)))
            }
            try pages.add(page, warn: warn)
        } while pages.cursor != nil && pages.tools.count < Self.mostTools
        return ToolList(tools: Array(pages.tools.prefix(Self.mostTools)), end: asked + life)
    }

    /// Whether the server was found to take no handshake.
    var isBare: Bool { state.withLock { $0.era?.kind == .bare } }
}

/// The pages of a list that are there so far.
private struct Pages {
    var tools: [Tool] = []
    var cursor: String?
    private var names: Set<String> = []
    private var cursors: Set<String> = []

    /// Adds a page and finds out which is next; what is no tool is left out with a warning.
    mutating func add(_ page: JSONObject, warn: (String) -> Void) throws {
        guard let definitions = page["tools"]?.array else {
            throw MCPError(.payload, .malformed, "the list of tools holds none")
        }
        for definition in definitions {
            do throws(Tool.Flaw) {
                let tool = try Tool(definition)
                if names.insert(tool.name).inserted {
                    tools.append(tool)
                } else {
                    warn("the tool '\(tool.name)' is listed twice")
                }
            } catch {
                warn(error.text)
            }
        }
        cursor = page["nextCursor"]?.string
        if let next = cursor, !cursors.insert(next).inserted || cursors.count > 1000 {
            warn("the list of tools has no end")
            cursor = nil
        }
    }
}
