import JSON

extension Mapping: JSONWritable {
    /// Writes the record as `/v1/agent-inboxes` shows it; what is not known is left out.
    func write(to writer: inout JSONWriter) {
        writer.object { writeFields(to: &$0) }
    }

    /// Writes the members of the record into an object.
    func writeFields(to json: inout JSONWriter) {
        json.field("aiAgentAddress", key.address)
        json.field("inboxDestinationType", destinationType.rawValue)
        json.field("inboxName", inboxName)
        json.field("status", status.rawValue)
        if let reason { json.field("statusReason", reason.rawValue) }
        json.field("registrationTimestamp", registeredAt.milliseconds)
        json.field("lastUpdatedTimestamp", updatedAt.milliseconds)
        if let lastHealthCheckAt {
            json.field("lastHealthCheckTimestamp", lastHealthCheckAt.milliseconds)
        }
        if let health { json.field("healthStatus", health.rawValue) }
        if let description { json.field("description", description) }
        if let ownerTeam { json.field("ownerTeam", ownerTeam) }
        json.field("updatedBy", updatedBy)
    }
}

extension Mapping {
    /// What boards and alerts want to know of an agent.
    struct HealthLine: JSONWritable {
        let mapping: Mapping

        /// Writes the state and the newest report; null where there was no report yet.
        func write(to writer: inout JSONWriter) {
            writer.object { json in
                json.field("aiAgentAddress", mapping.key.address)
                json.field("status", mapping.status.rawValue)
                if let reason = mapping.reason { json.field("statusReason", reason.rawValue) }
                json.field("healthStatus", mapping.health?.rawValue)
                json.field(
                    "lastHealthCheckTimestamp", mapping.lastHealthCheckAt?.milliseconds)
            }
        }
    }

    /// The agent as the A2A protocol describes one (its agent card, version 0.3).
    ///
    /// It says what is true of a mapping: messages for the agent are taken by this server, as JSON,
    /// in its own way; what the agent can do is known to nobody here.
    struct Card: JSONWritable {
        let mapping: Mapping
        /// Where this server is, such as `http://localhost:9080`.
        let base: String

        /// Writes the card.
        func write(to writer: inout JSONWriter) {
            writer.object { json in
                json.field("protocolVersion", "0.3.0")
                json.field("name", mapping.key.address)
                json.field(
                    "description",
                    mapping.description ?? "Agent '\(mapping.key.address)' behind Frontdesk.")
                json.field("url", base + "/v1/messages")
                json.field("preferredTransport", "FRONTDESK_MESSAGES")
                json.field("version", String(mapping.version))
                if let team = mapping.ownerTeam {
                    json.object("provider") { json in
                        json.field("organization", team)
                        json.field("url", base)
                    }
                }
                json.object("capabilities") { json in
                    json.field("streaming", false)
                    json.field("pushNotifications", false)
                    json.field("stateTransitionHistory", false)
                }
                json.array("defaultInputModes") { $0.string("application/json") }
                json.array("defaultOutputModes") { $0.string("application/json") }
                json.array("skills") { _ in }
            }
        }
    }
}
