import JSON
import MCP

// What a remote ticket agent's failures come to here (tickets.md, section 10).
extension Failure {
    private static let statuses: [Int: [String]] = [
        404: ["customer_not_found", "ticket_not_found", "order_not_found", "quote_not_found"],
        409: [
            "order_open", "already_upgraded", "price_changed", "quote_expired", "quote_used",
            "quote_mismatch", "order_expired", "payment_in_progress", "illegal_transition",
            "customer_exists", "ticket_exists",
        ],
        422: [
            "ticket_not_active", "event_too_soon", "type_not_upgradeable", "tier_not_offered",
            "date_unavailable", "customer_mismatch", "upstream_rejected",
        ],
    ]

    private static let titles = [
        404: "Resource Not Found", 409: "Conflict", 422: "Unprocessable Request",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout",
    ]

    /// Whether this is a code of ours that a ticket agent may refuse with.
    static func isKnownRefusal(_ word: String) -> Bool {
        statuses.values.contains { $0.contains(word) }
    }

    /// A route that a remote ticket agent does not answer.
    static func sourceUnsupported() -> Failure {
        Failure(
            Code(word: "source_unsupported", status: 501, title: "Not Implemented"),
            "Tickets come from a remote agent here, which does not offer this.")
    }

    /// An answer that is none to the question.
    static func upstreamInvalid(_ detail: String, code: String) -> Failure {
        upstream("upstream_invalid", 502, detail, layer: .payload, code: .string(code))
    }

    /// What it means that a tool says no, with the word it has for it.
    static func refusal(_ word: String?, isError: Bool) -> Failure {
        let code = word.map { JSONValue.string(Self.word($0)) } ?? .null
        if let word, let status = statuses.first(where: { $0.value.contains(word) })?.key {
            let words = word.split(separator: "_").joined(separator: " ")
            return upstream(
                word, status, "The ticket agent refused this: \(words).", layer: .tool, code: code)
        }
        if isError {
            return upstream(
                "upstream_failed", 502, "The ticket agent failed.", layer: .tool, code: code)
        }
        return upstream(
            "upstream_rejected", 422, "The ticket agent refused this.", layer: .tool, code: code)
    }

    /// What it means that a ticket agent could not be asked.
    init(remote error: MCPError) {
        func failed(_ code: JSONValue, _ detail: String = "The ticket agent failed.") -> Failure {
            .upstream("upstream_failed", 502, detail, layer: error.layer, code: code)
        }
        switch error.kind {
        case .unknownTool: self = .sourceUnsupported()
        case .timeout:
            self = .upstream(
                "upstream_timeout", 504, "The ticket agent did not answer in time.",
                layer: error.layer, code: "timeout")
        case .overloaded(let seconds):
            self = .upstream(
                "overloaded", 503, "The ticket agent has too much to do; try again later.",
                layer: error.layer, code: "overloaded")
            retryAfter = max(1, seconds ?? 5)
        case .connection: self = failed("connection", "The ticket agent cannot be reached.")
        case .down: self = failed("down", "The ticket agent cannot be reached just now.")
        case .cancelled: self = failed("cancelled")
        case .credential: self = failed("credential")
        case .malformed: self = failed("malformed")
        case .inputRequired: self = failed("input_required")
        case .status(let status): self = failed(JSONValue(status))
        case .rpc(let code): self = failed(JSONValue(code))
        }
    }

    private static func upstream(
        _ word: String, _ status: Int, _ detail: String, layer: MCPError.Layer, code: JSONValue
    ) -> Failure {
        var failure = Failure(
            Code(word: word, status: status, title: titles[status] ?? "Bad Gateway"), detail)
        failure.extra["upstream"] = ["layer": .string(layer.rawValue), "code": code]
        return failure
    }

    /// A foreign word as far as it is one, so that no foreign text gets into an answer.
    static func word(_ text: String) -> String {
        let isWord =
            text.utf8.count <= 64
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        return isWord ? text : "unknown"
    }
}
