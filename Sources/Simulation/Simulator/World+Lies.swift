internal import Cryptography
internal import Ledger
internal import Messages
internal import NodeCore
internal import Payments
package import Primitives
internal import SansIO

/// Lies with a valid signature, told by a node whose machine knows nothing of them.
extension World {
    /// The node puts another proposal for its open slot on the log than the one that it makes itself.
    package mutating func contradict(_ index: Int) {
        guard let slot = nodes[index].machine.ledger.slot else { return }
        let proposal = FernetProposal(
            slot: slot.slot, parent: slot.parent.blockID,
            blockCommitment: taggedHash("false-block", .key(nodes[index].key)), feeShare: .zero,
            vrfProof: nodes[index].vrf.prove([]))
        let folded = nodes[index].machine.ledger.nonce(of: nodes[index].key)
        let transaction = MessageCodec.transaction(
            .fernetProposal(proposal), networkID: nodes[index].machine.identity.networkID,
            key: nodes[index].key, nonce: nodes[index].nonces.next(folded: folded),
            sign: nodes[index].signer.sign)
        schedule(.submit(index, nodes[index].incarnation, transaction), after: latency())
    }

    /// The log tells the node that it is at the last of all heights, and `duration` later where it is.
    package mutating func claimFarAhead(to index: Int, for duration: Duration) {
        let incarnation = nodes[index].incarnation
        schedule(.deliver(index, incarnation, .logHead(Height(.max))), after: .zero)
        schedule(.deliver(index, incarnation, .logHead(Height(0))), after: duration)
    }

    /// The node commits to a proof of `range` that it does not have.
    package mutating func commitFalsely(_ index: Int, to range: LeafRange) {
        guard let slot = nodes[index].machine.ledger.slot else { return }
        let key = nodes[index].key
        let commitment = ProofCommitment(
            slot: slot.slot, range: range,
            commitment: taggedHash(
                "false-proof", .key(key), .integer(UInt64(range.first)),
                .integer(UInt64(range.count))))
        let message = GossipMessage.proofCommitment(commitment)
        let envelope = MessageCodec.envelope(
            message, networkID: nodes[index].machine.identity.networkID, key: key,
            sign: nodes[index].signer.sign)
        schedule(
            .deliver(index, nodes[index].incarnation, .envelopeSigned(envelope)), after: .zero)
    }
}
