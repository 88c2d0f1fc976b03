import SQLite

extension MessageStore {
    /// How many characters of history a model is told at most.
    static let contextCharacters = 60_000

    /// At most `count` of the newest messages of a session, oldest first, for a model that is to
    /// answer the turn `turnID`.
    ///
    /// Without the turn itself and what was cancelled; whole turns only, and as many as fit into
    /// 60,000 characters.
    func context(
        of session: Session.Key, before turnID: String, newest count: Int
    ) throws -> [PastMessage] {
        let newestFirst = try sessions.database.read { connection in
            try connection.all(
                """
                SELECT role, content FROM messages
                WHERE tenant_id = \(session.tenant.name) AND session_id = \(session.id)
                  AND message_id <> \(turnID) AND status <> 'cancelled'
                  AND role IN ('user', 'assistant')
                ORDER BY seq DESC
                LIMIT \(count)
                """
            ) { row in
                PastMessage(
                    isFromCustomer: try row.text(0) == Message.Role.user.rawValue,
                    text: try row.text(1))
            }
        }
        return MessageStore.fitting(newestFirst, into: MessageStore.contextCharacters)
    }

    /// The newest whole turns that have at most `limit` characters together, oldest first.
    static func fitting(_ newestFirst: [PastMessage], into limit: Int) -> [PastMessage] {
        var kept = 0
        var characters = 0
        for (index, message) in newestFirst.enumerated() {
            characters += message.text.unicodeScalars.count
            if characters > limit { break }
            // A turn begins with what the customer said.
            if message.isFromCustomer { kept = index + 1 }
        }
        return newestFirst.prefix(kept).reversed()
    }
}
