/// Why a message was not handed over, or a mail server could not be reached.
public struct SMTPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Whether another try makes sense.
    public enum Kind: Sendable, Equatable {
        /// The connection, the sign-in or a 4xx answer: it may work later.
        case temporary
        /// A 5xx answer to the message or an address: the same message will never be taken.
        case permanent
    }

    /// Whether another try makes sense.
    public let kind: Kind
    /// The code of the server's answer that ended the attempt, from 400 to 599; nil without one.
    public let code: Int?
    /// What happened, with the server's own text, one line without a full stop.
    public let message: String

    /// An error with its parts.
    public init(kind: Kind, code: Int?, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }

    /// What happened.
    public var description: String { message }
}
