import HTTP
import JSON

// The secrets that webhooks are signed with: shown once, and replaced by a call.
extension MappingRoutes {
    /// handles `POST /v1/agent-inboxes/{aiAgentAddress}/rotate-secret`
    @Sendable func rotateSecret(_ request: Request) async throws -> Response {
        let key = try request.mappingKey()
        return try await idempotency.once(request, tenant: key.tenant) { claim in
            let clock = mappings.clock
            let rotation = try await secrets.rotate(key) { rotation, connection in
                // What is kept for a repeat must not hold the secret.
                let kept = Rotated(rotation: rotation, showsSecret: false)
                try claim?.store(kept, status: 200, at: clock.now(), in: connection)
            }
            note("agent.secret_rotated", key, request)
            return .json(Rotated(rotation: rotation, showsSecret: true))
        }
    }

    /// A mapping with the secret that it was given just now, if it was given one.
    struct Revealed: JSONWritable {
        let mapping: Mapping
        let secret: WebhookSecret?

        /// Writes the record, and the secret behind it.
        func write(to writer: inout JSONWriter) {
            writer.object { json in
                mapping.writeFields(to: &json)
                if let secret { json.field("webhookSecret", secret.text) }
            }
        }
    }

    private struct Rotated: JSONWritable {
        let rotation: WebhookSecretStore.Rotation
        let showsSecret: Bool

        func write(to writer: inout JSONWriter) {
            writer.object { json in
                if showsSecret { json.field("webhookSecret", rotation.secret.text) }
                json.field("previousValidUntil", rotation.previousValidUntil.milliseconds)
            }
        }
    }

    private static let secret = JSONSchema.string(
        pattern: "^whsec_[A-Za-z0-9+/=]+$", otherwise: "must be a secret such as 'whsec_…'",
        description: "What webhooks to the agent are signed with; shown this once.",
        example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwd3kF0TqE2pQ=")

    /// The record of a mapping that may just have become a webhook.
    static let revealedRecord = JSONSchema.named(
        "ChangedAgentMapping",
        .object(recordFields + [.optional("webhookSecret", secret)]))

    static let rotatingSecret = Operation(
        "Replace a webhook's secret", tag: "Agents",
        description: "The secret before signs for a day more, beside the new one. A repeat by "
            + "`Idempotency-Key` does not show the secret again.",
        parameters: [addressPath, tenantHeader, tenantQuery, SessionRoutes.key],
        responses: [
            .json(
                .ok, "The secret from now on.",
                .named(
                    "RotatedSecret",
                    .object([
                        .optional("webhookSecret", secret),
                        .required(
                            "previousValidUntil", time("Until when the one before signs.")),
                    ])))
        ],
        errors: [400, 404, 409, 422, 429, 500, 503].map { Status($0) },
        access: .scope(.agentsWrite))
}
