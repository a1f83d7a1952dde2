import CoreMetrics
import NodeAPI
import Testing

@Suite struct MetricsTests {
    @Test func `each family is written with its help, its type and its samples`() {
        let family = MetricFamily(
            "grove_x_total", .counter, help: "Of x.",
            samples: [
                .init(labels: [.init("kind", "a\"b\\c\nd")], value: 3),
                .init(labels: [.init("kind", "e")], value: 0.5),
            ])
        #expect(
            family.text == """
                # HELP grove_x_total Of x.
                # TYPE grove_x_total counter
                grove_x_total{kind="a\\"b\\\\c\\nd"} 3
                grove_x_total{kind="e"} 0.5

                """)
    }

    @Test func `a status is told in lines that a scraper reads, one kind for each name`()
        async throws
    {
        // One line of the text format, as Prometheus' own parser reads it.
        let label = #"[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*""#
        let sample = try Regex(
            #"([a-zA-Z_][a-zA-Z0-9_]*)(\{\#(label)(?:,\#(label))*\})? (?:-?[0-9.e+-]+|\+Inf)"#)
        let registry = MetricsRegistry()
        registry.makeTimer(label: "grove_proof_seconds", dimensions: [("kind", "leaf")])
            .recordNanoseconds(1_500_000_000)
        registry.makeCounter(label: "grove_network_drops", dimensions: [("reason", "a")])
            .increment(by: 2)
        let families = StatusMetrics.families(Example.status) + registry.all
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            if family.kind == .counter { #expect(family.name.hasSuffix("_total")) }
            for line in family.text.split(separator: "\n") where !line.hasPrefix("#") {
                let match = try sample.wholeMatch(in: line)
                let name = match?[1].substring ?? ""
                #expect(name.hasPrefix(family.name), "\(line)")
            }
        }
        let text = families.map(\.text).joined()
        for line in [
            "grove_height 12", "grove_log_head_height 13", "grove_healthy 1",
            "grove_peers{direction=\"out\"} 1", "grove_drops_total{reason=\"node.duplicate\"} 3",
            "grove_paid_units_total{for=\"proving\"} 6", "grove_duties{state=\"proving\"} 1",
            "grove_network_drops_total{reason=\"a\"} 2",
            "grove_tree_nodes_total{part=\"missed\"} 1",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
    }

    @Test func `a timer is a histogram in seconds, cumulative and complete`() throws {
        let registry = MetricsRegistry()
        let timer = registry.makeTimer(label: "t_seconds", dimensions: [])
        for nanoseconds in [250_000_000, 750_000_000, 750_000_000, 900_000_000_000] as [Int64] {
            timer.recordNanoseconds(nanoseconds)
        }
        let text = try #require(registry.all.first).text
        for line in [
            "t_seconds_bucket{le=\"0.1\"} 0", "t_seconds_bucket{le=\"0.25\"} 1",
            "t_seconds_bucket{le=\"0.5\"} 1", "t_seconds_bucket{le=\"1\"} 3",
            "t_seconds_bucket{le=\"300\"} 3", "t_seconds_bucket{le=\"+Inf\"} 4",
            "t_seconds_count 4", "t_seconds_sum 901.75",
        ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    }

    @Test func `a name keeps its kind, and strangers cannot fill the table`() {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "a_total", dimensions: []).increment(by: 1)
        registry.makeMeter(label: "a_total", dimensions: []).set(Int64(7))
        for number in 0..<1_000 {
            registry.makeCounter(label: "b", dimensions: [("reason", "\(number)")])
                .increment(by: 1)
            registry.makeMeter(label: "c\(number)", dimensions: []).set(Int64(1))
        }
        let families = registry.all
        #expect(families.count == NodeAPIParameters.maximumMetricFamilies)
        #expect(families.first?.text.contains("a_total 1\n") == true)
        let labelled = families.first { $0.name == "b_total" }
        #expect(labelled?.samples.count == NodeAPIParameters.maximumMetricLabelSets)
    }

    @Test func `the server writes them as Prometheus asks`() async throws {
        try await serving(FakeNode()) { port in
            let answer = try await raw(
                port: port, "GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            #expect(answer.contains("text/plain; version=0.0.4; charset=utf-8"))
            #expect(answer.contains("# TYPE grove_info gauge"))
        }
    }
}
