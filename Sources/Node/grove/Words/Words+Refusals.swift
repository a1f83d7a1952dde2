extension Words {
    /// Why a transaction came to nothing: `name(what was expected: …, what was found: …)`, with words
    /// in place of the name. A sentence stays as it is.
    package static func reason(_ text: String) -> String {
        let name = text.prefix { $0.isLetter }
        let rest = text[name.endIndex...]
        guard rest.isEmpty || rest.hasPrefix("("), let words = refusals[String(name)] else {
            return text
        }
        return rest.isEmpty ? words : "\(words) \(rest)"
    }

    /// By the cases of the ledger's `Refusal` and `Drop`, and of the log's own refusals.
    private static let refusals: [String: String] = [
        // The ledger used its nonce and fee.
        "undecodableBody": "it cannot be read",
        "noOpenSlot": "no slot is open",
        "wrongSlot": "it is about another slot",
        "wrongPhase": "it comes too early or too late in the slot",
        "notAdmitted": "its key is not admitted",
        "insufficientBalance": "the account holds too little",
        "tooManyAccounts": "the ledger has no room for another account",
        "zeroAmount": "the amount is zero",
        "stakeBelowMinimum": "the stake is too small",
        "vrfKeyTaken": "another operator has this VRF key",
        "vrfKeyChanged": "the operator key is registered with another VRF key",
        "invalidPossession": "the proof of possession does not hold",
        "tooManyRegistrations": "the slot has no room for another registration",
        "tooManyTopUps": "the stake was added to too often",
        "notRegistered": "its key is not registered",
        "exiting": "its key is on its way out",
        "tooManyIntents": "too many offers at once",
        "noNewIntent": "none of the offers says anything new",
        "alreadyCommitted": "its key has sealed a proposal already",
        "notCommitted": "its key has sealed no proposal",
        "sealBroken": "the proposal is not the one that was sealed",
        "alreadyProposed": "its key has opened a proposal already",
        "wrongParent": "it builds on another block",
        "invalidVRFProof": "the proof of the draw does not hold",
        "notLeader": "another sequencer leads",
        "wrongBlockCommitment": "the block is not the one that was proposed",
        "malformedHeader": "the block's header is malformed",
        "alreadyRevealed": "the block is revealed already",
        "doesNotExecute": "the block does not execute",
        "alreadyJudged": "the leader's block was refused before",
        "notRevealed": "no block is revealed",
        "wrongBlock": "it is about another block",
        "alreadyElected": "the provers are elected already",
        "notANode": "the tree has no such node",
        "notAssigned": "another prover is elected for this node",
        "tooManyProofCommitments": "its key has committed to this proof too often",
        "contributionsMalformed": "the list of provers is malformed",
        "contributorNotAllowed": "a prover in it was not allowed to prove its node",
        "invalidProof": "the proof does not hold",
        "tooManyFailedProofs": "its key has sent too many false proofs",
        "wrongStatement": "the proof is about something else",
        "wrongContributionRoot": "the proof names other provers",
        "evidenceMalformed": "the evidence is malformed",
        "evidenceUnsigned": "the evidence is not signed by whom it accuses",
        "notContradictory": "the evidence does not contradict itself",
        "evidenceExpired": "the evidence is too old",
        "alreadyPunished": "the offence is punished already",
        "nothingAtStake": "whom it accuses has nothing at stake",
        // The ledger did nothing.
        "wrongNetwork": "it is of another network",
        "signature": "its signature does not hold",
        "nonce": "its nonce is used or passed over",
        "feeUnpaid": "the account cannot pay the fee",
        "unknownKey": "the ledger has no account of its key",
        // The log did not take it.
        "malformed": "it is malformed",
        "tooLarge": "it is too large",
        "badSignature": "its signature does not hold",
        "nonceUsed": "another transaction has its nonce",
        "nonceGap": "the nonces before it did not come",
        "feeUncovered": "the account cannot pay the fee beside what it has sent before",
        "noDuty": "the open slot wants nothing of this kind from its key",
        "slotShareUsed": "its key has sent as much of this kind as it may in one slot",
        "queueFull": "the log's queue is full",
        "tooManyUploads": "the log has too many uploads at once",
        "behind": "the log still folds its own blocks",
        "stopping": "the log is stopping",
    ]
}
