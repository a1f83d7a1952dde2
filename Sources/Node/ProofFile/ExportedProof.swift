internal import Cryptography
package import NodeProofs
internal import Payments
package import Primitives
internal import ProofTree

/// A node proof in a file, with all that is needed to check it but the network's rules.
///
/// One line of JSON, then the proof's bytes as `NodeProof` encodes them:
///
///     {"format":"grove-proof/1","networkId":…,"slot":…,"round":…,"parent":…,"stateBefore":…,
///      "stateAfter":…,"paymentRoot":…,"leafCount":…,"blockId":…,"node":{"firstLeaf":…,
///      "leafCount":…,"prover":…,"stateBefore":…,"stateAfter":…,"paymentRoot":…,"feeSum":…},
///      "proofByteCount":…,"proofHash":…}
///
/// in this order, without a space, digests in lower case: a file has one encoding. The block is
/// given by the preimage of its id, so that nothing of the line is left unbound: the proof shows
/// the node and the id, the id the block, and hash and length the proof. Of the header, fee sum
/// and body hash are not in the id and so not in the file; the fee sum of a root is its node's.
///
/// Bounds are those of `ProofFileParameters`. Source: docs/protocol, election on the proof tree.
package struct ExportedProof: Hashable, Sendable {
    package let networkID: NetworkID
    package let block: ExportedBlock
    package let node: ExportedNode
    /// As `NodeProof` encodes it.
    package let proof: [UInt8]

    /// Exports what `verified` was the verdict on.
    package init(
        exporting proof: [UInt8], verified: VerifiedNode, of header: BlockHeader,
        networkID: NetworkID
    ) {
        self.init(
            networkID: networkID, block: ExportedBlock(header),
            node: ExportedNode(verified.statement, prover: verified.prover), proof: proof)
    }

    init(networkID: NetworkID, block: ExportedBlock, node: ExportedNode, proof: [UInt8]) {
        self.networkID = networkID
        self.block = block
        self.node = node
        self.proof = proof
    }

    package var blockID: BlockID {
        BlockIdentity.blockID(of: block.header, networkID: networkID)
    }

    /// Checks everything: what was asked for, that the node is one of the block's tree and fits
    /// its ends, and the proof. The costly comes last.
    package func verify(
        demanding demand: ProofDemand, verifier: NodeVerifier
    ) throws(ProofFileError) -> VerifiedNode {
        try demand.check(self)
        try checkPlace()
        let expected = NodeExpectation(
            blockID: blockID, range: node.range, prover: node.prover,
            stateBefore: node.stateBefore, stateAfter: node.stateAfter,
            paymentRoot: node.paymentRoot, feeSum: node.feeSum)
        do {
            return try verifier.verify(proof, expecting: expected)
        } catch {
            throw .proof(error)
        }
    }

    private func checkPlace() throws(ProofFileError) {
        guard let shape = TreeShape(leafCount: block.leafCount), shape.contains(node.range) else {
            throw .noSuchNode(node.range, leafCount: block.leafCount)
        }
        if node.range.first == 0 {
            try Self.compare(node.stateBefore, block.stateBefore, "the first leaf's stateBefore")
        }
        if node.range.end == block.leafCount {
            try Self.compare(node.stateAfter, block.stateAfter, "the last leaf's stateAfter")
        }
        if node.range == shape.root {
            try Self.compare(node.paymentRoot, block.paymentRoot, "the root's paymentRoot")
        }
    }

    private static func compare(
        _ found: FieldDigest, _ expected: FieldDigest, _ name: String
    ) throws(ProofFileError) {
        guard found == expected else {
            throw .mismatch(name, expected: expected.hex, found: found.hex)
        }
    }
}

/// The preimage of a block's id, without the network.
package struct ExportedBlock: Hashable, Sendable {
    package let slot: Slot
    package let round: UInt64
    package let parent: BlockID
    package let stateBefore: FieldDigest
    package let stateAfter: FieldDigest
    package let paymentRoot: FieldDigest
    package let leafCount: Int

    init(
        slot: Slot, round: UInt64, parent: BlockID, stateBefore: FieldDigest,
        stateAfter: FieldDigest, paymentRoot: FieldDigest, leafCount: Int
    ) {
        self.slot = slot
        self.round = round
        self.parent = parent
        self.stateBefore = stateBefore
        self.stateAfter = stateAfter
        self.paymentRoot = paymentRoot
        self.leafCount = leafCount
    }

    init(_ header: BlockHeader) {
        self.init(
            slot: header.slot, round: header.round, parent: header.parent,
            stateBefore: header.stateBefore, stateAfter: header.stateAfter,
            paymentRoot: header.paymentRoot, leafCount: header.leafCount)
    }

    /// For the id alone, which does not hash what is zero here.
    package var header: BlockHeader {
        BlockHeader(
            slot: slot, round: round, parent: parent, stateBefore: stateBefore,
            stateAfter: stateAfter, paymentRoot: paymentRoot, leafCount: leafCount,
            feeSum: .zero, bodyHash: .zero)
    }
}

/// What the proof's statement says beside the block's id and the contributions.
package struct ExportedNode: Hashable, Sendable {
    package let range: LeafRange
    package let prover: OperatorKey
    package let stateBefore: FieldDigest
    package let stateAfter: FieldDigest
    package let paymentRoot: FieldDigest
    package let feeSum: Amount

    init(
        range: LeafRange, prover: OperatorKey, stateBefore: FieldDigest,
        stateAfter: FieldDigest, paymentRoot: FieldDigest, feeSum: Amount
    ) {
        self.range = range
        self.prover = prover
        self.stateBefore = stateBefore
        self.stateAfter = stateAfter
        self.paymentRoot = paymentRoot
        self.feeSum = feeSum
    }

    init(_ statement: NodeStatement, prover: OperatorKey) {
        self.init(
            range: statement.range, prover: prover, stateBefore: statement.stateBefore,
            stateAfter: statement.stateAfter, paymentRoot: statement.paymentRoot,
            feeSum: statement.feeSum)
    }
}
