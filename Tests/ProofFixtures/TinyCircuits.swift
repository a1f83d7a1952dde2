package import IOP
package import NodeProofs
import Payments
import PaymentsCircuit
import Primitives

/// Circuits of the smallest profile that holds two verifiers: real proofs, worth nothing. Built
/// once for a test process.
package enum TinyCircuits {
    package static let profile = ProofProfile.tiny.with(degreeBits: 11)

    /// Of one payment a leaf, in trees of sixteen accounts. The circuits have nothing of the
    /// network: its id is a leaf's witness.
    package static func get() throws -> ProvingCircuits { try shared.get() }

    private static let shared = Result {
        try ProvingCircuits(
            parameters: RollupParameters(
                networkID: NetworkID(genesisNonce: [1, 2, 3]), accountTreeDepth: 4,
                keyTreeHeight: 4, leafCapacity: 1, maximumLeafCount: 16), profile: profile)
    }
}
