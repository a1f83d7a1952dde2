package import Field
package import Payments
package import Primitives

/// Proves and verifies the nodes of a proof tree. The one seam between a node and its proof system:
/// bundles of leaf proofs today (`BundleProvingCore`), a recursive circuit tomorrow.
///
/// Every proof is bytes that carry, besides the proof, who proved what below. All calls are
/// synchronous and long (a leaf: seconds); the shell runs them on its proving pool.
package protocol ProvingCore: NodeProofVerifier {
    /// Proves a leaf of the block of `header` for this core's prover. Throws `CancellationError`
    /// or what the proof system throws: ours.
    func proveLeaf(
        _ leaf: ExecutedLeaf, of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8]

    /// Merges the proofs of the two children of a node, which must have been verified. Throws
    /// `BundleError` where they do not fit.
    func proveMerge(
        _ left: [UInt8], _ right: [UInt8], of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8]

    /// Who proved what in a proof that was made or verified here before: the proofs in it are not
    /// checked again.
    func contributions(
        of proof: [UInt8], header: BlockHeader
    ) throws(BundleError) -> Contributions
}

/// The half of the seam that needs no prover's key.
package protocol NodeProofVerifier: Sendable {
    /// Checks untrusted bytes from the shape to the last proof; never traps.
    func verify(
        _ proof: [UInt8], expecting expected: NodeExpectation
    ) throws(BundleError) -> VerifiedNode
}

extension NodeProofVerifier {
    /// Checks a logged root proof against its block: the proof, and that the claimed list of who
    /// proved what, by which payouts go, is the one in the proof.
    package func verifyRoot(
        _ rootProof: RootProof, of header: BlockHeader, networkID: NetworkID
    ) throws(BundleError) -> VerifiedNode {
        let expected = try NodeExpectation(rootOf: header, networkID: networkID)
        let node = try verify(rootProof.proof, expecting: expected)
        guard rootProof.contributions == node.contributions,
            ContributionHash.root(of: rootProof.contributions, blockID: expected.blockID)
                == node.statement.contribution
        else { throw .wrongContributions }
        return node
    }
}

/// How a shell follows and ends a proof in the making.
package struct ProvingControl: Sendable {
    /// Called with the done fraction, `0...1`, on the proving thread.
    package let progress: @Sendable (Double) -> Void
    /// Asked on any of the threads that work; what it once says it says ever after.
    package let isCancelled: @Sendable () -> Bool
    /// Who shares the work with the calling thread.
    package let workers: Workers

    package init(
        progress: @escaping @Sendable (Double) -> Void,
        isCancelled: @escaping @Sendable () -> Bool, workers: Workers = .alone
    ) {
        self.workers = workers
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Nobody watches, nobody ends it.
    package static let unattended = ProvingControl(progress: { _ in }, isCancelled: { false })
}

/// Checks the proofs of leaves.
package protocol LeafProofVerifier: Sendable {
    /// Throws unless `proof` proves `statement`; never traps, whatever the bytes.
    func verify(_ proof: [UInt8], of statement: NodeStatement) throws
}

/// Makes the proofs of leaves.
package protocol LeafProofSystem: LeafProofVerifier {
    /// The bytes of a proof of `NodeStatement(leaf:blockID:prover:)`, made on the calling thread.
    /// Throws `CancellationError` or an error of the system's own.
    func prove(
        _ leaf: ExecutedLeaf, of header: BlockHeader, prover: OperatorKey, control: ProvingControl
    ) throws -> [UInt8]
}

/// A node proof that was verified.
package struct VerifiedNode: Hashable, Sendable {
    package let statement: NodeStatement
    /// Who made the topmost proof.
    package let prover: OperatorKey
    /// Who proved what in this node's subtree, leaves from its first on.
    package let contributions: Contributions

    package init(statement: NodeStatement, prover: OperatorKey, contributions: Contributions) {
        self.statement = statement
        self.prover = prover
        self.contributions = contributions
    }
}
