/// Who waits for whom: the steps that read each class, in compressed rows, and how many classes
/// each step reads.
struct WitnessSchedule: Sendable {
    /// Readers of class c: `readers[firstReader[c]..<firstReader[c + 1]]`, ascending.
    let firstReader: [Int32]
    let readers: [Int32]
    let readCounts: [Int32]

    init(steps: [WitnessStep], classes: [Int32], rowCount: Int) {
        var counts = [Int32](repeating: 0, count: classes.count + 1)
        let reads = steps.map { step in
            var reads = step.inputs.map { classes[$0.index(rowCount: rowCount)] }
            reads.sort()
            var distinct: [Int32] = []
            for read in reads where distinct.last != read { distinct.append(read) }
            return distinct
        }
        for read in reads.joined() { counts[Int(read) + 1] += 1 }
        for index in 1..<counts.count { counts[index] += counts[index - 1] }
        firstReader = counts
        readCounts = reads.map { Int32($0.count) }

        var readers = [Int32](repeating: 0, count: Int(counts[classes.count]))
        for (step, reads) in reads.enumerated() {
            for read in reads {
                readers[Int(counts[Int(read)])] = Int32(step)
                counts[Int(read)] += 1
            }
        }
        self.readers = readers
    }
}
