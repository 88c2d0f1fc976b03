import JSON

/// E-mail: sending an order's details, and whether sending works.
extension Intent {
    /// "Email the details of …", "Send me an email about my order", "Is email working?"
    static let email = Intent(
        name: "email", forms: [.email],
        trigger: { message in
            let hasAddress = message.words.contains { $0.kind == .email }
            if message.has(.send), hasAddress || message.has(.email) {
                return message.index(of: .send)
            }
            guard let index = message.index(of: .email) else { return nil }
            return message.has(.ownEmail) && !message.isQuestion ? nil : index
        },
        begin: { exchange in
            let message = exchange.message
            if message.orders().isEmpty, message.has(.working),
                !message.words.contains(where: { $0.kind == .email })
            {
                return await exchange.testEmail()
            }
            return await exchange.fill(.email)
        })
}

extension Form {
    /// An order's details by e-mail.
    static let email = Form(
        name: "email",
        slots: [
            .order.asking("Which order is it about? Please give me the order number."), .recipient,
        ],
        introduction: "I can e-mail you the details of an order.",
        finish: { exchange, values in await exchange.email(values) },
        dropped: "All right, I've dropped that. Nothing was sent.")
}

extension Exchange {
    fileprivate func email(_ values: SlotValues) async -> AgentReply {
        await withOrder(.email, values) { order in
            let recipient = values.text(.recipient)
            let message: JSONValue = [
                "recipients": [.string(recipient)], "subject": .string("Your order \(order.id)"),
                "body": .string(
                    "Hello,\n\nhere are the details you asked for.\n\n\(order.details)\n"),
            ]
            return switch await use("send_simple_email", message) {
            case .failure(let sentence, _):
                AgentReply(sentence, about: [order.id])
            case .success(let result):
                AgentReply(
                    "The details of order \(order.id) are "
                        + Phrases.whereabouts(of: result["state"]?.string, recipient),
                    about: [order.id])
            }
        }
    }

    fileprivate func testEmail() async -> AgentReply {
        switch await use("test_email_connection") {
        case .success:
            AgentReply("Yes, e-mail is working: the mail server answered.")
        case .failure(_, type: "EmailNotConfigured"):
            AgentReply(
                "Outgoing e-mail is not configured. "
                    + "Messages are held in the outbox and not sent.")
        case .failure(let sentence, _):
            AgentReply(sentence)
        }
    }
}

extension Phrases {
    /// Whether an e-mail in that state is on its way, without promising more than the outbox knows.
    fileprivate static func whereabouts(of state: String?, _ recipient: String) -> String {
        switch state {
        case "queued": "queued for delivery to \(recipient)."
        case "held":
            "prepared for \(recipient), but held in the outbox: "
                + "outgoing mail is not configured, so nothing was sent."
        default: "in the outbox for \(recipient); I can't tell whether they will be delivered."
        }
    }
}
