import Synchronization

/// The figures of `GET /metrics`, in Prometheus' text form.
///
/// Requests are counted as they end; everything else is read from its owner when it is asked for.
final class Metrics: Sendable {
    /// Upper bounds of the latency histograms, in seconds.
    static let bounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120,
    ]

    /// A histogram of durations.
    struct Histogram {
        private(set) var counts = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        private(set) var sum = 0.0

        /// Adds one duration in seconds.
        mutating func add(_ seconds: Double) {
            var index = 0
            while index < Metrics.bounds.count, seconds > Metrics.bounds[index] { index += 1 }
            counts[index] += 1
            sum += seconds
        }
    }

    /// A figure that its owner is asked for.
    struct Gauge: Sendable {
        /// The Prometheus type.
        enum Kind: String { case gauge, counter }

        let name: String
        let help: String
        let kind: Kind
        /// The present values by label text, such as `state="queued"`; one empty label for a
        /// single.
        let read: @Sendable () -> [(labels: String, value: Double)]
    }

    /// A histogram that its owner is asked for.
    struct Distribution: Sendable {
        let name: String
        let help: String
        /// The present counts below each of the bounds, those above all, and the sum in seconds.
        let read: @Sendable () -> (bounds: [Double], counts: [Int], sum: Double)?
    }

    fileprivate struct RequestKey: Hashable {
        let method: String
        let route: String
    }

    private struct Requests {
        var byStatus: [Int: Int] = [:]
        var latency = Histogram()

        mutating func add(status: Int, seconds: Double) {
            byStatus[status, default: 0] += 1
            latency.add(seconds)
        }
    }

    private struct State {
        var requests: [RequestKey: Requests] = [:]
        var counters: [String: (help: String, values: [String: Int])] = [:]
        var histograms: [String: (help: String, values: [String: Histogram])] = [:]
        var gauges: [Gauge] = []
        var distributions: [Distribution] = []
    }

    private let state = Mutex(State())

    /// Counts a finished request of the route pattern `route`.
    func countRequest(method: String, route: String, status: Int, seconds: Double) {
        let key = RequestKey(method: method, route: route)
        state.withLock { state in
            state.requests[key, default: Requests()].add(status: status, seconds: seconds)
        }
    }

    /// Adds to a counter; `labels` is Prometheus text such as `tool="get_order"`.
    func count(_ name: String, _ help: String, labels: String = "", by amount: Int = 1) {
        state.withLock { state in
            state.counters[name, default: (help, [:])].values[labels, default: 0] += amount
        }
    }

    /// Adds a duration to a histogram.
    func observe(_ name: String, _ help: String, labels: String = "", seconds: Double) {
        state.withLock { state in
            state.histograms[name, default: (help, [:])]
                .values[labels, default: Histogram()].add(seconds)
        }
    }

    /// Names a figure to be read at every scrape.
    func add(_ gauge: Gauge) {
        state.withLock { $0.gauges.append(gauge) }
    }

    /// Names a histogram to be read at every scrape.
    func add(_ distribution: Distribution) {
        state.withLock { $0.distributions.append(distribution) }
    }

    /// All figures as Prometheus text.
    var text: String {
        let state = state.withLock { $0 }
        var text = MetricsText()
        text.head("frontdesk_requests_total", "Requests answered.", "counter")
        for (key, value) in state.requests.sorted(by: { $0.key < $1.key }) {
            for (status, count) in value.byStatus.sorted(by: { $0.key < $1.key }) {
                text.line(
                    "frontdesk_requests_total", key.labels + ",status=\"\(status)\"",
                    Double(count))
            }
        }
        text.head("frontdesk_request_seconds", "Time from request to answer.", "histogram")
        for (key, value) in state.requests.sorted(by: { $0.key < $1.key }) {
            text.histogram("frontdesk_request_seconds", key.labels, value.latency)
        }
        for (name, counter) in state.counters.sorted(by: { $0.key < $1.key }) {
            text.head(name, counter.help, "counter")
            for (labels, value) in counter.values.sorted(by: { $0.key < $1.key }) {
                text.line(name, labels, Double(value))
            }
        }
        for (name, histogram) in state.histograms.sorted(by: { $0.key < $1.key }) {
            text.head(name, histogram.help, "histogram")
            for (labels, value) in histogram.values.sorted(by: { $0.key < $1.key }) {
                text.histogram(name, labels, value)
            }
        }
        for gauge in state.gauges {
            text.head(gauge.name, gauge.help, gauge.kind.rawValue)
            for (labels, value) in gauge.read() { text.line(gauge.name, labels, value) }
        }
        for distribution in state.distributions {
            guard let (bounds, counts, sum) = distribution.read() else { continue }
            text.head(distribution.name, distribution.help, "histogram")
            text.histogram(distribution.name, "", bounds, counts, sum)
        }
        return text.text
    }
}

extension Metrics.RequestKey: Comparable {
    /// By route and method, as the page lists them.
    static func < (left: Self, right: Self) -> Bool {
        (left.route, left.method) < (right.route, right.method)
    }

    fileprivate var labels: String { "method=\"\(method)\",route=\"\(route)\"" }
}

/// Prometheus' text form under construction.
private struct MetricsText {
    var text = ""

    mutating func head(_ name: String, _ help: String, _ kind: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    mutating func line(_ name: String, _ labels: String, _ value: Double) {
        let number = Int(exactly: value).map { String($0) } ?? String(value)
        text += labels.isEmpty ? "\(name) \(number)\n" : "\(name){\(labels)} \(number)\n"
    }

    mutating func histogram(_ name: String, _ labels: String, _ histogram: Metrics.Histogram) {
        self.histogram(name, labels, Metrics.bounds, histogram.counts, histogram.sum)
    }

    mutating func histogram(
        _ name: String, _ labels: String, _ bounds: [Double], _ counts: [Int], _ sum: Double
    ) {
        let prefix = labels.isEmpty ? "" : labels + ","
        var total = 0
        for (bound, count) in zip(bounds, counts) {
            total += count
            line(name + "_bucket", prefix + "le=\"\(bound)\"", Double(total))
        }
        total += counts.last ?? 0
        line(name + "_bucket", prefix + "le=\"+Inf\"", Double(total))
        line(name + "_sum", labels, sum)
        line(name + "_count", labels, Double(total))
    }
}
