/// Why a server does not start.
public enum ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The host is unknown or no address of this machine.
    case cannotResolve(host: String, reason: String)
    /// Another program listens there.
    case addressInUse(host: String, port: Int)
    /// The system refuses to listen there.
    case cannotListen(host: String, port: Int, reason: String)
    /// The network library refuses.
    case cannotStart(String)
    /// It has been started before.
    case alreadyStarted

    /// One sentence for the operator, without a full stop.
    public var description: String {
        switch self {
        case .cannotResolve(let host, let reason):
            "the host '\(host)' cannot be resolved: \(reason)"
        case .addressInUse(let host, let port):
            "port \(port) on \(host) is taken by another program"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on port \(port) of \(host): \(reason)"
        case .cannotStart(let reason):
            "the server does not start: \(reason)"
        case .alreadyStarted:
            "the server has been started before"
        }
    }
}
