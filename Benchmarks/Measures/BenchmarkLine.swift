/// One thing that was measured.
package struct BenchmarkLine: Encodable, Hashable, Sendable {
    package var name: String
    package var profile: String?
    package var kernel: String
    package var threadCount: Int
    /// By the clock on the wall, and of all threads together.
    package var seconds: Double
    package var processorSeconds: Double
    /// Of the above: of processor time on one thread, of wall time on several.
    package var unitsOfN: Double
    /// One operation of many, where many were measured.
    package var nanosecondsEach: Double?
    package var byteCount: Int?
    /// Above what the process held before, and in all.
    package var addedMemoryByteCount: Int?
    package var peakMemoryByteCount: Int?
    /// The longest time between two questions whether the work was still wanted.
    package var longestPauseSeconds: Double?
    /// Where the time went: the phases of a proof, in order.
    package var phases: [Phase]?

    package struct Phase: Encodable, Hashable, Sendable {
        package var name: String
        package var seconds: Double
    }

    init(
        _ name: String, profile: String? = nil, kernel: String, threads: Int = 1,
        _ measured: Measurement, unit: Duration, operations: Int? = nil
    ) {
        self.name = name
        self.profile = profile
        self.kernel = kernel
        threadCount = threads
        seconds = measured.wall.seconds
        processorSeconds = measured.processor.seconds
        let counted = threads == 1 ? processorSeconds : seconds
        unitsOfN = counted / unit.seconds
        nanosecondsEach = operations.map { counted / Double($0) * 1e9 }
    }
}

/// A whole run.
package struct BenchmarkReport: Encodable, Sendable {
    package var processor: String
    package var processorCount: Int
    /// Seconds of N before the run and after it: how quiet the machine was.
    package var secondsOfN: [Double]
    package var lines: [BenchmarkLine]

    /// For people: a line each.
    package var text: String {
        let units = secondsOfN.map { fixed($0, 3) }.joined(separator: " s, then ")
        let head = """
            \(processor), \(processorCount) processors
            N = \(units) s: 10^6 scalar permutations, the unit of the column N

            """
        return head + table + phaseText
    }

    private var table: String {
        let titles = ["what", "profile", "kernel", "threads", "time", "N", "memory", "bytes"]
        let rows: [[String]] = [titles] + lines.map(cells)
        let widths: [Int] = titles.indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        let padded: [String] = rows.map { row in
            let cells: [String] = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column < 3 ? row[column] + space : space + row[column]
            }
            return cells.joined(separator: "  ")
        }
        return padded.joined(separator: "\n")
    }

    private func cells(of line: BenchmarkLine) -> [String] {
        let counted = line.threadCount == 1 ? line.processorSeconds : line.seconds
        return [
            line.name, line.profile ?? "", line.kernel, "\(line.threadCount)",
            line.nanosecondsEach.map { "\(fixed($0, 2)) ns" } ?? seconds(counted),
            line.nanosecondsEach == nil ? fixed(line.unitsOfN, 4) : "",
            line.addedMemoryByteCount.map { "+\($0 >> 20) MiB" } ?? "",
            line.byteCount.map { "\($0)" } ?? "",
        ]
    }

    private var phaseText: String {
        lines.filter { $0.phases != nil }.map { line in
            let phases = (line.phases ?? []).map { "\($0.name) \(seconds($0.seconds))" }
            let pause =
                line.longestPauseSeconds.map {
                    "; stops within \(seconds($0))"
                } ?? ""
            return "\n\(line.name), \(line.profile ?? ""), \(line.kernel), \(line.threadCount) "
                + "threads: " + phases.joined(separator: ", ") + pause
        }.joined()
    }

    private func seconds(_ value: Double) -> String {
        value < 0.1 ? "\(fixed(value * 1000, 2)) ms" : "\(fixed(value, 3)) s"
    }
}

/// A number with so many digits after the point.
package func fixed(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let rounded = Int((value * scale).rounded())
    guard digits > 0 else { return "\(rounded)" }
    let fraction = String(abs(rounded) % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(rounded < 0 ? "-" : "")\(abs(rounded) / Int(scale)).\(zeros)\(fraction)"
}
