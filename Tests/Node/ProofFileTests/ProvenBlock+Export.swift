import NodeProofs
import Payments
import Primitives
import ProofFile
import ProofFixtures

extension ProvenBlock {
    /// The leaves, the first merge, the root.
    var nodes: [LeafRange] {
        let leaves = block.leaves.indices.map { LeafRange(first: $0, count: 1)! }
        let merge = LeafRange(first: 0, count: 2)!
        return leaves + (merge == root ? [root] : [merge, root])
    }

    func demand(_ range: LeafRange) -> ProofDemand {
        ProofDemand(
            networkID: Self.networkID, slot: Slot(7), blockID: blockID, range: range,
            prover: prover(of: range))
    }

    /// The node's proof, or `proof` in its place, exported under the node's own statement.
    func export(_ range: LeafRange, proof: [UInt8]? = nil) throws -> ExportedProof {
        let honest = try prove(range)
        let verified = try verifier.verify(
            honest, expecting: expectation(range, prover: prover(of: range))!)
        return ExportedProof(
            exporting: proof ?? honest, verified: verified, of: header,
            networkID: Self.networkID)
    }
}
