internal import CMicrohttpd
import Glibc

/// A connection as its network thread sees it: the request that is being read, and its answer.
///
/// The library keeps a pointer to it from the start to the end of the connection and calls with it
/// on that connection's one thread only, which is why it needs no lock and is not `Sendable`.
final class Connection {
    private enum Stage {
        case header
        case body
        case working
        case answered
    }

    let client: Client
    private let context: ServerContext
    private let peer: String
    /// The largest body in bytes.
    private let limit: Int
    private var stage = Stage.header
    private var rawQuery: String?
    private var isBrokenTarget = false
    private var headerProblem: HTTPError?
    private var headers = Headers()
    private var body: [UInt8] = []
    private var discarded = 0
    private var mustLinger = false

    /// A connection whose first request has not come yet.
    init(context: ServerContext, client: Client, peer: String) {
        self.context = context
        self.client = client
        self.peer = peer
        limit = context.configuration.maximumBodyBytes
    }

    /// A request line has come; `target` is the address in it, which the library is about to cut.
    func begin(_ target: UnsafePointer<CChar>) {
        client.phase.enter(.reading)
        stage = .header
        guard let mark = strchr(target, Int32(UInt8(ascii: "?"))) else { return }
        rawQuery = String(validatingCString: mark + 1)
        if rawQuery == nil { isBrokenTarget = true }
    }

    /// The request has been answered or given up.
    func end() {
        client.phase.enter(.idle)
        stage = .header
        rawQuery = nil
        isBrokenTarget = false
        headerProblem = nil
        headers = Headers()
        body = []
        discarded = 0
    }

    /// The connection is over; its socket is closed when this returns.
    func close() {
        context.registry.close(client)
        if mustLinger || LingeringSocket.hasUnread(client.socket) {
            LingeringSocket.keep(
                client.socket, atMost: context.configuration.readTimeout)
        }
    }

    /// The library has the header, a piece of the body, or the whole request.
    func handle(_ call: Call) -> MHD_Result {
        switch stage {
        case .header:
            return receiveHeader(call)
        case .body where call.size.pointee > 0:
            return receiveBody(call)
        case .body:
            return run(request(call), call)
        case .working:
            // Without an answer the connection was woken because nobody waits any longer.
            guard let answer = client.takeAnswer() else { return .NO }
            return send(answer, call)
        case .answered:
            return .YES
        }
    }

    private func receiveHeader(_ call: Call) -> MHD_Result {
        stage = .body
        (headers, headerProblem) = call.readHeaders()
        if headerProblem != nil {
            // Where this request ends is not certain, so nothing behind it is read.
            mustLinger = true
            return run(request(call), call)
        }
        if let length = headers["Content-Length"], let length = Int(length) {
            guard length <= limit else {
                discarded = length
                // The library sends the answer and reads no more.
                mustLinger = true
                return run(request(call), call)
            }
            body.reserveCapacity(length)
        }
        return .YES
    }

    private func receiveBody(_ call: Call) -> MHD_Result {
        let count = call.size.pointee
        call.size.pointee = 0
        if discarded == 0, body.count + count <= limit, let bytes = call.upload {
            body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return .YES
        }
        // The library cannot answer in the middle of a body: the rest is read and thrown away, but
        // not without end.
        discarded += body.count + count
        body = []
        return discarded <= limit + Self.patience ? .YES : .NO
    }

    /// How many bytes of a body that is too large are read before the connection is broken off.
    private static let patience = 16 * 1_048_576

    private func request(_ call: Call) -> Request {
        let path = String(validatingCString: call.path).map(Self.pathOnly)
        var request = Request(
            method: Method(String(cString: call.method)), path: path ?? "/", rawQuery: rawQuery,
            headers: headers, body: body, peer: peer)
        body = []
        request.client = client
        if path == nil || isBrokenTarget { request.problem = .malformedTarget("address") }
        if let headerProblem { request.problem = headerProblem }
        if discarded > 0 {
            request.problem = .bodyTooLarge(limit: limit)
        }
        return request
    }

    /// The path of an address that a client wrote out in full, `http://host/path`, as every server
    /// must understand it.
    private static func pathOnly(_ target: String) -> String {
        guard target.utf8.first != UInt8(ascii: "/"), target.lowercased().hasPrefix("http"),
            let colon = target.firstRange(of: "://")
        else { return target }
        let slash = target[colon.upperBound...].firstIndex(of: "/")
        return slash.map { String(target[$0...]) } ?? "/"
    }

    private func run(_ request: Request, _ call: Call) -> MHD_Result {
        client.phase.enter(.working)
        switch context.dispatcher.start(request) {
        case .now(let response):
            return send(response, call)
        case .later(let work):
            stage = .working
            guard let ticket = client.suspend() else { return .NO }
            Task { [client] in client.answer(await work(), ticket: ticket) }
            return .YES
        case .waiting(let work):
            stage = .working
            guard let ticket = client.suspend() else { return .NO }
            Task.immediate { [client] in client.answer(await work(), ticket: ticket) }
            return .YES
        }
    }

    private func send(_ response: Response, _ call: Call) -> MHD_Result {
        stage = .answered
        client.phase.enter(.writing)
        var response = response
        if context.stopping.isRaised || mustLinger { response.headers["Connection"] = "close" }
        let isHead = strcmp(call.method, "HEAD") == 0
        switch response.body {
        case .stream(let stream) where !isHead:
            let pipe = Pipe(client: client, stopping: context.stopping)
            let result = call.queue(response, reading: pipe)
            if result == .YES { stream.start(into: pipe) }
            return result
        default:
            return call.queue(response, reading: nil)
        }
    }
}

extension BodyStream {
    /// Runs the producer in a task of its own until it returns, throws or loses its client.
    func start(into pipe: Pipe) {
        Task {
            do {
                try await produce(BodyWriter(sink: pipe))
                pipe.finish(failed: false)
            } catch {
                pipe.finish(failed: true)
            }
        }
    }
}
