import Foundation
import JSON
import Testing

@testable import Frontdesk

/// The keys of the configuration, each with its kind of value and its limits.
struct SettingTests {
    /// The problem with a value of a key, nil when it is accepted.
    private func problem(_ setting: Setting, _ value: JSONValue) -> String? {
        var configuration = Configuration()
        do throws(Setting.Problem) {
            try setting.write(&configuration, value)
            return nil
        } catch {
            return error.text
        }
    }

    @Test(arguments: Setting.all.map(\.name))
    func `a key takes its default, as a value of the file and as a text`(
        _ name: String
    ) throws {
        let setting = try #require(Setting.all.first { $0.name == name })
        let value = setting.read(Configuration())
        #expect(problem(setting, value) == nil)
        let text =
            switch value {
            case .string(let text): text
            case .array(let items): items.map { $0.string ?? $0.text }.joined(separator: ",")
            default: value.text
            }
        #expect(setting.parse(text) == value)
    }

    @Test(arguments: Setting.all.map(\.name))
    func `a key refuses values of other kinds`(_ name: String) throws {
        let setting = try #require(Setting.all.first { $0.name == name })
        let own = setting.read(Configuration())
        var others: [JSONValue] = [nil, ["a": 1], [1], 1.5, true, "\u{7}"]
        if own.double != nil { others = [nil, ["a": 1], [], "1", true, 1e300, -1e300] }
        if own[0]?.int != nil { others = [nil, ["a": 1], [-1], ["a"], 1.5, true, "\u{7}"] }
        if own.bool != nil { others = [nil, ["a": 1], [], "true", 1, 0] }
        for value in others {
            let problem = problem(setting, value)
            #expect(problem?.hasPrefix("must ") == true, "\(value.text) is accepted")
        }
        if own.int != nil && name != "sessions.ttl_hours" && name != "sessions.purge_after_hours" {
            #expect(problem(setting, 1.5) != nil)
        }
    }

