import JSON

/// The built-in reference: an OpenAPI document as plain HTML, readable without any script.
struct ReferencePage {
    /// The document.
    let document: JSONValue
    /// Where the server is reached in the examples, such as `http://localhost:9080`.
    let address: String

    /// The whole reference.
    var html: HTMLText {
        """
        <input id="menu" type="checkbox" aria-label="Contents">
        <nav><label for="menu">Contents</label><div>\(contents)</div></nav>
        <main>
        <header>\(introduction)</header>
        \(tags.map(section))
        <section id="refusals"><h2>Errors</h2>\(refusals)</section>
        <section id="schemas"><h2>Schemas</h2>\(schemas)</section>
        </main>
        """
    }

    private var introduction: HTMLText {
        let info = document["info"]
        let contact = info?["contact"]
        let address = contact?["url"]?.string ?? ""
        let link: HTMLText =
            if let name = contact?["name"]?.string, address.hasPrefix("http") {
                "Contact: <a href=\"\(address)\" rel=\"noreferrer\">\(name)</a> · "
            } else {
                ""
            }
        return """
            <h1>\(info?["title"]?.string ?? "")
            <small>\(info?["version"]?.string ?? "")</small></h1>
            \(HTMLText.markdown(info?["description"]?.string ?? ""))
            <p class="facts">\(link)<a href="/openapi.json">OpenAPI document</a></p>
            \(commonParameters)
            """
    }

    private var commonParameters: HTMLText {
        let all = document["components"]?["parameters"]?.object?.members.map(\.value) ?? []
        guard !all.isEmpty else { return "" }
        return "<h4>Every request may carry</h4>\(ReferenceOperation.table(of: all, document))"
    }

    /// The operations in the order of the paths, as the document groups them.
    private var operations: [ReferenceOperation] {
        (document["paths"]?.object?.members ?? []).flatMap { path in
            (path.value.object?.members ?? []).map { verb in
                ReferenceOperation(
                    method: verb.key, path: path.key, operation: verb.value, document: document,
                    address: address)
            }
        }
    }

    private var tags: [JSONValue] {
        document["tags"]?.array ?? []
    }

    private func operations(of tag: JSONValue) -> [ReferenceOperation] {
        operations.filter { $0.operation["tags"]?[0] == tag["name"] }
    }

    private var contents: [HTMLText] {
        let groups = tags.map { tag -> HTMLText in
            let links = operations(of: tag).map { operation -> HTMLText in
                """
                <li><a href="#\(operation.id)">\(operation.badge) \
                \(operation.operation["summary"]?.string ?? "")</a></li>
                """
            }
            return "<h4>\(tag["name"]?.string ?? "")</h4><ul>\(links)</ul>"
        }
        let ends: HTMLText = """
            <h4>More</h4><ul><li><a href="#refusals">Errors</a></li>
            <li><a href="#schemas">Schemas</a></li></ul>
            """
        return groups + [ends]
    }

    private func section(_ tag: JSONValue) -> HTMLText {
        """
        <section><h2>\(tag["name"]?.string ?? "")</h2>
        \(HTMLText.markdown(tag["description"]?.string ?? ""))
        \(operations(of: tag).map(\.html))</section>
        """
    }

    private var refusals: [HTMLText] {
        let statuses = operations.flatMap { $0.refusals }
        return (document["components"]?["responses"]?.object?.members ?? []).map { member in
            let status = statuses.first { $0.name == member.key }?.status ?? ""
            let answer = ReferenceAnswer(
                status: status, answer: member.value, document: document)
            return "<article id=\"response-\(member.key)\">\(answer.html)</article>"
        }
    }

    private var schemas: [HTMLText] {
        (document["components"]?["schemas"]?.object?.members ?? []).map { member in
            let schema = ReferenceSchema(schema: member.value, document: document)
            return """
                <article id="schema-\(member.key)"><h3>\(member.key)</h3>
                \(HTMLText.markdown(member.value["description"]?.string ?? ""))
                \(schema.table)</article>
                """
        }
    }
}
