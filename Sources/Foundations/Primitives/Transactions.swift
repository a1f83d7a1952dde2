package import Cryptography
package import VRF

package struct Transfer: Hashable, Sendable {
    package let recipient: OperatorKey
    package let amount: Amount

    package init(recipient: OperatorKey, amount: Amount) {
        self.recipient = recipient
        self.amount = amount
    }
}

/// Which duties a registered key takes on.
package enum Role: UInt8, CaseIterable, Sendable {
    case sequencer = 1
    case builder = 2
    case prover = 3
}

/// `Register`: the sender's key joins with a stake.
package struct Registration: Hashable, Sendable {
    package let role: Role
    package let vrfKey: VRFPublicKey
    package let stake: Amount
    /// A VRF proof over `("register", networkId, operatorKey)`.
    package let possession: VRFProof

    package init(role: Role, vrfKey: VRFPublicKey, stake: Amount, possession: VRFProof) {
        self.role = role
        self.vrfKey = vrfKey
        self.stake = stake
        self.possession = possession
    }
}

/// The sender's key leaves a role: after the exit delay its stake is paid out.
package struct Exit: Hashable, Sendable {
    package let role: Role

    package init(role: Role) { self.role = role }
}

/// An offer of work for the slots `firstSlot...lastSlot`.
package struct Intent: Hashable, Sendable {
    /// A key's highest sequence counts.
    package let sequence: UInt64
    package let firstSlot: Slot
    package let lastSlot: Slot
    /// How many leaves of one slot the prover takes.
    package let capacity: UInt64
    package let minFeePerUnit: Amount

    package init(
        sequence: UInt64, firstSlot: Slot, lastSlot: Slot, capacity: UInt64, minFeePerUnit: Amount
    ) {
        self.sequence = sequence
        self.firstSlot = firstSlot
        self.lastSlot = lastSlot
        self.capacity = capacity
        self.minFeePerUnit = minFeePerUnit
    }
}

/// An intent with the gossip envelope that its prover signed, so that anybody may log it.
package struct SignedIntent: Hashable, Sendable {
    package let envelope: GossipEnvelope
    package let intent: Intent

    package init(envelope: GossipEnvelope, intent: Intent) {
        self.envelope = envelope
        self.intent = intent
    }
}

/// The sealed form of a proposal.
package struct FernetCommit: Hashable, Sendable {
    package let slot: Slot
    package let proposalHash: Digest

    package init(slot: Slot, proposalHash: Digest) {
        self.slot = slot
        self.proposalHash = proposalHash
    }
}

package struct FernetProposal: Hashable, Sendable {
    package let slot: Slot
    package let parent: BlockID
    package let blockCommitment: Digest
    package let feeShare: BasisPoints
    package let vrfProof: VRFProof

    package init(
        slot: Slot, parent: BlockID, blockCommitment: Digest, feeShare: BasisPoints,
        vrfProof: VRFProof
    ) {
        self.slot = slot
        self.parent = parent
        self.blockCommitment = blockCommitment
        self.feeShare = feeShare
        self.vrfProof = vrfProof
    }

    /// What a `FernetCommit` of `key` seals: the hash of the proposal's body bytes.
    package static func sealingHash(
        networkID: NetworkID, key: OperatorKey, bodyBytes: [UInt8]
    ) -> Digest {
        taggedHash("proposal", .key(networkID), .key(key), .bytes(bodyBytes))
    }
}

/// Header and whole body of the leader's block.
package struct BlockReveal: Hashable, Sendable {
    package let header: BlockHeader
    /// The encoded payments, hashed by `header.bodyHash`.
    package let body: [UInt8]

    package init(header: BlockHeader, body: [UInt8]) {
        self.header = header
        self.body = body
    }
}

/// The leader's VRF proof over `("tree", slot, beacon)`, from which everybody computes who proves
/// which node of the tree.
package struct Election: Hashable, Sendable {
    package let slot: Slot
    package let blockID: BlockID
    package let vrfProof: VRFProof

    package init(slot: Slot, blockID: BlockID, vrfProof: VRFProof) {
        self.slot = slot
        self.blockID = blockID
        self.vrfProof = vrfProof
    }
}

/// A root proof with who proved what below it.
package struct RootProof: Hashable, Sendable {
    package let slot: Slot
    package let blockID: BlockID
    package let proof: [UInt8]
    package let contributions: Contributions

    package init(slot: Slot, blockID: BlockID, proof: [UInt8], contributions: Contributions) {
        self.slot = slot
        self.blockID = blockID
        self.proof = proof
        self.contributions = contributions
    }
}

/// Who proved which node, in the canonical order of `ProofTree`: the preimage of the contribution
/// root.
package struct Contributions: Hashable, Sendable {
    package struct Leaf: Hashable, Sendable {
        package let prover: OperatorKey
        package let stateBefore: FieldDigest
        package let stateAfter: FieldDigest

        package init(prover: OperatorKey, stateBefore: FieldDigest, stateAfter: FieldDigest) {
            self.prover = prover
            self.stateBefore = stateBefore
            self.stateAfter = stateAfter
        }
    }

    /// `[leaf index]`.
    package let leaves: [Leaf]
    /// Provers of the merges in ascending order of `LeafRange`.
    package let merges: [OperatorKey]

    package init(leaves: [Leaf], merges: [OperatorKey]) {
        self.leaves = leaves
        self.merges = merges
    }
}

/// Two signed statements of one key for one duty that say different things.
package struct Evidence: Hashable, Sendable {
    package let first: LedgerTransaction
    package let second: LedgerTransaction

    package init(first: LedgerTransaction, second: LedgerTransaction) {
        self.first = first
        self.second = second
    }
}
