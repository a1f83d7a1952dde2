package import Cryptography
package import Primitives

/// Commit before reveal: who said when that a node is proven.
///
/// A prover commits `H("proof-commitment", H(proof), proverKey)` before it serves the proof, so
/// that whoever sees the proof cannot claim it: the key is in the hash, and a later commitment
/// comes too late. Several per prover and node are taken, up to
/// `ProofSubmissionParameters.maximumCommitmentsPerDuty`; of them the earliest that matches a valid
/// proof counts. One book serves one block; whoever records bounds the nodes and keys by its
/// assignment. Source: `docs/protocol`, section 5, "commit before reveal".
package struct CommitmentBook: Hashable, Sendable {
    /// In the order they came.
    package private(set) var entries: [CommittedProof] = []

    package init() {}

    /// What became of a commitment that was handed in.
    package enum Recording: Hashable, Sendable {
        case recorded
        case alreadyKnown
        case tooMany
    }

    /// - Parameter height: of the log block that holds the commitment, or of the log's tip when it
    ///   was heard; never below that of an earlier call.
    package mutating func record(
        _ commitment: Digest, node: LeafRange, prover: OperatorKey, at height: Height
    ) -> Recording {
        let earlier = entries.filter { $0.node == node && $0.prover == prover }
        guard !earlier.contains(where: { $0.commitment == commitment }) else {
            return .alreadyKnown
        }
        guard earlier.count < ProofSubmissionParameters.maximumCommitmentsPerDuty else {
            return .tooMany
        }
        entries.append(
            CommittedProof(node: node, prover: prover, commitment: commitment, height: height))
        return .recorded
    }

    /// The commitment that `prover` made to the proof with this hash, if it made one.
    ///
    /// - Parameter proofHash: SHA-256 of the proof's bytes.
    package func commitment(
        to proofHash: Digest, node: LeafRange, prover: OperatorKey
    ) -> CommittedProof? {
        let expected = ProofCommitment.commitment(proofHash: proofHash, prover: prover)
        return entries.first {
            $0.node == node && $0.prover == prover && $0.commitment == expected
        }
    }

    /// The first commitment of anybody to any proof of the node: while there is one, helpers wait.
    package func earliest(for node: LeafRange) -> CommittedProof? {
        entries.first { $0.node == node }
    }
}

/// A commitment with the duty it is for and when it was made.
package struct CommittedProof: Hashable, Sendable {
    package let node: LeafRange
    package let prover: OperatorKey
    package let commitment: Digest
    package let height: Height
}
