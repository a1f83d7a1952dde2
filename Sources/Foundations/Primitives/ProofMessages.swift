package import Cryptography

/// "I have proven this node": `commitment = H("proof-commitment", H(proof), proverKey)`, gossiped
/// before the proof is served, so that no proof is stolen.
package struct ProofCommitment: Hashable, Sendable {
    package let slot: Slot
    package let range: LeafRange
    package let commitment: Digest

    package init(slot: Slot, range: LeafRange, commitment: Digest) {
        self.slot = slot
        self.range = range
        self.commitment = commitment
    }

    package static func commitment(proofHash: Digest, prover: OperatorKey) -> Digest {
        taggedHash("proof-commitment", .key(proofHash), .key(prover))
    }
}

/// Where a committed proof can be pulled; the prover is the envelope's key.
package struct ProofAnnouncement: Hashable, Sendable {
    package let slot: Slot
    package let range: LeafRange
    /// SHA-256 of the proof's bytes.
    package let proofHash: Digest
    package let byteCount: UInt64
    /// The peer id of the endpoint that serves it, `1...maximumServerByteCount` bytes.
    package let server: [UInt8]

    package static let maximumServerByteCount = 64

    package init(
        slot: Slot, range: LeafRange, proofHash: Digest, byteCount: UInt64, server: [UInt8]
    ) {
        self.slot = slot
        self.range = range
        self.proofHash = proofHash
        self.byteCount = byteCount
        self.server = server
    }
}

/// "My fold of the log up to this height has this root."
package struct LedgerRootStatement: Hashable, Sendable {
    package let height: Height
    package let ledgerRoot: Digest

    package init(height: Height, ledgerRoot: Digest) {
        self.height = height
        self.ledgerRoot = ledgerRoot
    }
}
