import JSON

extension Router {
    /// A plain JSON answer for whoever sets no `onError`: what HTTP refuses is told, everything
    /// else is 500 without a word about the cause.
    static func plainAnswer(_ error: any Error, _ request: Request) -> Response {
        let refusal =
            error as? HTTPError
            ?? HTTPError(
                .internalError, code: "internal", detail: "The request could not be served.")
        var response = Response.json(status: refusal.status) { json in
            json.field("error", refusal.status.reason)
            json.field("code", refusal.code)
            json.field("detail", refusal.detail)
        }
        for field in refusal.headers { response.headers.add(field.name, field.value) }
        return response
    }
}
