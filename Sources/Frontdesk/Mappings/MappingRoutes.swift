import HTTP
import JSON

/// Agent mappings over HTTP: registering, reading, listing, changing and removing them.
struct MappingRoutes: Sendable {
    let mappings: MappingStore
    let secrets: WebhookSecretStore
    let idempotency: Idempotency
    /// Whether the server speaks TLS itself.
    let isSecure: Bool
    let log: Log

    /// Adds the routes.
    func register(on router: inout Router) {
        router.post("/v1/agent-inboxes", Self.creating, use: create)
        router.get("/v1/agent-inboxes", Self.listing, use: index)
        router.get("/v1/agent-inboxes/{aiAgentAddress}", Self.showing, use: show)
        router.put("/v1/agent-inboxes/{aiAgentAddress}", Self.updating, use: update)
        router.delete("/v1/agent-inboxes/{aiAgentAddress}", Self.deleting, use: delete)
        router.get("/v1/agent-inboxes/{aiAgentAddress}/card", Self.showingCard, use: card)
        router.post(
            "/v1/agent-inboxes/{aiAgentAddress}/rotate-secret", Self.rotatingSecret,
            use: rotateSecret)
    }

    /// handles `POST /v1/agent-inboxes`
    @Sendable private func create(_ request: Request) async throws -> Response {
        let registration = try Self.registration(request)
        let author = request.mappingAuthor("")
        return try await idempotency.once(request, tenant: registration.key.tenant) { claim in
            let location = registration.key.location
            let clock = mappings.clock
            let secret = registration.destinationType == .httpWebhook ? WebhookSecret.make() : nil
            let mapping = try await mappings.register(registration, by: author) {
                mapping, connection in
                if let secret {
                    try WebhookSecretStore.insert(
                        secret, for: mapping.key, at: mapping.registeredAt, in: connection)
                }
                // What is kept for a repeat must not hold the secret.
                try claim?.store(
                    mapping, status: 201, location: location, at: clock.now(), in: connection)
                return mapping
            }
            note("agent.registered", mapping.key, request)
            var response = Response.json(
                Revealed(mapping: mapping, secret: secret), status: .created)
            response.headers["Location"] = location
            response.headers["ETag"] = mapping.entityTag
            return response
        }
    }

    /// handles `GET /v1/agent-inboxes`
    @Sendable private func index(_ request: Request) throws -> Reply {
        let tenant = try request.tenant()
        var query = QueryReader(request)
        var search = MappingSearch()
        search.status = query.choice("status", Mapping.Status.self)
        search.ownerTeam = query.text("ownerTeam") { team in
            (1...255).contains(team.unicodeScalars.count)
                ? nil : "must be 1 to 255 characters long"
        }
        search.destinationType = query.text("inboxDestinationType") { type in
            Self.destinationType.problems(in: .string(type)).first?.problem
        }.map(Mapping.DestinationType.init)
        search.text = query.text("q") { text in
            text.unicodeScalars.count <= 1000 ? nil : "must be at most 1000 characters long"
        }
        if search.text?.isEmpty == true { search.text = nil }
        let page = query.addressPage()
        try query.check()
        // A part of a text may stand anywhere: that takes time by the row, so it is done aside.
        if search.text != nil { return .later { [search] in try list(tenant, search, page) } }
        return .now(try list(tenant, search, page))
    }

    private func list(
        _ tenant: Tenant, _ search: MappingSearch, _ page: AddressPage
    ) throws -> Response {
        let (found, total) = try mappings.list(
            tenant, search, limit: page.limit + 1, after: page.after)
        return .json { json in
            json.array("items") { json in
                for mapping in found.prefix(page.limit) { json.value(mapping) }
            }
            page.write(total: total, found.map(\.key.address), to: &json)
        }
    }

    /// handles `GET /v1/agent-inboxes/{aiAgentAddress}`
    @Sendable private func show(_ request: Request) throws -> Response {
        .json(tagged: try mappings.require(try request.mappingKey()))
    }

    /// handles `PUT /v1/agent-inboxes/{aiAgentAddress}`
    @Sendable private func update(_ request: Request) async throws -> Response {
        let (key, update) = try Self.update(request)
        let condition = MappingCondition(request.headers.all("If-Match"))
        let mapping = try await mappings.change(key, by: request.mappingAuthor("/PUT")) {
            mapping in
            try condition.check(mapping)
            try mapping.apply(update)
            return true
        }
        var response = Response.json(
            Revealed(mapping: mapping, secret: try secrets.made(by: mapping)))
        response.headers["ETag"] = mapping.entityTag
        return response
    }

