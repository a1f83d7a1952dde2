package import Cryptography
package import Primitives

/// The proof of a node of the proof tree: a leaf proof, or an honest bundle of two node proofs.
///
/// Until merges are proven recursively, a merge's prover vouches for them with its signature and
/// every verifier checks all leaf proofs below itself: sound, but neither succinct nor cheap. The
/// bytes, depth first, integers big-endian:
///
///     leaf   1 | index 4 | S_in 32 | S_out 32 | payments 32 | prover 32 | fees 8 | count 4 | proof
///     merge  2 | prover 32 | signature 64 | left | right
///
/// There is one encoding of each proof. Bounds are those of `BundleParameters`, and are checked
/// before anything is allocated.
package indirect enum NodeProof: Hashable, Sendable {
    case leaf(BundledLeaf)
    case merge(BundledMerge)

    /// Who made this proof.
    package var prover: OperatorKey {
        switch self {
        case .leaf(let leaf): leaf.prover
        case .merge(let merge): merge.prover
        }
    }

    package var leafCount: Int {
        switch self {
        case .leaf: 1
        case .merge(let merge): merge.left.leafCount + merge.right.leafCount
        }
    }
}

/// A leaf proof and what its statement says beyond the block's id.
package struct BundledLeaf: Hashable, Sendable {
    package let index: Int
    package let stateBefore: FieldDigest
    package let stateAfter: FieldDigest
    /// The commitment to the leaf's payments.
    package let paymentRoot: FieldDigest
    package let prover: OperatorKey
    package let feeSum: Amount
    /// The proof system's bytes.
    package let proof: [UInt8]

    package init(
        index: Int, stateBefore: FieldDigest, stateAfter: FieldDigest, paymentRoot: FieldDigest,
        prover: OperatorKey, feeSum: Amount, proof: [UInt8]
    ) {
        self.index = index
        self.stateBefore = stateBefore
        self.stateAfter = stateAfter
        self.paymentRoot = paymentRoot
        self.prover = prover
        self.feeSum = feeSum
        self.proof = proof
    }
}

package struct BundledMerge: Hashable, Sendable {
    package let left: NodeProof
    package let right: NodeProof
    package let prover: OperatorKey
    package let signature: Signature

    package init(
        left: NodeProof, right: NodeProof, prover: OperatorKey, signature: Signature
    ) {
        self.left = left
        self.right = right
        self.prover = prover
        self.signature = signature
    }

    /// What the prover signs: this merge, of this block, of these two proofs, byte for byte.
    static func signedBytes(
        blockID: BlockID, range: LeafRange, leftHash: Digest, rightHash: Digest,
        contribution: FieldDigest
    ) -> [UInt8] {
        taggedBytes(
            "bundle",
            [
                .bytes(blockID.bytes), .integer(UInt64(range.first)),
                .integer(UInt64(range.count)), .key(leftHash), .key(rightHash),
                .bytes(contribution.bytes),
            ])
    }
}

extension NodeProof {
    /// Names the proof, every byte of it; linear in its size, where hashing the bytes of each
    /// level again would not be.
    var treeHash: Digest {
        switch self {
        case .leaf(let leaf):
            return taggedHash("bundle-leaf", .bytes(leaf.encoded))
        case .merge(let merge):
            return Self.treeHash(
                of: merge, left: merge.left.treeHash, right: merge.right.treeHash)
        }
    }

    static func treeHash(of merge: BundledMerge, left: Digest, right: Digest) -> Digest {
        taggedHash(
            "bundle-merge", .key(merge.prover), .bytes(merge.signature.bytes), .key(left),
            .key(right))
    }
}
