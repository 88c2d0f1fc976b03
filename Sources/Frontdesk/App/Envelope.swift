import HTTP
import JSON

/// The form of what the tickets part answers: `{"success": true, "data": {…}}`.
struct Envelope: JSONWritable, Sendable {
    /// What was asked for.
    let data: JSONObject

    /// Writes the data with the word that it is no failure.
    func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.field("success", true)
            json.field("data", data)
        }
    }

    /// Whether answers of this path have this form, failures with `"success": false`.
    static func covers(_ path: String) -> Bool {
        let first = path.dropFirst().prefix { $0 != "/" }
        return ["auth", "customers", "tickets", "orders"].contains(first)
            || path.hasPrefix("/.well-known/jwks.json")
    }
}

extension Response {
    /// What was asked for, in the form of the tickets part.
    static func data(
        _ data: JSONObject, status: Status = .ok, location: String? = nil
    ) -> Response {
        var response = Response.json(Envelope(data: data), status: status)
        if let location { response.headers["Location"] = location }
        return response
    }
}
