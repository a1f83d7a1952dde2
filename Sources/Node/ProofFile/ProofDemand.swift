package import Primitives

/// What a proof in a file must be about, as far as whoever checks it knows. A proof of something
/// else is no less valid, but it is not the one asked for.
package struct ProofDemand: Hashable, Sendable {
    package var networkID: NetworkID
    package var slot: Slot?
    package var blockID: BlockID?
    package var range: LeafRange?
    package var prover: OperatorKey?

    package init(
        networkID: NetworkID, slot: Slot?, blockID: BlockID?, range: LeafRange?,
        prover: OperatorKey?
    ) {
        self.networkID = networkID
        self.slot = slot
        self.blockID = blockID
        self.range = range
        self.prover = prover
    }

    /// Throws `mismatch` for the first difference.
    func check(_ proof: ExportedProof) throws(ProofFileError) {
        try Self.compare("network", networkID, proof.networkID)
        if let slot { try Self.compare("slot", slot, proof.block.slot) }
        if let blockID { try Self.compare("block", blockID, proof.blockID) }
        if let range { try Self.compare("range", range, proof.node.range) }
        if let prover { try Self.compare("prover", prover, proof.node.prover) }
    }

    private static func compare<Value: Equatable & CustomStringConvertible>(
        _ name: String, _ expected: Value, _ found: Value
    ) throws(ProofFileError) {
        guard expected == found else {
            throw .mismatch(name, expected: "\(expected)", found: "\(found)")
        }
    }
}
