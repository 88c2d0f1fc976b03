/// What customers are told about their orders (tickets.md, section 8).
struct TicketOrderMail: Sendable {
    let settings: TicketSettings
    let ids: IDMaker
    /// Whether mail to an address can go out, or is to be held.
    let sends: @Sendable (String) -> Bool

    /// Whom a message goes to and what it belongs to.
    struct Envelope: Sendable {
        let tenant: Tenant
        let customer: Customer
        let requestID: String
        let now: Timestamp
    }

    /// The two messages about an order that was paid.
    func completed(_ paid: PaidOrder, _ envelope: Envelope) -> [Email] {
        let (order, payment) = (paid.order, paid.payment)
        let features = settings.text(order.price.tier).features.map { "  - \($0)" }
        return [
            email(
                "payment_success", about: payment.id,
                subject: "Payment received for \(order.ticketNumber)", envelope,
                "we have received your payment. Thank you!",
                facts(order) + [
                    "Payment: \(payment.id)", "Amount: \(amount(of: payment))",
                    "Paid with: \(payment.method.words)",
                    "Date: \(settings.zone.day(at: envelope.now).text)",
                ]),
            email(
                "upgrade_confirmation", about: order.id,
                subject: "Upgrade confirmed: \(order.confirmationCode)", envelope,
                "your upgrade is confirmed.",
                facts(order) + [
                    "Before: \(order.originalType.rawValue)",
                    "Event day: \(paid.ticket.eventDay.text)",
                    "Upgrade price: \(amount(order.price.upgradeCents, order.price.currency))",
                    "New value of the ticket: "
                        + amount(order.price.totalCents, order.price.currency),
                    "Included:",
                ] + features),
        ]
    }

    /// The message about a payment that failed.
    func failed(_ paid: PaidOrder, _ envelope: Envelope) -> Email {
        let payment = paid.payment
        let reason = payment.failureReason?.words ?? "something went wrong"
        let advice =
            payment.isRetryable
            ? "You can simply try again."
            : "Trying the same again will not help; please use another way to pay."
        return email(
            "payment_failed", about: payment.id,
            subject: "Payment failed for \(paid.order.ticketNumber)", envelope,
            "your payment failed because \(reason). Nothing was charged. \(advice)",
            facts(paid.order) + [
                "Payment: \(payment.id)", "Amount: \(amount(of: payment))",
                "Paid with: \(payment.method.words)",
            ])
    }

    /// The message about an order that was cancelled, or that nobody paid in time.
    func cancelled(_ order: TicketOrder, _ envelope: Envelope) -> Email {
        let reason =
            order.hasLapsed
            ? "it was not paid in time" : order.cancelReason ?? "no reason was given"
        return email(
            "upgrade_cancelled", about: order.id,
            subject: "Upgrade cancelled: \(order.confirmationCode)", envelope,
            "your order of an upgrade was cancelled.", facts(order) + ["Reason: \(reason)"])
    }

    /// The message about money that was given back.
    func refunded(_ paid: PaidOrder, _ envelope: Envelope) -> Email {
        email(
            "refund_processed", about: paid.payment.id,
            subject: "Refund for \(paid.order.confirmationCode)", envelope,
            "your money is on its way back to you.",
            facts(paid.order) + [
                "Payment: \(paid.payment.id)", "Amount: \(amount(of: paid.payment))",
            ])
    }

    private func facts(_ order: TicketOrder) -> [String] {
        [
            "Ticket: \(order.ticketNumber)", "Upgrade: \(settings.text(order.price.tier).name)",
            "Confirmation code: \(order.confirmationCode)",
        ]
    }

    private func email(
        _ kind: String, about: String, subject: String, _ envelope: Envelope,
        _ sentence: String, _ facts: [String]
    ) -> Email {
        let customer = envelope.customer
        let lines = ["Hello \(customer.name),", "", sentence, ""] + facts
        return Email(
            id: ids.make("eml"), tenant: envelope.tenant, kind: kind, about: about,
            recipients: [customer.email], subject: subject,
            body: lines.joined(separator: "\n") + "\n",
            state: sends(customer.email) ? .queued : .held, requestID: envelope.requestID,
            createdAt: envelope.now)
    }

    private func amount(of payment: Payment) -> String {
        amount(payment.amountCents, payment.currency)
    }

    /// `45.00 USD`.
    private func amount(_ cents: Int, _ currency: String) -> String {
        let rest = String(cents % 100)
        return "\(cents / 100).\(rest.count == 1 ? "0" : "")\(rest) \(currency)"
    }
}
