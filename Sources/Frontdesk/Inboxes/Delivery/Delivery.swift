/// A way to hand messages over to a place of one kind.
protocol Delivery: Sendable {
    /// The kind of place.
    var destination: Mapping.DestinationType { get }
    /// How many messages go in one attempt at most.
    var batch: Int { get }
    /// How many attempts to one place are under way at most.
    var width: Int { get }
    /// Seconds for which messages are leased; more than an attempt can take.
    var lease: Int { get }

    /// Tries once to hand over some messages of one mapping, at least one and at most `batch`, and
    /// tells of each what became of it. `name` is where: the mapping's inbox name.
    func attempt(_ leases: [InboxLease], to name: String) async -> [DeliveryOutcome]
}

/// What became of one message in one attempt.
enum DeliveryOutcome: Sendable, Equatable {
    /// The place has taken it.
    case delivered
    /// Another try may work, not before `after` seconds if the place said so.
    case failed(String, after: Double? = nil)
    /// The place says that it is gone for good.
    case gone(String)
    /// This server broke the attempt off.
    case brokenOff
}
