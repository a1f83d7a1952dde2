package import CoreMetrics
import Synchronization

/// What this process counts and measures through swift-metrics, ready to be scraped.
///
/// A name has one kind; a second kind under it, and whatever exceeds the bounds, is measured for
/// nobody. Bounds: `NodeAPIParameters.maximumMetricFamilies` names of
/// `maximumMetricLabelSets` label sets each.
package final class MetricsRegistry: MetricsFactory {
    private struct Family {
        let kind: MetricFamily.Kind
        var cells: [[MetricFamily.Label]: MetricCell] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    /// Sorted by name, and each one's samples by their labels.
    package var all: [MetricFamily] {
        families.withLock { $0 }.sorted { $0.key < $1.key }.map { name, family in
            let cells = family.cells.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return MetricFamily(
                name, family.kind, help: Self.help[name] ?? "Counted by a library.",
                samples: cells.flatMap { $0.value.samples(family.kind, labels: $0.key) })
        }
    }

    private static let help = [
        "grove_proof_seconds": "How long this node's own proofs took, by kind.",
        "grove_verification_seconds": "How long verifying proofs took, by kind.",
        "grove_network_drops_total": "What the transport refused or dropped, by reason.",
    ]

    private func cell(
        _ name: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)]
    ) -> MetricCell {
        let labels = dimensions.map { MetricFamily.Label(Self.plain($0.0), $0.1) }.sorted()
        let name = Self.plain(name)
        return families.withLock { families in
            if families[name] == nil,
                families.count < NodeAPIParameters.maximumMetricFamilies
            {
                families[name] = Family(kind: kind)
            }
            guard let family = families[name], family.kind == kind else { return MetricCell() }
            if let cell = family.cells[labels] { return cell }
            let cell = MetricCell()
            if family.cells.count < NodeAPIParameters.maximumMetricLabelSets {
                families[name]?.cells[labels] = cell
            }
            return cell
        }
    }

    /// The characters that a name may have.
    private static func plain(_ name: String) -> String {
        let text = String(
            name.unicodeScalars.map { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
                default: "_"
                }
            })
        return text.first?.isNumber == true ? "_" + text : text
    }

    private static func counting(_ label: String) -> String {
        label.hasSuffix("_total") ? label : label + "_total"
    }
}

extension MetricsRegistry {
    package func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        cell(Self.counting(label), .counter, dimensions)
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        cell(Self.counting(label), .counter, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, .gauge, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? cell(label, .summary, dimensions)
            : GaugeRecorder(cell(label, .gauge, dimensions))
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, .histogram, dimensions)
    }

    // What was counted stays: a scraper must not see it go back.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
