package import Cryptography
package import Primitives
package import ProverElection

/// Why a node must stop: the log, the shell or this code is broken. Never a transaction's fault.
package enum LedgerHalt: Error, Hashable, Sendable {
    /// The shell's fault: blocks come in order, each once.
    case height(expected: Height, found: Height)
    /// The log's fault: its blocks do not form a chain.
    case previousHash(expected: Digest, found: Digest)
    case transactionsHash(expected: Digest, found: Digest)
    /// The shell's fault: it did not answer `judgements(neededFor:)`.
    case missingVerdict(transactionID: Digest)
    /// Ours: `minted − burned` is not what all purses hold.
    case supply(minted: UInt128, burned: UInt128, held: UInt128)
    /// Ours: a purse was to give more than it holds.
    case negativeBalance(Purse, held: Amount, needed: Amount)
    /// Ours: a purse was to hold more than an amount can say.
    case overflow(Purse, held: Amount, added: Amount)
    /// Ours: a duty was about to be settled for the second time.
    case dutySettledTwice(Slot, LeafRange)
    case slotSettledTwice(Slot)
    /// Ours: a block's income was not paid out to the last unit.
    case unsettled(Amount)
    /// Ours: the pool or the leaf count should have been refused before.
    case election(TreeElectionError)
    /// Ours: an act was about to be punished beyond its largest penalty.
    case punishedTwice(OperatorKey, Slot)
}

/// Why a transaction did nothing: nobody is to blame but its sender.
package enum Drop: Error, Hashable, Sendable {
    case wrongNetwork(NetworkID)
    case signature
    /// Nonces rise: one that is not above the key's last one was used or passed over.
    case nonce(last: UInt64, found: UInt64)
    /// The only drop that uses the nonce, so that nobody can bring the transaction again once the
    /// key has the money.
    case feeUnpaid(fee: Amount, held: Amount)
    /// Only keys that hold or held an account may send, or nonces would fill the memory.
    case unknownKey
}

/// Why a transaction used its nonce and fee and did nothing else: nobody is to blame but its
/// sender.
package enum Refusal: Error, Hashable, Sendable {
    case undecodableBody
    case noOpenSlot
    case wrongSlot(expected: Slot, found: Slot)
    case wrongPhase
    case notAdmitted

    case insufficientBalance(held: Amount, needed: Amount)
    case tooManyAccounts
    case zeroAmount

    case stakeBelowMinimum(minimum: Amount, found: Amount)
    case vrfKeyTaken
    case vrfKeyChanged
    case invalidPossession
    case tooManyRegistrations
    case tooManyTopUps

    case tooManyIntents(maximum: Int, found: Int)
    /// None of the batch says anything new and valid.
    case noNewIntent

    case alreadyCommitted
    case notCommitted
    case sealBroken
    case alreadyProposed
    case wrongParent(expected: BlockID, found: BlockID)
    case invalidVRFProof

    case notLeader(leader: OperatorKey)
    case wrongBlockCommitment
    case malformedHeader
    case alreadyRevealed
    case doesNotExecute(String)
    /// The leader's block was refused before, and its commitment leaves it no other.
    case alreadyJudged
    case notRevealed
    case wrongBlock(expected: BlockID, found: BlockID)
    case alreadyElected

    case notANode(LeafRange)
    case notAssigned(LeafRange)
    case tooManyProofCommitments

    case contributionsMalformed
    case contributorNotAllowed(LeafRange, OperatorKey)
    case invalidProof(String)
    case tooManyFailedProofs
    case wrongStatement
    case wrongContributionRoot

    case evidenceMalformed
    case evidenceUnsigned
    case notContradictory
    case evidenceExpired
    case alreadyPunished
    case nothingAtStake
}
