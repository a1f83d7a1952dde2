import Cryptography
import Payments
import Primitives

/// The proof of a node of the proof tree, leaf or merge: one proof of constant size, and who proved
/// what below it. That list is as public as the proof and bound to it by the contribution, which
/// payouts go by.
///
/// The bytes, integers big-endian, n the number of leaves:
///
///     first leaf 4 | n 4 | payments 32 | fees 8 | n + 1 states of 32 | n leaf provers of 32
///     | n − 1 merge provers of 32, in ascending order of their range | proof
///
/// There is one encoding of each. Bounds are those of `NodeProofParameters`, and are checked before
/// anything is allocated. Nothing here is checked against the proof: see `NodeVerifier`.
struct NodeProof: Hashable, Sendable {
    let range: LeafRange
    let paymentRoot: FieldDigest
    let feeSum: Amount
    /// One more than leaves: before the first, between two, after the last.
    let states: [FieldDigest]
    /// `[leaf]`, from the range's first on.
    let leafProvers: [OperatorKey]
    /// In ascending order of `LeafRange`.
    let mergeProvers: [OperatorKey]
    let proof: [UInt8]

    /// All that precedes the proof, whoever proved it.
    static func statementByteCount(leafCount: Int) -> Int {
        48 + 3 * leafCount * Bytes32.byteCount
    }

    /// Who made the topmost proof.
    var prover: OperatorKey { mergeProvers.last ?? leafProvers[0] }

    var contributions: Contributions {
        Contributions(
            leaves: leafProvers.indices.map {
                Contributions.Leaf(
                    prover: leafProvers[$0], stateBefore: states[$0], stateAfter: states[$0 + 1])
            },
            merges: mergeProvers)
    }

    /// What the proof has to prove in the block `blockID`.
    func statement(blockID: BlockID, mergeKey: FieldDigest) -> NodeStatement {
        NodeStatement(
            blockID: blockID, range: range, stateBefore: states[0],
            stateAfter: states[states.count - 1], paymentRoot: paymentRoot,
            proverID: BlockIdentity.proverID(of: prover),
            contribution: contribution(blockID: blockID), feeSum: feeSum,
            ownKey: range.isLeaf ? .zero : mergeKey)
    }

    /// The fold of who proved what over the canonical tree below this node. Linear in the leaves.
    private func contribution(blockID: BlockID) -> FieldDigest {
        let provers = Dictionary(
            uniqueKeysWithValues: zip(CanonicalShape.mergeRanges(of: range), mergeProvers))
        return fold(range, blockID: blockID, mergeProvers: provers)
    }

    private func fold(
        _ node: LeafRange, blockID: BlockID, mergeProvers: [LeafRange: OperatorKey]
    ) -> FieldDigest {
        guard let (left, right) = CanonicalShape.children(of: node) else {
            let index = node.first - range.first
            return ContributionHash.leaf(
                proverID: BlockIdentity.proverID(of: leafProvers[index]), blockID: blockID,
                firstLeaf: node.first, stateBefore: states[index], stateAfter: states[index + 1])
        }
        guard let prover = mergeProvers[node] else {
            preconditionFailure("\(mergeProvers.count) provers for the merges of \(range)")
        }
        return ContributionHash.merge(
            left: fold(left, blockID: blockID, mergeProvers: mergeProvers),
            right: fold(right, blockID: blockID, mergeProvers: mergeProvers),
            proverID: BlockIdentity.proverID(of: prover), leafCount: node.count)
    }
}

extension CanonicalShape {
    /// Nil for a leaf.
    static func children(of node: LeafRange) -> (left: LeafRange, right: LeafRange)? {
        guard !node.isLeaf else { return nil }
        let count = leftCount(of: node.count)
        guard let left = LeafRange(first: node.first, count: count),
            let right = LeafRange(first: left.end, count: node.count - count)
        else { preconditionFailure("parts of \(node) lie in it") }
        return (left, right)
    }

    /// The merges in and below `node`, ascending.
    static func mergeRanges(of node: LeafRange) -> [LeafRange] {
        var ranges: [LeafRange] = []
        var pending = [node]
        while let next = pending.popLast() {
            guard let (left, right) = children(of: next) else { continue }
            ranges.append(next)
            pending += [left, right]
        }
        return ranges.sorted()
    }
}