    @Test(
        arguments: [
            (
                "server.port", ["0", "65535"],
                ["-1", "65536", "80.5", "", "http", "0x50", " 80", "٨٠"]
            ),
            ("server.max_body_bytes", ["1024", "67108864"], ["1023", "67108865"]),
            ("server.read_timeout_seconds", ["1", "3600"], ["0", "3601"]),
            ("server.shutdown_seconds", ["0", "3600"], ["-1", "3601"]),
            ("server.host", ["::1", "desk.example.com"], [""]),
            (
                "server.cors_origins", ["", "*", "https://a.example,http://b.example:8080"],
                ["a.example", "https://a.example/", "ftp://a"]
            ),
            ("database.path", ["/tmp/x.db"], ["", "a\u{0}b", "a\nb"]),
            ("database.synchronous", ["full", "normal"], ["off", "FULL", ""]),
            ("database.readers", ["1", "64"], ["0", "65"]),
            (
                "sessions.ttl_hours", ["24", "0.5", "0.0001", "1e2"],
                ["0", "-1", "nan", "inf", "day"]
            ),
            ("sessions.admission", ["queue", "reject"], ["drop"]),
            (
                "sessions.auto_create", ["true", "FALSE", "1", "0", "yes", "no", "on", "off"],
                ["", "2", "maybe"]
            ),
            (
                "agent.order_statuses", ["", "SHIPPED,DELIVERED", "SHIPPED, DELIVERED"],
                ["PENDING", "shipped"]
            ),
            (
                "email.smtp_url", ["", "smtp://h", "smtps://h:465"],
                ["mail.example.com", "http://h", "smtp://u:p@h"]
            ),
            ("email.starttls", ["required", "off"], ["opportunistic"]),
            ("email.sender", ["", "a@b.example"], ["nobody"]),
            ("tickets.currency", ["USD", "EUR"], ["JPY", "usd", "", "XXX"]),
            (
                "tickets.time_zone", ["UTC", "Europe/Berlin", "America/New_York"],
                ["Mars/Olympus", "CEST", "", "+02:00"]
            ),
            ("tickets.lead_days", ["0", "365"], ["-1", "366", "2.5"]),
            ("tickets.blackout_days", ["", "1,31"], ["0", "32", "x", "1.5"]),
            ("tickets.blackout_dates", ["", "2026-12-24, 2028-02-29"], ["2027-02-29", "24"]),
            (
                "tickets.matrix", ["{}", #"{"premium": {"double-fun": 0.01}}"#],
                [
                    #"{"gold": {}}"#, #"{"vip": {"first": 1}}"#, #"{"vip": {"standard": 0}}"#,
                    #"{"vip": {"standard": 10000.01}}"#, #"{"vip": {"standard": 1.005}}"#, "[]",
                    #"{"vip": 25}"#, #"{"vip": {"standard": "25"}}"#,
                ]
            ),
            (
                "tickets.factors", ["{}", #"{"peak": 0.0001, "weekend": 100}"#],
                [
                    #"{"peak": 0}"#, #"{"peak": 100.0001}"#, #"{"peak": 1.00001}"#,
                    #"{"summer": 1}"#, #"{"peak": null}"#,
                ]
            ),
            (
                "tickets.peak_windows", ["", "12-27/01-02,02-29/02-29"],
                ["12-20", "02-30/03-01", "1-1/1-2", "13-01/13-02"]
            ),
            ("tickets.weekend_days", ["", "sat,sun"], ["saturday", "Sat"]),
            ("tickets.off_peak_months", ["1,12"], ["0", "13", "jan"]),
            (
                "tickets.tiers", ["{}", #"{"standard": {"name": "Plus", "features": []}}"#],
                [
                    #"{"gold": {}}"#, #"{"standard": {"title": "x"}}"#,
                    #"{"standard": {"name": ""}}"#, #"{"standard": {"features": [1]}}"#,
                    #"{"standard": {"name": "Double fun PACKAGE"}}"#, #"{"standard": 1}"#,
                    #"{"standard": {"name": "Non Stop"}}"#,
                ]
            ),
            ("log.level", ["debug", "info", "warning", "error"], ["trace"]),
            ("log.format", ["auto", "json", "text"], ["xml"]),
        ] as [(String, [String], [String])])
    func `a text is taken within its limits`(
        _ name: String, _ good: [String], _ bad: [String]
    ) throws {
        let setting = try #require(Setting.all.first { $0.name == name })
        for text in good {
            #expect(problem(setting, setting.parse(text)) == nil, "'\(text)' is refused")
        }
        for text in bad {
            let problem = problem(setting, setting.parse(text))
            #expect(problem?.hasPrefix("must ") == true, "'\(text)' is accepted")
        }
    }

    @Test func `every key has a name and a variable of its own`() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.environmentName)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.name.wholeMatch(of: /[a-z_]+\.[a-z_]+/) != nil)
        }
    }

    @Test func `the example holds every key with its default, in order`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../config.example.json")
        let bytes = [UInt8](try Data(contentsOf: file))
        var loader = ConfigurationLoader()
        try loader.apply(file: bytes, name: "config.example.json")
        var json = loader.json.object
        json?["// sources"] = [:]
        #expect(json == ConfigurationLoader().json.object)
        #expect(Set(loader.sources.keys) == Set(Setting.all.map(\.name)))
        let sections = try #require(try JSONValue(parsing: bytes).object)
        let names = sections.members.filter { !$0.key.hasPrefix("//") }.flatMap { section in
            (section.value.object?.keys ?? []).filter { !$0.hasPrefix("//") }
                .map { "\(section.key).\($0)" }
        }
        #expect(names == Setting.all.map(\.name))
    }

    @Test func `the example is written as a person would`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../config.example.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text == (try JSONValue(parsing: text)).prettyText + "\n")
    }
}
