import HTTP
import JSON
import Testing

@testable import Frontdesk

@Suite struct MetricsTests {
    private func figures(_ service: Service) async throws -> PrometheusText {
        let response = await service.send(.get, "/metrics")
        #expect(
            response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusText(String(decoding: try await response.collectBody(), as: UTF8.self))
    }

    @Test func `a fresh server has figures that a scraper can read`() async throws {
        let figures = try await figures(try await Service(demo: false))
        #expect(figures.problemsOfHistograms == [])
        #expect(figures.types["frontdesk_requests_total"] == "counter")
        #expect(figures.types["frontdesk_request_seconds"] == "histogram")
        #expect(figures["frontdesk_turns_running"] == 0)
        #expect(figures["frontdesk_turns_waiting"] == 0)
        #expect(figures["frontdesk_sessions{state=\"active\"}"] == 0)
        #expect((figures["process_resident_memory_bytes"] ?? 0) > 1_000_000)
        #expect((figures["process_open_fds"] ?? 0) > 3)
        #expect((figures["frontdesk_database_bytes"] ?? 0) > 10_000)
    }

    @Test func `requests are counted by method, route and status`() async throws {
        let service = try await Service()
        for _ in 1...3 { _ = try await service.get("/info") }
        for id in ["a", "b"] { _ = try await service.get("/api/v1/sessions/\(id)") }
        _ = await service.send(.head, "/info")
        _ = try await service.get("/nowhere/1")
        _ = try await service.get("/nowhere/2")
        _ = try await service.post("/info")
        let figures = try await figures(service)
        func count(_ method: String, _ route: String, _ status: Int) -> Double? {
            let labels = #"method="\#(method)",route="\#(route)",status="\#(status)""#
            return figures["frontdesk_requests_total{\(labels)}"]
        }
        #expect(count("GET", "/info", 200) == 3)
        #expect(count("HEAD", "/info", 200) == 1)
        #expect(count("POST", "/info", 405) == 1)
        #expect(count("GET", "/api/v1/sessions/{session_id}", 404) == 2)
        #expect(count("GET", "-", 404) == 2)
        #expect(
            figures["frontdesk_request_seconds_count{method=\"GET\",route=\"/info\"}"] == 3)
        #expect(figures.problemsOfHistograms == [])
    }

    @Test func `turns, tools and sessions are counted`() async throws {
        let service = try await Service()
        _ = try await service.say("Status of ORD-10001", in: "a")
        _ = try await service.say("Resolve complaint 3", in: "b")
        service.clock.advance(seconds: 25 * 3600)
        _ = try await service.say("Hi", in: "c")
        let figures = try await figures(service)
        #expect(
            figures["frontdesk_turns_total{provider=\"builtin\",outcome=\"complete\"}"] == 3)
        #expect(
            figures["frontdesk_tool_calls_total{tool=\"search_orders\",outcome=\"done\"}"] == 1)
        #expect(
            figures["frontdesk_tool_calls_total{tool=\"resolve_complaint\",outcome=\"failed\"}"]
                == 1)
        #expect(figures["frontdesk_sessions{state=\"active\"}"] == 1)
        #expect(figures["frontdesk_sessions{state=\"expired\"}"] == 2)
        #expect((figures["frontdesk_commits_total"] ?? 0) >= 3)
        #expect(figures.problemsOfHistograms == [])
    }

    @Test func `methods that nobody knows share one figure`() async throws {
        let service = try await Service(demo: false)
        for number in 1...50 {
            _ = await service.send(HTTP.Method("BREW\(number)"), "/info")
            _ = await service.send(HTTP.Method("A\"\\\(number)"), "/nowhere")
        }
        let figures = try await figures(service)
        let counted = figures.samples.keys.filter { $0.hasPrefix("frontdesk_requests_total") }
        #expect(
            counted.sorted() == [
                #"frontdesk_requests_total{method="other",route="-",status="404"}"#,
                #"frontdesk_requests_total{method="other",route="/info",status="405"}"#,
            ])
        #expect(figures.samples[counted.sorted()[0]] == 50)
    }
}
