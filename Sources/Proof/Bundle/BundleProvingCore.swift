package import Cryptography
package import Payments
package import Primitives

/// Proves leaves with a leaf proof system and merges by signing: the proving core of a prover until
/// merges are recursive.
package struct BundleProvingCore: ProvingCore {
    private let networkID: NetworkID
    private let prover: OperatorKey
    private let leafSystem: any LeafProofSystem
    private let sign: @Sendable ([UInt8]) -> Signature

    /// `sign` signs with the operator key `prover`; `leafSystem` is that of the same network.
    package init(
        networkID: NetworkID, prover: OperatorKey, leafSystem: any LeafProofSystem,
        sign: @escaping @Sendable ([UInt8]) -> Signature
    ) {
        self.networkID = networkID
        self.prover = prover
        self.leafSystem = leafSystem
        self.sign = sign
    }

    package func proveLeaf(
        _ leaf: ExecutedLeaf, of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8] {
        let proof = try leafSystem.prove(
            leaf, of: header, prover: prover, control: control)
        return NodeProof.leaf(
            BundledLeaf(
                index: leaf.index, stateBefore: leaf.stateBefore, stateAfter: leaf.stateAfter,
                paymentRoot: leaf.paymentCommitment, prover: prover, feeSum: leaf.feeSum,
                proof: proof)
        ).encoded
    }

    package func proveMerge(
        _ left: [UInt8], _ right: [UInt8], of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8] {
        if control.isCancelled() { throw CancellationError() }
        let blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        let leftProof = try NodeProof(decoding: left)
        let rightProof = try NodeProof(decoding: right)
        let leftNode = try StatedNode(leftProof, blockID: blockID)
        let rightNode = try StatedNode(rightProof, blockID: blockID)
        let statement = try StatedNode.merging(
            leftNode.statement, rightNode.statement, prover: prover)
        let signature = sign(
            BundledMerge.signedBytes(
                blockID: blockID, range: statement.range, leftHash: leftNode.treeHash,
                rightHash: rightNode.treeHash, contribution: statement.contribution))
        control.progress(1)
        return NodeProof.merge(
            BundledMerge(
                left: leftProof, right: rightProof, prover: prover, signature: signature)
        ).encoded
    }

    package func verify(
        _ proof: [UInt8], expecting expected: NodeExpectation
    ) throws(BundleError) -> VerifiedNode {
        try BundleVerifier(leafVerifier: leafSystem).verify(proof, expecting: expected)
    }

    package func contributions(
        of proof: [UInt8], header: BlockHeader
    ) throws(BundleError) -> Contributions {
        let blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        return try StatedNode(NodeProof(decoding: proof), blockID: blockID).verified.contributions
    }
}
