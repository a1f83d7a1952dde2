import CoreMetrics
import Synchronization

/// One metric with one set of labels: a number, and what was observed of it.
final class MetricCell: Sendable {
    private struct State {
        var value = 0.0
        var count = 0
        /// `[bound]`, not cumulative; the last one is of what exceeds all.
        var buckets = [Int](repeating: 0, count: MetricCell.bounds.count + 1)
    }

    /// Seconds: from one gate's verification to a large proof.
    static let bounds = [
        0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300,
    ]

    private let state = Mutex(State())

    func samples(
        _ kind: MetricFamily.Kind, labels: [MetricFamily.Label]
    ) -> [MetricFamily.Sample] {
        let state = state.withLock { $0 }
        switch kind {
        case .counter, .gauge: return [.init(labels: labels, value: state.value)]
        case .summary: return totals(state, labels)
        case .histogram:
            var sum = 0
            let bounds = Self.bounds.map { MetricFamily.number($0) } + ["+Inf"]
            let buckets = zip(bounds, state.buckets).map { bound, count in
                sum += count
                return MetricFamily.Sample(
                    suffix: "_bucket", labels: labels + [.init("le", bound)], value: Double(sum))
            }
            return buckets + totals(state, labels)
        }
    }

    private func totals(
        _ state: State, _ labels: [MetricFamily.Label]
    ) -> [MetricFamily.Sample] {
        [
            .init(suffix: "_sum", labels: labels, value: state.value),
            .init(suffix: "_count", labels: labels, value: Double(state.count)),
        ]
    }

    private func change(_ body: (inout Double) -> Void) {
        state.withLock { body(&$0.value) }
    }

    private func observe(_ value: Double) {
        state.withLock { state in
            state.value += value
            state.count += 1
            let place = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
            state.buckets[place] += 1
        }
    }
}

extension MetricCell: CounterHandler, FloatingPointCounterHandler {
    func increment(by amount: Int64) { change { $0 += Double(amount) } }
    func reset() { state.withLock { $0 = State() } }
}

extension MetricCell: MeterHandler {
    func set(_ value: Int64) { change { $0 = Double(value) } }
    func set(_ value: Double) { change { $0 = value } }
    func increment(by amount: Double) { change { $0 += amount } }
    func decrement(by amount: Double) { change { $0 -= amount } }
}

extension MetricCell: TimerHandler {
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}

extension MetricCell: RecorderHandler {
    func record(_ value: Int64) { observe(Double(value)) }
    func record(_ value: Double) { observe(value) }
}

/// A recorder that replaces its value.
final class GaugeRecorder: RecorderHandler {
    private let cell: MetricCell

    init(_ cell: MetricCell) { self.cell = cell }

    func record(_ value: Int64) { cell.set(value) }
    func record(_ value: Double) { cell.set(value) }
}
