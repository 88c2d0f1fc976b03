import HTTP
import JSON

extension MappingRoutes {
    private static let cardSchema = JSONSchema.named(
        "AgentCard",
        .object([
            .required("protocolVersion", .string(example: "0.3.0")),
            .required("name", .string(description: "The agent's address.")),
            .required("description", .string),
            .required("url", .string(format: .uri, description: "Where messages are sent to.")),
            .required("preferredTransport", .constant("FRONTDESK_MESSAGES")),
            .required("version", .string(description: "Grows with every change of the mapping.")),
            .optional(
                "provider",
                .object([
                    .required("organization", .string(description: "The owner team.")),
                    .required("url", .string(format: .uri)),
                ])),
            .required(
                "capabilities",
                .object([
                    .required("streaming", .boolean), .required("pushNotifications", .boolean),
                    .required("stateTransitionHistory", .boolean),
                ])),
            .required("defaultInputModes", .array(of: .string)),
            .required("defaultOutputModes", .array(of: .string)),
            .required("skills", .array(of: .object([], additional: true))),
        ]))

    static let showingCard = Operation(
        "Read an agent's card", tag: "Agents",
        description: "The agent as the A2A protocol describes one, made from its mapping.",
        parameters: [addressPath, tenantHeader, tenantQuery],
        responses: [.json(.ok, "The card.", cardSchema)],
        errors: [400, 404, 429, 500, 503].map { Status($0) }, access: .scope(.agentsRead))
}
