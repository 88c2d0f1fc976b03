public import JSON

extension Request {
    /// The body as a JSON object, at most `depth` levels deep. An empty body counts as `{}` where
    /// `allowsEmptyBody` says so. Throws 415 when `Content-Type` names something else than JSON,
    /// and 400 `malformed_json` or `validation_error` when the body is not a JSON object.
    public func json(
        allowsEmptyBody: Bool = false, maximumDepth depth: Int = JSONValue.usualDepth
    ) throws(HTTPError) -> JSONValue {
        if body.isEmpty, allowsEmptyBody { return .object(JSONObject()) }
        try requireJSONType()
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, maximumDepth: depth)
        } catch {
            throw HTTPError(
                .badRequest, code: "malformed_json",
                detail: "The body is not valid JSON: \(error).")
        }
        guard value.object != nil else {
            throw HTTPError(
                .badRequest, code: "validation_error", detail: "The body must be a JSON object.")
        }
        return value
    }

    /// Throws 415 when `Content-Type` names something else than JSON.
    public func requireJSONType() throws(HTTPError) {
        guard let sent = headers["Content-Type"], !sent.isEmpty, sent != "application/json"
        else { return }
        let type = sent.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        guard type == "application/json" || type.hasSuffix("+json") else {
            throw HTTPError(
                .unsupportedMediaType, code: "unsupported_media_type",
                detail: "The body must be sent as application/json.")
        }
    }
}
