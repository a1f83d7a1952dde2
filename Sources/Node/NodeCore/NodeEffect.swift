package import Cryptography
package import Gossip
package import Ledger
package import Payments
package import Primitives

/// What the machine asks of its shell, to be done in order. Answers come back as events.
package enum NodeEffect: Sendable {
    case sendGossip(to: GossipPeer, rpcBytes: [UInt8])
    case penalise(GossipPeer, PeerFault)
    /// Execute the revealed bodies and verify the root proofs that `judgements` names.
    case judge(LogBlock, judgements: [Judgement], parentState: RollupState)
    case buildBlock(BuildRequest)
    case proveVRF(VRFRequest)
    /// Sign an envelope of this topic, write it down, return it as `envelopeSigned`.
    case publish(Topic, bodyBytes: [UInt8], duty: Duty)
    /// Sign a transaction, write it down, hand it to the log until it is receipted.
    case submit(Submission)
    case prove(ProvingTask)
    /// Look up this node's own finished proofs of these nodes; answered by `proofsRecalled`.
    case recallProofs(ProofRecall)
    /// The slot is over: stop every proof of it and of those before it.
    case cancelProving(through: Slot)
    /// Pull, check the hash, verify against the statement.
    case obtainProof(ProofRequest)
    case answerPayment(ticket: UInt64, PaymentAnswer)
    /// What was written down of these settled orders to send.
    case forgetSendOrders([Digest])
    case report(NodeReport)
    case count(NodeDrop)
    case countGossip(GossipDrop)
    /// The node must not go on: the reason is for its operator.
    case halt(reason: String)
}

/// What a peer did wrong.
package enum PeerFault: Hashable, Sendable {
    case gossip(GossipFault)
    /// It announced a proof, served it, and it proves something else or nothing.
    case invalidProof(reason: String)
}

/// What a key signs at most once; the shell keeps the first statement of each and returns it for
/// any later one, also after a restart.
package struct Duty: Hashable, Sendable {
    package let name: String
    package init(_ name: String) { self.name = name }
}

/// A transaction to be signed; the shell gives it the next nonce (`NonceCounter`).
package struct Submission: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case body(TransactionKind, [UInt8])
        /// The shell holds the proof's bytes and reads the contributions out of them.
        case rootProof(header: BlockHeader, blockID: BlockID, proofHash: Digest)
    }

    package let duty: Duty
    package let content: Content
    /// This key's nonce in the ledger.
    package let foldedNonce: UInt64

    package init(duty: Duty, content: Content, foldedNonce: UInt64) {
        self.foldedNonce = foldedNonce
        self.duty = duty
        self.content = content
    }
}

/// A candidate block for a slot: payments in order on top of the parent's state.
package struct BuildRequest: Sendable {
    package let slot: Slot
    package let parent: BlockID
    package let parentState: RollupState
    /// Candidates, best first; those that fail in their turn are left out.
    package let payments: [Payment]
    /// What the proposal of this block offers the provers.
    package let feeShare: BasisPoints

    package init(
        slot: Slot, parent: BlockID, parentState: RollupState, payments: [Payment],
        feeShare: BasisPoints
    ) {
        self.feeShare = feeShare
        self.slot = slot
        self.parent = parent
        self.parentState = parentState
        self.payments = payments
    }
}

/// A block and the terms of its proposal, which a restart must not change: the seal covers both.
package struct BuiltBlock: Hashable, Sendable {
    package let header: BlockHeader
    package let body: [UInt8]
    package let feeShare: BasisPoints

    package init(header: BlockHeader, body: [UInt8], feeShare: BasisPoints) {
        self.feeShare = feeShare
        self.header = header
        self.body = body
    }
}

package struct VRFRequest: Hashable, Sendable {
    package enum Purpose: Hashable, Sendable {
        case fernet, tree
        /// Possession of the VRF key, whatever the slot.
        case register
    }

    package let slot: Slot
    package let purpose: Purpose
    package let input: [UInt8]

    package init(slot: Slot, purpose: Purpose, input: [UInt8]) {
        self.slot = slot
        self.purpose = purpose
        self.input = input
    }
}

/// One proof for the proving pool.
package struct ProvingTask: Sendable {
    package enum Work: Sendable {
        case leaf(ExecutedBlock)
        /// Both children are in the shell's store under these hashes.
        case merge(left: Digest, right: Digest)
    }

    package let slot: Slot
    package let header: BlockHeader
    package let range: LeafRange
    package let work: Work

    package init(slot: Slot, header: BlockHeader, range: LeafRange, work: Work) {
        self.slot = slot
        self.header = header
        self.range = range
        self.work = work
    }
}

/// Which proofs of its own a node wants to find again, after a restart perhaps.
package struct ProofRecall: Sendable {
    package let slot: Slot
    package let header: BlockHeader
    /// Ascending.
    package let ranges: [LeafRange]

    package init(slot: Slot, header: BlockHeader, ranges: [LeafRange]) {
        self.slot = slot
        self.header = header
        self.ranges = ranges
    }
}

/// One announced proof to pull and verify.
package struct ProofRequest: Sendable {
    package let slot: Slot
    package let header: BlockHeader
    package let range: LeafRange
    package let prover: OperatorKey
    package let proofHash: Digest
    package let byteCount: UInt64
    /// The peer that the announcement names can be asked for it.
    package let server: GossipPeer
    /// Who passed the announcement on to us: it may hold the proof, too.
    package let teller: GossipPeer?
    package let executed: ExecutedBlock

    package init(
        slot: Slot, header: BlockHeader, range: LeafRange, prover: OperatorKey, proofHash: Digest,
        byteCount: UInt64, server: GossipPeer, teller: GossipPeer? = nil, executed: ExecutedBlock
    ) {
        self.slot = slot
        self.header = header
        self.range = range
        self.prover = prover
        self.proofHash = proofHash
        self.byteCount = byteCount
        self.server = server
        self.teller = teller
        self.executed = executed
    }

    /// Who answers for it where the proof is invalid: the server, if it told us the announcement
    /// itself. Anybody may announce what another serves.
    package var answerable: GossipPeer? { teller == server ? server : nil }
}

package enum PaymentAnswer: Hashable, Sendable {
    case accepted
    case refused(reason: String)
}
