// What proving costs, measured: kernels, leaves, merges and verification, by profile, kernel and number
// of threads, in units of N (`Yardstick`). A claim about speed is a ratio of two lines of one run.

internal import Circuit
internal import Commitment
package import Field
internal import Hash
package import IOP
internal import NodeProofs
internal import Recursion
internal import WorkSharing

package struct Benchmark {
    package struct Options: Sendable {
        /// By name, in the order of measuring.
        package var profiles: [(name: String, profile: ProofProfile)]
        /// Proofs are measured with the last of them, kernels and the first profile's merge with all.
        package var kernels: [InstructionSet]
        package var threadCounts: [Int]
        package var repetitions: Int

        package init(
            profiles: [(name: String, profile: ProofProfile)], kernels: [InstructionSet],
            threadCounts: [Int], repetitions: Int
        ) {
            self.profiles = profiles
            self.kernels = kernels
            self.threadCounts = threadCounts
            self.repetitions = repetitions
        }
    }

    private let options: Options
    private let tell: (String) -> Void
    private var unit = Duration.zero
    private var lines: [BenchmarkLine] = []

    /// Measures everything; minutes, seconds with few options. `tell` gets each line when it is there.
    package static func run(
        _ options: Options, tell: @escaping (String) -> Void
    ) throws -> BenchmarkReport {
        precondition(!options.kernels.isEmpty, "a benchmark of no kernel")
        var benchmark = Benchmark(options, tell)
        let before = benchmark.unit
        let inUse = InstructionSet.inUse
        for kernel in options.kernels {
            try InstructionSet.use(kernel)
            benchmark.measureKernels(kernel)
        }
        for (index, named) in options.profiles.enumerated() {
            try benchmark.measureProofs(named.name, named.profile, withAllKernels: index == 0)
        }
        try InstructionSet.use(inUse)
        return BenchmarkReport(
            processor: MachineMeter.processorName, processorCount: MachineMeter.processorCount,
            secondsOfN: [before.seconds, Yardstick.measure().seconds], lines: benchmark.lines)
    }

    private init(_ options: Options, _ tell: @escaping (String) -> Void) {
        self.options = options
        self.tell = tell
        unit = Yardstick.measure()
        tell("N is \(fixed(unit.seconds, 3)) s")
    }

    private mutating func add(_ line: BenchmarkLine) {
        lines.append(line)
        tell(
            "\(line.name) \(line.profile ?? "") \(line.kernel) x\(line.threadCount): "
                + "\(fixed(line.unitsOfN, 4)) N")
    }

    // MARK: - Kernels

    private mutating func measureKernels(_ kernel: InstructionSet) {
        let rows = FieldMatrix(
            rowCount: 1 << 12, columnCount: CircuitParameters.wireCount,
            elements: (0..<(1 << 12) * CircuitParameters.wireCount).map {
                Goldilocks(UInt64($0) &* 0x9E37_79B9_7F4A_7C15)
            })
        func add(_ name: String, operations: Int, _ body: () -> Void) {
            let measured = Measurement.least(of: options.repetitions + 2, body)
            self.add(
                BenchmarkLine(
                    name, kernel: "\(kernel)", measured, unit: unit, operations: operations))
        }
        var state = Poseidon2.State(repeating: .one)
        if kernel == .portable {
            add("permutation, one state", operations: 20_000) {
                for _ in 0..<20_000 { Poseidon2.permute(&state) }
            }
        }
        let permutations = rows.rowCount * ((rows.columnCount + 7) / 8)
        add("permutation, rows hashed", operations: permutations) {
            _ = hashRows(domain: "bench", rows)
        }
        add("butterfly, 135 columns", operations: 8 * rows.rowCount * 6 * rows.columnCount) {
            _ = NumberTheoreticTransform.lowDegreeExtension(
                of: rows, rateBits: 3, shift: .multiplicativeGenerator)
        }
        add("Merkle tree, a leaf of 135", operations: rows.rowCount) {
            _ = MerkleTree(rows: rows, capHeight: 4)
        }
        let program = Self.multiplications
        var registers = ArithmeticProgram.Registers(count: program.registerCount)
        for register in 0..<program.registerCount {
            for point in 0..<ArithmeticProgram.width {
                registers[register, point] = Goldilocks(UInt64(register * 7919 + point))
            }
        }
        add(
            "program, multiply-add", operations: program.stepCount * ArithmeticProgram.width
        ) { program.run(on: &registers) }
    }

    /// A product and a sum a step, over as many registers as a quotient has at hand.
    private static let multiplications = ArithmeticProgram(
        (0..<4096).map {
            ArithmeticProgram.Step(
                .multiplyAdd, target: $0 % 64, first: $0 * 7 % 64, second: $0 * 11 % 64,
                third: $0 * 13 % 64)
        }, constants: [], registerCount: 64)

    // MARK: - Proofs

    private mutating func measureProofs(
        _ name: String, _ profile: ProofProfile, withAllKernels: Bool
    ) throws {
        let best = options.kernels[options.kernels.count - 1]
        try InstructionSet.use(best)
        let stage = try ProofStage(
            ProvingCircuits(
                parameters: SampleBlock.parameters(profile), profile: profile))
        let leaves = try (0..<2).map { try stage.proveLeaf($0, workers: .alone) }
        for threads in options.threadCounts {
            _ = try proof("leaf", name, best, threads) { workers, progress, isCancelled in
                try stage.proveLeaf(
                    0, workers: workers, progress: progress, isCancelled: isCancelled)
            }
        }
        var merged: ProvenNode?
        for threads in options.threadCounts {
            merged = try merge(stage, leaves, name, best, threads)
        }
        if withAllKernels {
            for kernel in options.kernels.dropLast() {
                try InstructionSet.use(kernel)
                merged = try merge(stage, leaves, name, kernel, 1)
            }
        }
        guard let merged else { return }
        for kernel in withAllKernels ? options.kernels : [best] {
            try InstructionSet.use(kernel)
            let measured = try Measurement.least(of: 5 * options.repetitions) {
                try stage.circuits.merge.verifier.verify(
                    merged.proofBytes, statement: merged.statement)
            }
            var line = BenchmarkLine(
                "verify", profile: name, kernel: "\(kernel)", measured, unit: unit)
            line.byteCount = merged.proofBytes.count
            add(line)
        }
    }

    private mutating func merge(
        _ stage: ProofStage, _ leaves: [ProvenNode], _ profile: String, _ kernel: InstructionSet,
        _ threads: Int
    ) throws -> ProvenNode? {
        try proof("merge", profile, kernel, threads) { workers, progress, isCancelled in
            try stage.merge(
                leaves[0], leaves[1], workers: workers, progress: progress,
                isCancelled: isCancelled)
        }
    }

    private mutating func proof(
        _ name: String, _ profile: String, _ kernel: InstructionSet, _ threads: Int,
        _ prove: (Workers, @escaping ProvingProgress, @escaping () -> Bool) throws -> ProvenNode
    ) throws -> ProvenNode? {
        let allowance = ThreadAllowance(threadCount: threads)
        var node: ProvenNode?
        let watch = ProofWatch()
        MachineMeter.resetPeakMemory()
        let before = MachineMeter.memoryByteCount
        let measured = try Measurement.least(of: options.repetitions) {
            watch.start()
            node = try allowance.run { workers in
                // The questions of one thread are in order; those of several cannot be timed.
                try prove(workers, watch.progressed, threads == 1 ? watch.isCancelled : { false })
            }
            watch.stop()
        }
        var line = BenchmarkLine(
            name, profile: profile, kernel: "\(kernel)", threads: threads, measured, unit: unit)
        line.byteCount = node?.proofBytes.count
        line.peakMemoryByteCount = MachineMeter.peakMemoryByteCount
        if let before, let peak = line.peakMemoryByteCount {
            line.addedMemoryByteCount = max(0, peak - before)
        }
        line.phases = watch.phases
        if threads == 1 { line.longestPauseSeconds = watch.longestPause.seconds }
        add(line)
        return node
    }
}
