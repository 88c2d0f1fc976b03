import JSON

/// Puts the configuration together: defaults, then the file, then the environment, then flags.
struct ConfigurationLoader {
    /// The result so far.
    private(set) var configuration = Configuration()
    /// Where each key's value came from, by the key's name; absent means the default.
    private(set) var sources: [String: Source] = [:]

    /// Where a value came from.
    enum Source: String {
        case `default`, file, environment, flag
    }

    /// A configuration that cannot be used, with every problem found.
    struct Invalid: Error, CustomStringConvertible {
        let problems: [String]
        var description: String { problems.joined(separator: "\n") }
    }

    /// Applies a configuration file's bytes; `name` is used in messages. Throws `Invalid`.
    mutating func apply(file bytes: [UInt8], name: String) throws {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw Invalid(problems: ["\(name): \(error)"])
        }
        guard let sections = document.object else {
            throw Invalid(problems: ["\(name): must hold a JSON object"])
        }
        var problems: [String] = []
        for section in sections.members where !section.key.hasPrefix("//") {
            guard ConfigurationLoader.sections.contains(section.key) else {
                let hint = Spelling.suggestion(
                    for: section.key, among: ConfigurationLoader.sections)
                problems.append("\(name): unknown key '\(section.key)'\(hint)")
                continue
            }
            guard let settings = section.value.object else {
                problems.append("\(name): '\(section.key)' must be an object of settings")
                continue
            }
            for setting in settings.members where !setting.key.hasPrefix("//") {
                do throws(Invalid) {
                    try set("\(section.key).\(setting.key)", to: setting.value, from: .file)
                } catch {
                    problems += error.problems.map { "\(name): \($0)" }
                }
            }
        }
        if !problems.isEmpty { throw Invalid(problems: problems) }
    }

    /// Applies the variables that begin with `FRONTDESK_`; an unknown one is an error.
    mutating func apply(environment: [String: String]) throws {
        let names = Dictionary(
            uniqueKeysWithValues: Setting.all.map { ($0.environmentName, $0) })
        var problems: [String] = []
        for (variable, text) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix("FRONTDESK_") && variable != "FRONTDESK_CONFIG" {
            guard let setting = names[variable] else {
                let hint = Spelling.suggestion(for: variable, among: Array(names.keys))
                problems.append("environment: unknown variable '\(variable)'\(hint)")
                continue
            }
            do throws(Invalid) {
                try set(setting.name, to: setting.parse(text), from: .environment)
            } catch {
                problems += error.problems.map { "environment: \(variable): \($0)" }
            }
        }
        if !problems.isEmpty { throw Invalid(problems: problems) }
    }

    /// Applies the text given with a flag such as `--port` to the key it stands for.
    mutating func apply(flag: String, _ text: String, to name: String) throws {
        let setting = Setting.all.first { $0.name == name }
        do throws(Invalid) {
            try set(name, to: setting?.parse(text) ?? .string(text), from: .flag)
        } catch {
            throw Invalid(
                problems: error.problems.map { $0.replacing("'\(name)'", with: "'\(flag)'") })
        }
    }

    /// Checks what spans several keys, once all are applied.
    func validated() throws -> Configuration {
        var problems: [String] = []
        if configuration.server.tlsCertificate.isEmpty != configuration.server.tlsKey.isEmpty {
            problems.append("'server.tls_certificate' and 'server.tls_key' go together")
        }
        if !configuration.email.smtpURL.isEmpty && configuration.email.sender.isEmpty {
            problems.append("'email.sender' is required when 'email.smtp_url' is set")
        }
        if !problems.isEmpty { throw Invalid(problems: problems) }
        return configuration
    }

    /// The first words of all keys, each once, in their order.
    private static let sections = Setting.all.reduce(into: [String]()) { sections, setting in
        let section = String(setting.name.prefix { $0 != "." })
        if !sections.contains(section) { sections.append(section) }
    }

    private mutating func set(
        _ name: String, to value: JSONValue, from source: Source
    ) throws(Invalid) {
        guard let setting = Setting.all.first(where: { $0.name == name }) else {
            let hint = Spelling.suggestion(for: name, among: Setting.all.map(\.name))
            throw Invalid(problems: ["unknown key '\(name)'\(hint)"])
        }
        do {
            try setting.write(&configuration, value)
        } catch {
            throw Invalid(problems: ["'\(name)\(error.place)' \(error.text)"])
        }
        sources[name] = source
    }
}
