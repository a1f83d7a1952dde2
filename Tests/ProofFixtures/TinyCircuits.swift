package import IOP
package import NodeProofs
import Payments
import PaymentsCircuit
package import Primitives

/// Circuits of the smallest profile that holds two verifiers: real proofs, worth nothing. Built
/// once for a test process.
package enum TinyCircuits {
    package static let profile = ProofProfile.tiny.with(degreeBits: 11)

    package static let genesisNonce = [UInt8](repeating: 7, count: 32)
    package static let networkID = NetworkID(genesisNonce: genesisNonce)

    /// Of one payment a leaf, in trees of sixteen accounts, for blocks of this network.
    package static func get() throws -> ProvingCircuits { try shared.get() }

    private static let shared = Result {
        try ProvingCircuits(
            parameters: RollupParameters(
                networkID: networkID, accountTreeDepth: 4,
                keyTreeHeight: 4, leafCapacity: 1, maximumLeafCount: 16), profile: profile)
    }
}
