package import Cryptography
package import Gossip
package import Ledger
package import Payments
package import Primitives
package import VRF

/// What the shell tells the machine.
package enum NodeEvent: Sendable {
    case peerConnected(GossipPeer, isOutbound: Bool, understandsDontWant: Bool)
    case peerDisconnected(GossipPeer)
    case gossipReceived(from: GossipPeer, rpcBytes: [UInt8])
    /// The log says that it has blocks up to this height, unsigned: whoever is behind it only
    /// catches up, until it says otherwise.
    case logHead(Height)
    /// The next log block: its signature, chain and height are already verified.
    case logBlock(LogBlock)
    /// The answer to `NodeEffect.judge`.
    case logJudged(height: Height, LogJudgement)
    case blockBuilt(BuildRequest, BuiltBlock)
    case vrfProved(VRFRequest, VRFProof)
    /// The answer to `NodeEffect.publish`: the envelope is signed and written down.
    case envelopeSigned(GossipEnvelope)
    /// This node's operator wants out; the shell keeps the order.
    case leaveOrdered(LeaveOrder)
    /// About orders to send.
    case sending(SendingEvent)
    /// The log will never take this transaction, or the ledger has dropped it.
    case submissionRefused(Duty, reason: String)
    case proven(ProvingTask, ProvenProof)
    case provingFailed(ProvingTask, reason: String)
    /// The answer to `NodeEffect.recallProofs`: what was found, ascending by range.
    case proofsRecalled(Slot, [RecalledProof])
    case proofObtained(ProofRequest, ProofAvailability)
    /// From the local API; the answer is `NodeEffect.answerPayment`.
    case paymentOffered(Payment, ticket: UInt64)
    /// The moment of `nextDeadline` has come.
    case deadline
}

/// What the shell found out about one log block.
package struct LogJudgement: Sendable {
    package let verdicts: LedgerVerdicts
    /// By block commitment: each revealed block of this log block that executes.
    package let executed: [Digest: ExecutedBlock]

    package init(verdicts: LedgerVerdicts, executed: [Digest: ExecutedBlock]) {
        self.verdicts = verdicts
        self.executed = executed
    }
}

/// A finished proof, kept by the shell under its hash.
package struct ProvenProof: Hashable, Sendable {
    package let hash: Digest
    package let byteCount: UInt64

    package init(hash: Digest, byteCount: UInt64) {
        self.hash = hash
        self.byteCount = byteCount
    }
}

/// A finished proof of this node's own, found again.
package struct RecalledProof: Hashable, Sendable {
    package let range: LeafRange
    package let proof: ProvenProof

    package init(range: LeafRange, proof: ProvenProof) {
        self.range = range
        self.proof = proof
    }
}

package enum ProofAvailability: Hashable, Sendable {
    /// Pulled, of the announced hash, and it proves the requested statement.
    case valid
    /// Of the announced hash, but it proves something else or nothing: the prover's fault.
    case invalid(reason: String)
    /// Nobody served it in time; it may be asked for again.
    case unavailable(reason: String)
}
