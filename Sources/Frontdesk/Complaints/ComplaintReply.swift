import JSON
import MCP

/// What a server that keeps complaints answered, in either of the forms that such servers have:
/// `{"status", "message", "complaint"}` or `{"success", "message", "data"|"error"}`.
struct ComplaintReply {
    private let payload: JSONObject
    private let isRepeatable: Bool

    /// Takes a result apart; throws `ToolError` for a refusal and for what is no answer.
    init(_ result: CallResult, isRepeatable: Bool) throws {
        guard let payload = result.payload else {
            throw result.isError ? Self.refusal(nil, nil) : Self.unreadable(isRepeatable)
        }
        let error = payload["error"] ?? .null
        let isRefusal =
            result.isError || payload["success"] == false || payload["status"] == "error"
            || !(error.isNull || error == false)
        if isRefusal {
            let sentence = error.string ?? error["message"]?.string ?? payload["message"]?.string
            let words = [payload["error_type"], error["code"], error["type"], payload["code"]]
            throw Self.refusal(sentence, words.lazy.compactMap { $0?.string }.first)
        }
        self.payload = payload
        self.isRepeatable = isRepeatable
    }

    /// What the server says beside the facts.
    var message: String { payload["message"]?.string?.plain(limit: 500) ?? "" }

    /// How many complaints a search found, as far as told.
    var count: Int? { payload["count"]?.int ?? payload["data"]?["count"]?.int }

    /// The complaint that is answered; throws when there is none, or not the one asked for.
    func complaint(_ id: Int?) throws -> JSONObject {
        let data = payload["data"]
        let places: [JSONValue?] = [
            payload["complaint"], data?["complaint"], data, .object(payload),
        ]
        guard let found = places.lazy.compactMap({ $0.flatMap(Self.record) }).first,
            id == nil || found["complaint_id"]?.int == id
        else { throw Self.unreadable(isRepeatable) }
        return found
    }

    /// The complaints that a search found; throws when there is no list.
    func complaints() throws -> [JSONObject] {
        let data = payload["data"]
        let places = [payload["complaints"], data?["complaints"], data]
        guard let list = places.lazy.compactMap({ $0?.array }).first else {
            throw Self.unreadable(isRepeatable)
        }
        return list.compactMap(Self.record)
    }

    /// A complaint with its number as a number and its words as they are written here; nil when it
    /// has none.
    private static func record(_ value: JSONValue) -> JSONObject? {
        let number = value["complaint_id"] ?? value["id"]
        guard var record = value.object,
            let id = number?.int ?? number?.string.flatMap({ Int($0) })
        else { return nil }
        record["complaint_id"] = JSONValue(id)
        for key in ["status", "priority"] {
            if let word = record[key]?.string { record[key] = .string(word.asChoice) }
        }
        return record
    }

    private static func refusal(_ sentence: String?, _ word: String?) -> ToolError {
        let type = word.flatMap { word in
            ToolErrorType(rawValue: word) ?? ToolErrorType(code: word.lowercased())
        }
        let told = sentence?.plain(limit: 500) ?? ""
        return ToolError(
            type ?? .internalError, told.isEmpty ? "Complaint management refused this." : told)
    }

    private static func unreadable(_ isRepeatable: Bool) -> ToolError {
        .unreadable(
            "The answer of complaint management makes no sense.", isRepeatable: isRepeatable)
    }
}

extension ToolError {
    /// A complaint that is not there, or that this customer may not see.
    static func noComplaint(_ id: Int) -> ToolError {
        ToolError(.complaintNotFound, "There is no complaint \(id).")
    }

    /// A search for everything.
    static let noCriteria = ToolError(
        .noCriteria, "Name a customer, an order, a title or a status to look for.")

    /// A change of nothing.
    static let noUpdates = ToolError(
        .noUpdates, "Name at least one thing to change of the complaint.")
}
