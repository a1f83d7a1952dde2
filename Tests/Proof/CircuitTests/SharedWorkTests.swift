import Circuit
import Dispatch
import Field
import IOP
import Synchronization
import Testing

/// A proof is the same whoever works on it and with what, and stops soon once nobody wants it.
@Suite(.serialized) struct SharedWorkTests {
    private static let threads = Workers { count, body in
        withoutActuallyEscaping(body) { body in
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: count) { body($0) }
        }
    }
    private static let backwards = Workers { count, body in
        for part in (0..<count).reversed() { body(part) }
    }

    @Test(arguments: [ProofProfile.tiny.with(degreeBits: 8), tinyCubic])
    func `a proof has the same bytes with every kernel`(profile: ProofProfile) throws {
        defer { try? InstructionSet.use(.best) }
        let sample = try SampleCircuit(profile)
        let proofs = try InstructionSet.available.map { instructions in
            try InstructionSet.use(instructions)
            // The circuit, too, is committed to with the kernel.
            #expect(try SampleCircuit(profile).key == sample.key)
            return try CircuitProver.prove(sample.circuit, sample.witness).bytes
        }
        for proof in proofs { #expect(proof == proofs[0]) }
    }

    @Test(arguments: [ProofProfile.tiny.with(degreeBits: 11), tinyCubic])
    func `a proof has the same bytes on any number of threads`(profile: ProofProfile) throws {
        let sample = try SampleCircuit(profile)
        let alone = try CircuitProver.prove(sample.circuit, sample.witness).bytes
        for workers in [Self.threads, Self.backwards] {
            let shared = try CircuitProver.prove(
                sample.circuit, sample.witness, workers: workers)
            #expect(shared.bytes == alone)
        }
    }

    @Test func `kernels that this machine lacks are refused`() {
        for instructions in InstructionSet.allCases
        where !InstructionSet.available.contains(instructions) {
            #expect(
                throws: UnavailableInstructions(
                    wanted: instructions, available: InstructionSet.available)
            ) { try InstructionSet.use(instructions) }
        }
    }

    /// What takes longest between two questions is some milliseconds of the time of a merge, which
    /// takes a second or more: so each phase asks in proportion to its share.
    @Test func `every phase asks often whether the proof is still wanted`() throws {
        let sample = try SampleCircuit(.fast)
        var questions: [ProvingPhase: Int] = [:]
        var phase = ProvingPhase.witness
        _ = try CircuitProver.prove(
            sample.circuit, sample.witness,
            progress: { now, _ in phase = now },
            isCancelled: {
                questions[phase, default: 0] += 1
                return false
            })
        let least: [(ProvingPhase, Int)] = [
            (.witness, 16), (.wires, 77), (.products, 72), (.quotient, 136), (.openings, 16),
            (.fri, 16),
        ]
        for (phase, count) in least {
            #expect(questions[phase, default: 0] >= count, "\(phase)")
        }
    }

    @Test(arguments: [0, 1, 5, 30])
    func `a proof on several threads stops where it is told to`(allowed: Int) throws {
        let sample = try SampleCircuit(.tiny.with(degreeBits: 11))
        let questions = Atomic<Int>(0)
        #expect(throws: CircuitError.cancelled) {
            _ = try CircuitProver.prove(
                sample.circuit, sample.witness, workers: Self.threads,
                isCancelled: {
                    questions.add(1, ordering: .relaxed).oldValue >= allowed
                })
        }
    }
}
