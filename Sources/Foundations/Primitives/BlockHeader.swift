package import Cryptography

/// What a sequencer commits to and later reveals.
package struct BlockHeader: Hashable, Sendable {
    package var slot: Slot
    /// 0 outside two-step submission.
    package var round: UInt64
    package var parent: BlockID
    package var stateBefore: FieldDigest
    package var stateAfter: FieldDigest
    package var paymentRoot: FieldDigest
    /// 0 for an empty block.
    package var leafCount: Int
    package var feeSum: Amount
    /// `H("body", body)` of the encoded body.
    package var bodyHash: Digest

    package init(
        slot: Slot, round: UInt64, parent: BlockID, stateBefore: FieldDigest,
        stateAfter: FieldDigest, paymentRoot: FieldDigest, leafCount: Int, feeSum: Amount,
        bodyHash: Digest
    ) {
        self.slot = slot
        self.round = round
        self.parent = parent
        self.stateBefore = stateBefore
        self.stateAfter = stateAfter
        self.paymentRoot = paymentRoot
        self.leafCount = leafCount
        self.feeSum = feeSum
        self.bodyHash = bodyHash
    }

    /// `blockCommitment = H("block", header)`.
    package var commitment: Digest {
        taggedHash(
            "block", .integer(slot.number), .integer(round), .bytes(parent.bytes),
            .bytes(stateBefore.bytes), .bytes(stateAfter.bytes), .bytes(paymentRoot.bytes),
            .integer(UInt64(leafCount)), .integer(feeSum.units), .key(bodyHash))
    }

    package static func bodyHash(ofEncodedBody body: [UInt8]) -> Digest {
        taggedHash("body", .bytes(body))
    }
}
