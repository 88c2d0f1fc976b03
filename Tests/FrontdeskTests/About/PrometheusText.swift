import RawHTTP

/// Figures read from Prometheus' text form, strictly: whatever a scraper would refuse is an error.
struct PrometheusText {
    /// Each sample's value by its name and labels, as written.
    private(set) var samples: [String: Double] = [:]
    /// Each family's type.
    private(set) var types: [String: String] = [:]

    /// Reads a whole page.
    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw RawClient.Failure("no line break at the end") }
        var family = ""
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let help = line.wholeMatch(of: /# HELP ([a-z_]+) (.+)/) {
                family = String(help.1)
                guard types[family] == nil else { throw RawClient.Failure("twice: \(family)") }
            } else if let type = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                guard type.1 == family else { throw RawClient.Failure("no help: \(line)") }
                types[family] = String(type.2)
            } else {
                try add(line, to: family)
            }
        }
    }

    private mutating func add(_ line: Substring, to family: String) throws {
        let label = #"[a-z_]+="(?:[^"\\\n]|\\["\\n])*""#
        let form = try Regex(#"([a-z_]+)(\{\#(label)(?:,\#(label))*\})? (\S+)"#)
        guard let match = line.wholeMatch(of: form), let name = match[1].substring,
            let value = match[3].substring.flatMap({ Double($0) })
        else { throw RawClient.Failure("not a sample: \(line)") }
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { name == family + $0 }) else {
            throw RawClient.Failure("not of \(family): \(line)")
        }
        let key = String(name) + String(match[2].substring ?? "")
        guard samples.updateValue(value, forKey: key) == nil else {
            throw RawClient.Failure("twice: \(key)")
        }
    }

    /// A sample's value by name and labels.
    subscript(key: String) -> Double? { samples[key] }

    /// What is wrong with the histograms: falling buckets, or a last one that is not the count.
    var problemsOfHistograms: [String] {
        var problems: [String] = []
        var buckets: [String: [(bound: Double, count: Double)]] = [:]
        for (key, count) in samples {
            guard let match = key.wholeMatch(of: /(.+)_bucket\{(.*?),?le="([^"]+)"\}/) else {
                continue
            }
            let series = match.2.isEmpty ? "\(match.1)_count" : "\(match.1)_count{\(match.2)}"
            let bound = match.3 == "+Inf" ? Double.infinity : Double(match.3) ?? .nan
            buckets[series, default: []].append((bound, count))
        }
        for (series, values) in buckets {
            let counts = values.sorted { $0.bound < $1.bound }.map(\.count)
            if counts != counts.sorted() { problems.append("\(series) falls") }
            if counts.last != samples[series] { problems.append("\(series) is not its last") }
        }
        return problems
    }
}
