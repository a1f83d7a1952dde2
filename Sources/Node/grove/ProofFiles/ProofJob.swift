package import NetworkFile
package import NodeProofs
import NodeRuntime
import Payments
package import Primitives
package import ProofFile
import Synchronization
import WorkSharing

/// Makes the proofs of files.
package struct ProofJob: Sendable {
    private let network: NetworkDescription
    private let prover: OperatorKey
    private let threadCount: Int
    private let circuits: @Sendable () throws -> ProvingCircuits
    private let tell: @Sendable (String) -> Void

    /// `circuits` makes the network's circuits, in seconds; `tell` gets what is being done, now and
    /// then.
    package init(
        network: NetworkDescription, prover: OperatorKey, threadCount: Int,
        circuits: @escaping @Sendable () throws -> ProvingCircuits,
        tell: @escaping @Sendable (String) -> Void
    ) {
        self.circuits = circuits
        self.network = network
        self.prover = prover
        self.threadCount = threadCount
        self.tell = tell
    }

    /// Executes the block of a witness file and proves one of its leaves. Throws `CommandFailure`
    /// where the file does not say a block of the network, and `CancellationError`.
    package func proveLeaf(
        _ index: Int, of witness: [UInt8], isCancelled: @escaping @Sendable () -> Bool
    ) throws -> ExportedProof {
        let witness = try WitnessFile(decoding: witness, of: network)
        let (block, header) = try witness.execute()
        guard block.leaves.indices.contains(index) else {
            throw CommandFailure(
                .usage, "--leaf: expected 0..<\(block.leaves.count), found \(index)")
        }
        return try export(header, isCancelled) { core, control in
            try core.proveLeaf(block.leaves[index], of: header, control: control)
        }
    }

    /// Proves the parent of two nodes. Throws `ProofFileError` where one of them does not hold or they
    /// are no neighbours, and `CancellationError`.
    package func merge(
        _ left: [UInt8], _ right: [UInt8], isCancelled: @escaping @Sendable () -> Bool
    ) throws -> ExportedProof {
        let left = try verified(left)
        let right = try verified(right)
        guard left.blockID == right.blockID else {
            throw ProofFileError.mismatch(
                "the second file's blockId", expected: left.blockID.hex, found: right.blockID.hex)
        }
        let header = left.block.header
        return try export(header, isCancelled) { core, control in
            do {
                return try core.proveMerge(left.proof, right.proof, of: header, control: control)
            } catch NodeProofError.notChildren(let left, let right) {
                throw CommandFailure(
                    .mismatch,
                    "the files prove the leaves \(left) and \(right) of their block: expected two "
                        + "neighbours that its tree joins, left first")
            } catch let error as NodeProofError {
                throw ProofFileError.proof(error)
            }
        }
    }

    private func verified(_ bytes: [UInt8]) throws -> ExportedProof {
        let proof = try ExportedProof(decoding: bytes)
        _ = try proof.verify(
            demanding: ProofDemand(
                networkID: network.networkID, slot: nil, blockID: nil, range: nil, prover: nil),
            verifier: NodeVerifier(network: network))
        return proof
    }

    private func export(
        _ header: BlockHeader, _ isCancelled: @escaping @Sendable () -> Bool,
        _ prove: (ProvingCore, ProvingControl) throws -> [UInt8]
    ) throws -> ExportedProof {
        tell("building the circuits")
        let core = ProvingCore(
            networkID: network.networkID, prover: prover,
            circuits: try circuits())
        let teller = PhaseTeller(tell)
        let proof = try ThreadAllowance(threadCount: threadCount).run { workers in
            try prove(
                core,
                ProvingControl(
                    progress: { teller.progressed($0) }, isCancelled: isCancelled,
                    workers: workers))
        }
        let verifier = NodeVerifier(network: network)
        let blockID = BlockIdentity.blockID(of: header, networkID: network.networkID)
        let statement = try verifier.statement(of: proof, blockID: blockID)
        let verified = try verifier.verify(
            proof,
            expecting: NodeExpectation(
                blockID: blockID, range: statement.range, prover: prover,
                stateBefore: statement.stateBefore, stateAfter: statement.stateAfter,
                paymentRoot: statement.paymentRoot, feeSum: statement.feeSum))
        return ExportedProof(
            exporting: proof, verified: verified, of: header, networkID: network.networkID)
    }
}

/// Tells each phase once.
private final class PhaseTeller: Sendable {
    private let tell: @Sendable (String) -> Void
    private let last = Mutex("")

    init(_ tell: @escaping @Sendable (String) -> Void) { self.tell = tell }

    func progressed(_ progress: ProofProgress) {
        let phase = "\(progress.phase)"
        let isNew = last.withLock { last in
            defer { last = phase }
            return last != phase
        }
        if isNew { tell("\(Int(progress.fraction * 100)) %: \(phase)") }
    }
}
