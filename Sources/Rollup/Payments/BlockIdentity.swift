import Cryptography
package import Field
package import Hash
package import Primitives

/// The names of blocks and provers inside the field.
package enum BlockIdentity {
    /// `H(block, networkDigest ‖ slot ‖ round ‖ parent ‖ S_in ‖ S_out ‖ paymentRoot ‖ leafCount)`; the
    /// integers as low and high 32 bits. 26 elements, four permutations.
    package static func blockID(of header: BlockHeader, networkID: NetworkID) -> BlockID {
        let network = RollupHash.networkDigest(of: networkID)
        return BlockID(
            RollupHash.hash(.block, preimage(of: header, networkDigest: network)).digest)
    }

    /// What the block's id is the hash of. The leaf circuit opens it.
    package static func preimage(
        of header: BlockHeader, networkDigest: HashOutput
    ) -> [Goldilocks] {
        networkDigest.elements + RollupHash.limbs(header.slot.number)
            + RollupHash.limbs(header.round) + header.parent.digest.fieldElements
            + header.stateBefore.fieldElements + header.stateAfter.fieldElements
            + header.paymentRoot.fieldElements
            + RollupHash.limbs(UInt64(bitPattern: Int64(header.leafCount)))
    }

    /// `H(prover, operatorKey)`: who a proof belongs to, inside it.
    package static func proverID(of key: OperatorKey) -> FieldDigest {
        RollupHash.hash(.prover, [Goldilocks](packing: key.bytes)).digest
    }
}
