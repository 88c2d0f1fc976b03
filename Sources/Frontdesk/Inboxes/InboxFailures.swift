extension Failure.Code {
    static let agentInactive = Failure.Code(
        word: "agent_inactive", status: 404, title: "Agent Inactive")
    static let destinationUnsupported = Failure.Code(
        word: "destination_unsupported", status: 500, title: "Internal Server Error")
    static let configError = Failure.Code(
        word: "config_error", status: 500, title: "Internal Server Error")
    static let notAnInbox = Failure.Code(word: "not_an_inbox", status: 409, title: "Conflict")
    static let messageNotFound = Failure.Code(
        word: "message_not_found", status: 404, title: "Resource Not Found")
    static let payloadTooLarge = Failure.Code(
        word: "payload_too_large", status: 413, title: "Payload Too Large")
}

extension Failure {
    /// 404: the agent takes no messages now.
    static func agentInactive(_ key: Mapping.Key) -> Failure {
        Failure(
            .agentInactive,
            "Agent '\(key.address)' is INACTIVE and takes no messages; try again later.")
    }

    /// 500: nobody here can deliver to this kind of place.
    static func destinationUnsupported(
        _ key: Mapping.Key, _ destination: Mapping.DestinationType
    ) -> Failure {
        Failure(
            .destinationUnsupported,
            "Messages to '\(key.address)' go to a place of type '\(destination.rawValue)', "
                + "which this server cannot deliver to.")
    }

    /// 500: the mapping's name does not fit its type.
    static func inboxUnusable(_ key: Mapping.Key) -> Failure {
        Failure(
            .configError,
            "The mapping of '\(key.address)' has no usable 'inboxName'; correct it first.")
    }

    /// 503: the inbox holds as many messages as it may.
    static func inboxFull(_ key: Mapping.Key, limit: Int) -> Failure {
        Failure(
            .overloaded,
            "The inbox of '\(key.address)' holds \(limit) messages that are not delivered; "
                + "try again later.", retryAfter: 5)
    }

    /// 409: there is nothing to pull from.
    static func notAnInbox(
        _ key: Mapping.Key, _ destination: Mapping.DestinationType
    ) -> Failure {
        Failure(
            .notAnInbox,
            "Messages to '\(key.address)' go to a place of type '\(destination.rawValue)'; "
                + "only those of FRONTDESK_INBOX are pulled.")
    }

    /// 404: no message of the tenant has this id.
    static func messageNotFound(_ id: String) -> Failure {
        Failure(.messageNotFound, "No message '\(id)' in this tenant.")
    }
}

extension Mapping.DestinationType {
    /// Whether this server can deliver to such places.
    var isKnown: Bool { [.frontdeskInbox, .httpWebhook, .pubSubTopic].contains(self) }
}

// MARK: - The words that senders know

extension InboxMessageRoutes {
    /// Whether refusals of this path say the same in `errorCode` and `message`.
    static func isSending(_ path: String) -> Bool {
        path == "/v1/messages" || path == "/v1/messages/"
    }
}

extension Failure {
    /// The word in capitals, as senders of messages know it.
    var errorCode: String {
        switch code {
        case .validationError, .malformedJSON: "INVALID_REQUEST"
        default: code.word.uppercased()
        }
    }
}
