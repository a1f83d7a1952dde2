/// How long something took: the least of some repetitions, since whatever else a machine does only
/// adds to it.
package struct Measurement: Sendable {
    package var wall: Duration
    /// Of all threads together.
    package var processor: Duration

    package static func least<Failure>(
        of repetitions: Int, _ body: () throws(Failure) -> Void
    ) throws(Failure) -> Measurement {
        var least = Measurement(wall: .seconds(Int64.max / 2), processor: .seconds(Int64.max / 2))
        for _ in 0..<max(1, repetitions) {
            let clock = ContinuousClock()
            let (start, processor) = (clock.now, MachineMeter.processorTime)
            try body()
            least.wall = min(least.wall, clock.now - start)
            least.processor = min(least.processor, MachineMeter.processorTime - processor)
        }
        return least
    }
}

extension Duration {
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