    /// handles `DELETE /v1/agent-inboxes/{aiAgentAddress}`
    @Sendable private func delete(_ request: Request) async throws -> Response {
        let key = try request.mappingKey()
        var query = QueryReader(request)
        let purges = query.choice("purge", Truth.self) == .true
        try query.check()
        let condition = MappingCondition(request.headers.all("If-Match"))
        if purges {
            try await mappings.purge(key, if: condition)
            note("agent.purged", key, request)
            return .empty()
        }
        _ = try await mappings.change(key, by: request.mappingAuthor("/DELETE")) { mapping in
            try condition.check(mapping)
            guard mapping.reason != .manual else { return false }
            mapping.deactivate(.manual)
            return true
        }
        return .empty()
    }

    /// handles `GET /v1/agent-inboxes/{aiAgentAddress}/card`
    @Sendable private func card(_ request: Request) throws -> Response {
        let mapping = try mappings.require(try request.mappingKey())
        let host = request.headers["Host"] ?? "localhost"
        return .json(Mapping.Card(mapping: mapping, base: "http\(isSecure ? "s" : "")://\(host)"))
    }

    /// Logs what a request did to an agent.
    func note(_ event: StaticString, _ key: Mapping.Key, _ request: Request) {
        log.info(
            event,
            [
                ("tenant", .text(key.tenant.name)), ("agent", .text(key.address)),
                ("request_id", .text(request.id)),
            ])
    }

    private enum Truth: String, CaseIterable { case `true`, `false` }
}

// MARK: - Reading bodies

extension MappingRoutes {
    /// What a registration says; everything that is wrong with it is named at once.
    private static func registration(_ request: Request) throws -> MappingRegistration {
        let body = try request.json()
        var problems = createBody.problems(in: body)
            .map { Failure.Field(field: $0.field, problem: $0.problem) }
        let type = Mapping.DestinationType(rawValue: body["inboxDestinationType"]?.string ?? "")
        let name = body["inboxName"]?.string ?? ""
        let isOpen = !problems.contains { $0.field.hasPrefix("inbox") }
        if isOpen, let problem = type.problem(withName: name) {
            problems.append(Failure.Field(field: "inboxName", problem: problem))
        }
        let address = body["aiAgentAddress"]?.string ?? ""
        if !problems.contains(where: { $0.field == "aiAgentAddress" }),
            !Mapping.isAddress(address)
        {
            problems.insert(
                Failure.Field(field: "aiAgentAddress", problem: Mapping.addressProblem), at: 0)
        }
        if !problems.isEmpty { throw Failure(invalid: problems) }
        return MappingRegistration(
            key: Mapping.Key(tenant: try request.tenant(body: body), address: address),
            destinationType: type, inboxName: name, description: body["description"]?.string,
            ownerTeam: body["ownerTeam"]?.string)
    }

    /// What a change says. Throws when it names nothing that can be changed.
    private static func update(_ request: Request) throws -> (Mapping.Key, MappingUpdate) {
        let body = try request.body(updateBody)
        let key = try request.mappingKey(body: body)
        var update = MappingUpdate()
        update.destinationType = body["inboxDestinationType"]?.string
            .map(Mapping.DestinationType.init)
        update.inboxName = body["inboxName"]?.string
        update.status = body["status"]?.string.flatMap(Mapping.Status.init)
        if let value = body["description"] { update.description = .some(value.string) }
        if let value = body["ownerTeam"] { update.ownerTeam = .some(value.string) }
        let names = ["inboxDestinationType", "inboxName", "description", "ownerTeam", "status"]
        guard names.contains(where: { body[$0] != nil }) else {
            throw Failure.invalid(
                "body", "must name one of " + names.map { "'\($0)'" }.joined(separator: ", "))
        }
        return (key, update)
    }
}

extension Request {
    /// The agent that the path names in the request's tenant.
    func mappingKey(
        _ parameter: String = "aiAgentAddress", body: JSONValue? = nil
    ) throws -> Mapping.Key {
        let address = parameters[parameter]
        guard Mapping.isAddress(address) else {
            throw Failure.invalid("aiAgentAddress", Mapping.addressProblem)
        }
        return Mapping.Key(tenant: try tenant(body: body), address: address)
    }

    /// Who changes a mapping by this request: the credential's name, else the way it came.
    func mappingAuthor(_ way: String) -> MappingAuthor {
        MappingAuthor(name: caller.name ?? "router_service" + way, requestID: id)
    }
}

extension Response {
    /// A mapping with the tag of its state.
    fileprivate static func json(tagged mapping: Mapping) -> Response {
        var response = Response.json(mapping)
        response.headers["ETag"] = mapping.entityTag
        return response
    }
}

extension Mapping.Key {
    /// Where the mapping is read.
    fileprivate var location: String {
        let plain = Array("-._~@:+".utf8)
        var path = "/v1/agent-inboxes/"
        for byte in address.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isAlphabetic || (0x30...0x39).contains(byte)
                || plain.contains(byte)
            {
                path.unicodeScalars.append(scalar)
            } else {
                path += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return path
    }
}
