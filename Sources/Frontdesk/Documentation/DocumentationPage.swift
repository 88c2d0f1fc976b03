/// A page of documentation: the built-in reference, which a viewer takes the place of if its
/// scripts can be loaded. Without scripts, or without JavaScript at all, the reference stays.
struct DocumentationPage: Sendable {
    /// What shows the document.
    enum Viewer: String, CaseIterable, Sendable {
        /// Swagger UI, at `/docs`.
        case swaggerUI = "swagger-ui"
        /// ReDoc, at `/redoc`.
        case redoc
    }

    /// The whole page.
    let html: String
    /// The value of `Content-Security-Policy` that fits it.
    let policy: String

    /// A page with the reference inside and the viewer to be loaded from `base`.
    init(_ viewer: Viewer, base: ScriptBase, title: String, reference: HTMLText) {
        let script: HTMLText =
            switch base {
            case .none: ""
            case .remote(let address, origin: _): Self.script(viewer, address)
            case .folder: Self.script(viewer, "/docs/assets/\(viewer.rawValue)")
            }
        let page: HTMLText = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <link rel="icon" href="data:,">
            <link id="reference-style" rel="stylesheet" href="/docs/assets/page/reference.css">
            \(script)
            </head>
            <body>
            <div id="viewer" hidden></div>
            <div id="reference">
            \(reference)
            </div>
            </body>
            </html>

            """
        html = page.source
        policy = Self.policy(viewer, base)
    }

    private static func script(_ viewer: Viewer, _ address: String) -> HTMLText {
        """
        <script src="/docs/assets/page/viewer.js" data-viewer="\(viewer.rawValue)" \
        data-base="\(address)" defer></script>
        """
    }

    /// Only what the page needs: nothing from elsewhere for the reference, more for a viewer.
    private static func policy(_ viewer: Viewer, _ base: ScriptBase) -> String {
        let common =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        let source: String
        switch base {
        case .none: return common + "; style-src 'self'; img-src 'self' data:"
        case .folder: source = "'self'"
        case .remote(address: _, let origin): source = "'self' \(origin)"
        }
        // Both viewers put styles into their elements; ReDoc searches in a worker made of a blob.
        let worker = viewer == .redoc ? "; worker-src blob:; child-src blob:" : ""
        return common + "; script-src \(source); style-src \(source) 'unsafe-inline'"
            + "; img-src \(source) data:; font-src \(source) data:; connect-src 'self'" + worker
    }
}
