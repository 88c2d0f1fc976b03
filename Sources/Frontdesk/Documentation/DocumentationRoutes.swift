import HTTP
import JSON

/// The OpenAPI document of all routes, and pages over it.
///
/// It must be registered last: the document lists the routes that are there by then, its own
/// included. With `docs.enabled` false nothing is registered, so all of it is 404.
struct DocumentationRoutes: Sendable {
    let configuration: Configuration
    /// The version of the program.
    let version: String

    /// What the routes hand out, made once.
    private struct Contents: Sendable {
        var document: [UInt8] = []
        var pages: [DocumentationPage.Viewer: DocumentationPage] = [:]
        var folders: [String: AssetFolder] = [:]
    }

    /// Adds the routes.
    func register(on router: inout Router) {
        guard configuration.docs.enabled else { return }
        var listed = router
        add(to: &listed, Contents())
        add(to: &router, contents(of: listed.routes))
    }

    /// The document of `routes`; the command `openapi` prints it.
    func document(of routes: [Route]) -> OpenAPI.Document {
        Self.openAPI(configuration, version: version).document(of: routes)
    }

    private func add(to router: inout Router, _ contents: Contents) {
        router.get("/openapi.json", Self.showingDocument) { _ in
            Self.cached(.json(bytes: contents.document))
        }
        router.get("/docs", Self.showingSwaggerUI) { _ in Self.page(.swaggerUI, contents) }
        router.get("/redoc", Self.showingRedoc) { _ in Self.page(.redoc, contents) }
        router.get("/docs/assets/{folder}/{file}", Self.showingAsset) { request async throws in
            try Self.asset(request, contents)
        }
    }

    private func contents(of routes: [Route]) -> Contents {
        let json = document(of: routes).json
        let reference = ReferencePage(document: json, address: address).html
        let title = "\(Product.name) \(version)"
        var contents = Contents(document: json.bytes)
        for viewer in DocumentationPage.Viewer.allCases {
            let base = ScriptBase(
                viewer == .redoc
                    ? configuration.docs.redocBase : configuration.docs.swaggerUIBase)
            contents.pages[viewer] = DocumentationPage(
                viewer, base: base, title: title, reference: reference)
            if case .folder(let path) = base {
                contents.folders[viewer.rawValue] = AssetFolder(path: path)
            }
        }
        return contents
    }

    /// Where the examples reach the server.
    private var address: String {
        let host = configuration.server.host
        let isAny = ["0.0.0.0", "127.0.0.1", "::", "::1"].contains(host)
        let scheme = configuration.server.tlsCertificate.isEmpty ? "http" : "https"
        return "\(scheme)://\(isAny ? "localhost" : host):\(configuration.server.port)"
    }

    /// handles `GET /docs` and `GET /redoc`
    private static func page(
        _ viewer: DocumentationPage.Viewer, _ contents: Contents
    ) -> Response {
        guard let page = contents.pages[viewer] else { return .empty(.notFound) }
        var response = Response.html(page.html)
        response.headers["Content-Security-Policy"] = page.policy
        response.headers["Referrer-Policy"] = "no-referrer"
        return cached(response)
    }

    /// handles `GET /docs/assets/{folder}/{file}`
    private static func asset(_ request: Request, _ contents: Contents) throws -> Response {
        let folder = request.parameters["folder"]
        let file = request.parameters["file"]
        let asset =
            folder == "page" ? PageAssets.file(file) : contents.folders[folder]?.file(file)
        guard let asset else {
            throw Failure(.notFound, "There is no such file in the documentation.")
        }
        return cached(.bytes(asset.bytes, contentType: asset.contentType))
    }

    /// An answer that browsers keep but ask about after a while, and never take for another type.
    private static func cached(_ response: Response) -> Response {
        var response = response
        response.headers["Cache-Control"] = "public, max-age=300"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    }
}
