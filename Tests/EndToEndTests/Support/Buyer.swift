import JSON
import RawHTTP

/// A client that enters tickets and orders, pays, cancels and refunds upgrades for them without a
/// pause, and after a crash sends again what was not answered.
actor Buyer {
    /// What the client knows to be true of its orders, by their ids.
    struct Knowledge: Sendable {
        var placed: Set<String> = []
        var completed: Set<String> = []
        var cancelled: Set<String> = []
        var refunded: Set<String> = []
        /// How often a payment was found interrupted by a crash.
        var interrupted = 0
        /// What the server answered that it should not have.
        var surprises: [String] = []
    }

    /// What is to be done next with the present ticket.
    private enum Stage {
        case enter, price, place, pay, cancel, refund
    }

    /// What each payment tries, in turn.
    private static let tokens = [
        "tok_ok", "tok_ok_third_try", "tok_timeout_charged", "tok_declined_issuer", "tok_ok",
        "tok_timeout_unknown", "tok_unavailable",
    ]

    private(set) var knowledge = Knowledge()
    /// How many answers it got.
    private(set) var answers = 0
    private let name: String
    private var stage = Stage.enter
    private var number = 1
    private var payments = 0
    private var quote = ""
    private var order = ""

    /// A client with a name that no other has.
    init(name: String) {
        self.name = name
    }

    /// Enters the customer whose tickets they are.
    func introduce(to server: RunningServer) async throws {
        let answer = try await server.post(
            "/customers",
            [
                "customer_id": .string(customer), "first_name": .string(name),
                "last_name": "Buyer", "email": .string("\(name)@example.com"),
            ])
        if answer.status != 201 { knowledge.surprises.append(answer.body.text) }
    }

    /// Buys until the connection breaks.
    func buy(from server: RunningServer) async {
        guard let client = try? server.connect() else { return }
        do {
            while true {
                let (path, body) = request
                let answer = try await client.call("POST", path, body, key: key)
                answers += 1
                try await take(answer)
            }
        } catch {}
    }

    private var customer: String { "cus_\(name)" }
    private var ticket: String { "tkt_\(name)_\(number)" }
    private var token: String { Self.tokens[payments % Self.tokens.count] }
    private var key: String { "\(name)-\(number)-\(stage)-\(payments)" }

    private var request: (path: String, body: JSONValue) {
        switch stage {
        case .enter:
            (
                "/tickets",
                [
                    "ticket_id": .string(ticket), "customer_id": .string(customer),
                    "ticket_number": .string("\(name)-\(number)-\(number)"),
                    "ticket_type": "general", "original_price": 50, "event_date": "2099-05-14",
                ]
            )
        case .price:
            ("/tickets/\(ticket)/pricing", ["upgrade_tier": "double-fun"])
        case .place:
            (
                "/orders",
                [
                    "ticket_id": .string(ticket), "customer_id": .string(customer),
                    "upgrade_tier": "double-fun", "event_date": "2099-05-14",
                    "quote_id": .string(quote),
                ]
            )
        case .pay: ("/orders/\(order)/pay", ["payment_token": .string(token)])
        case .cancel: ("/orders/\(order)/cancel", ["reason": "A test"])
        case .refund: ("/orders/\(order)/refund", ["reason": "A test"])
        }
    }

    private func take(_ answer: Answer) async throws {
        let data = answer["data"]
        switch (stage, answer.status) {
        case (.enter, 201): stage = .price
        case (.price, 200):
            quote = data?["quote_id"]?.string ?? ""
            stage = .place
        case (.place, 201):
            order = data?["order"]?["order_id"]?.string ?? ""
            knowledge.placed.insert(order)
            stage = number % 5 == 0 ? .cancel : .pay
        case (.pay, 200):
            knowledge.completed.insert(order)
            payments += 1
            if number % 3 == 0 { stage = .refund } else { goOn() }
        case (.pay, 402), (.pay, 502), (.pay, 504):
            if answer["failure_reason"] == "interrupted" { knowledge.interrupted += 1 }
            // What stays in `processing` is settled without this client.
            let isOpen = answer["order"]?["status"] == "processing"
            payments += 1
            if isOpen { goOn() }
        case (.pay, 409) where answer["code"] == "payment_in_progress":
            try await Task.sleep(for: .milliseconds(10))
        case (.cancel, 200):
            knowledge.cancelled.insert(order)
            goOn()
        case (.refund, 200):
            knowledge.refunded.insert(order)
            goOn()
        default: note(answer)
        }
    }

    private func goOn() {
        number += 1
        stage = .enter
    }

    private func note(_ answer: Answer) {
        knowledge.surprises.append("\(request.path): \(answer.status) \(answer.body.text)")
        goOn()
    }
}
