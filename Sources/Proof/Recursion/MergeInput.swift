package import Circuit
package import Commitment
package import Field
package import Hash
package import Payments

/// All values that the merge circuit takes as its witness, unchecked: the circuit is what checks
/// them. The children's public inputs are theirs, in the order of `NodeStatement.publicInputs`.
package struct MergeInput: Sendable {
    package struct Child: Sendable {
        package var publicInputs: [Goldilocks]
        /// 1 for a merge proof, 0 for a leaf proof.
        package var isMerge: Goldilocks
        /// Of the key that the proof is made with.
        package var keyCap: MerkleCap
        package var proof: CircuitProof

        package init(
            publicInputs: [Goldilocks], isMerge: Goldilocks, keyCap: MerkleCap,
            proof: CircuitProof
        ) {
            self.publicInputs = publicInputs
            self.isMerge = isMerge
            self.keyCap = keyCap
            self.proof = proof
        }
    }

    package var left: Child
    package var right: Child
    package var proverID: HashOutput
    package var ownKey: HashOutput

    package init(left: Child, right: Child, proverID: HashOutput, ownKey: HashOutput) {
        self.left = left
        self.right = right
        self.proverID = proverID
        self.ownKey = ownKey
    }
}

extension MergeConstraints {
    package func witness(_ input: MergeInput) -> PartialWitness {
        var witness = PartialWitness()
        witness.set(ownKey, to: input.ownKey)
        witness.set(proverID, to: input.proverID)
        for (targets, child) in zip(children, [input.left, input.right]) {
            witness.set(targets.statement.publicInputs, to: child.publicInputs)
            witness.set(targets.isMerge.target, to: child.isMerge)
            for (target, digest) in zip(targets.key.cap, child.keyCap.digests) {
                witness.set(target, to: digest)
            }
            targets.proof.assign(child.proof, to: &witness)
        }
        return witness
    }
}

/// A proof of the node of a proof tree, and what it proves.
package struct ProvenNode: Sendable {
    package let statement: NodeStatement
    /// As it travels: a leaf's or a merge's, as `statement.ownKey` says.
    package let proofBytes: [UInt8]

    package init(statement: NodeStatement, proofBytes: [UInt8]) {
        self.statement = statement
        self.proofBytes = proofBytes
    }
}
