import Glibc
import HTTP
import Synchronization

/// Gives every request its id, times it, logs it and counts it.
final class RequestJournal: Middleware {
    private let clock: Clock
    private let log: Log
    private let metrics: Metrics

    /// Writes to `log` and counts in `metrics`.
    init(clock: Clock, log: Log, metrics: Metrics) {
        self.clock = clock
        self.log = log
        self.metrics = metrics
    }

    /// Gives the request its id.
    func before(_ request: inout Request) throws -> Response? {
        request.id = RequestID.make(from: request.headers["X-Request-ID"], at: clock.now())
        return nil
    }

    /// Tells the request's id and time, counts it and logs it.
    func after(_ request: Request, _ response: inout Response) {
        let microseconds = request.age
        response.headers.add("X-Request-ID", request.id)
        response.headers.add("X-Response-Time", Self.milliseconds(microseconds))
        let route = request.route ?? "-"
        metrics.countRequest(
            method: Self.label(of: request.method), route: route, status: response.status.code,
            seconds: Double(microseconds) / 1_000_000)
        guard log.writes(.info) else { return }
        let caller = request.caller
        var fields: [(StaticString, Log.Value)] = [
            ("method", .text(request.method.name)), ("route", .text(route)),
            ("status", .integer(response.status.code)),
            ("ms", .decimal(Double(microseconds) / 1000)),
            ("bytes", .integer(response.body.byteCount)), ("request_id", .text(request.id)),
            ("tenant", .text(Self.tenant(of: request))),
        ]
        if let subject = caller.subject { fields.append(("subject", .text(subject))) }
        if let trace = request.trace { fields.append(("traceparent", .text(trace))) }
        log.info("request.done", fields)
    }

    /// The method as the figures name it: callers can make up any number of methods, which must
    /// not become as many figures.
    private static func label(of method: Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options: method.name
        default: "other"
        }
    }

    /// The tenant that the request is about, `-` where what names it makes no sense.
    private static func tenant(of request: Request) -> String {
        if let own = request.caller.tenant { return own.name }
        do {
            // Most bodies name none, and need not be read again to see that.
            let body = request.body.holds("\"tenant_id\"") ? try? request.json() : nil
            return try request.namedTenant(body: body)?.name ?? Tenant.default.name
        } catch {
            return "-"
        }
    }

    /// `12.34ms`.
    static func milliseconds(_ microseconds: Int) -> String {
        let hundredths = (microseconds + 5) / 10
        let fraction = hundredths % 100
        // Joined, not interpolated: so short a text then needs no memory of its own.
        return String(hundredths / 100) + (fraction < 10 ? ".0" : ".") + String(fraction) + "ms"
    }
}

extension [UInt8] {
    /// Whether a text stands somewhere in these bytes.
    fileprivate func holds(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let start = rest.firstIndex(of: text.utf8Start.pointee),
                rest.endIndex - start >= length
            {
                let place = bytes.baseAddress.map { $0 + start }
                if let place, memcmp(place, text.utf8Start, length) == 0 { return true }
                rest = rest[(start + 1)...]
            }
            return false
        }
    }
}

extension Response.Body {
    /// The length of a body that is all there, 0 of a stream.
    fileprivate var byteCount: Int {
        if case .bytes(let bytes) = self { bytes.count } else { 0 }
    }
}

/// The id of a request: the caller's if it is sound, otherwise a UUID.
enum RequestID {
    /// A caller's id of 1 to 128 characters of `[A-Za-z0-9._:-]`, or a fresh UUID of version 7,
    /// whose leading time keeps rows of one moment side by side in their indexes.
    static func make(from sent: String?, at now: Timestamp) -> String {
        if let sent, (1...128).contains(sent.utf8.count), sent.utf8.allSatisfy(isAllowed),
            !unreachable.contains(sent)
        {
            return sent
        }
        let (first, second) = SystemRandom.shared.nextTwo()
        return uuid(at: now, first, second)
    }

    /// Names of turns that no path could say: `/agent/messages/stream` is another route.
    private static let unreachable = [".", "..", "stream"]

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func uuid(at now: Timestamp, _ first: UInt64, _ second: UInt64) -> String {
        let milliseconds = UInt64(clamping: now.microseconds / 1000)
        let high = milliseconds << 16 | 0x7000 | (first & 0x0FFF)
        return uuid(high, 0x8000_0000_0000_0000 | (second >> 2))
    }

    /// The text of a UUID that is given as two numbers.
    static func uuid(_ high: UInt64, _ low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var index = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    buffer[index] = UInt8(ascii: "-")
                    index += 1
                }
                let word = digit < 16 ? high : low
                let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - digit % 16 * 4)) & 15
                buffer[index] = nibble + (nibble < 10 ? 48 : 87)
                index += 1
            }
            return index
        }
    }
}
