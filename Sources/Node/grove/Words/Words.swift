package import NodeAPI

/// The names of the API and of the code, as people read them: all text output says these; JSON keeps
/// the names.
///
/// A name that is not here is shown as it is: it is that of a newer node.
package enum Words {
    /// Why a slot ended without a block.
    package static func skip(_ name: String) -> String {
        switch name {
        case "emptyPool": "no prover offers work on its terms"
        case "noCommit": "nobody sealed a proposal"
        case "noProposal": "nobody opened a proposal"
        case "noReveal": "the leader did not reveal its block"
        case "noRootProof": "no root proof in time"
        default: name
        }
    }

    /// Where the open slot stands.
    package static func phase(_ name: String) -> String {
        switch name {
        case "propose": "proposals are sealed"
        case "open": "proposals are opened"
        case "reveal": "the leader's block is awaited"
        case "proving": "the block is being proven"
        case "ended": "the time is up"
        case "closed": "no slot is open"
        default: name
        }
    }

    /// A sequencer's stage of a slot.
    package static func sequencing(_ name: String) -> String {
        switch name {
        case "mustSeal": "seal a proposal"
        case "sealed": "sealed a proposal, waits for the open phase"
        case "mustOpen": "open the sealed proposal"
        case "opened": "opened its proposal, waits for the leader"
        case "mustReveal": "leads: reveal the block"
        case "mustElect": "leads: elect the provers"
        case "led": "leads, its block is being proven"
        case "follows": "proposed, another sequencer leads"
        case "missed": "took no part in this slot in time"
        default: name
        }
    }

    /// What became of a node of the tree, and what a prover does with it.
    package static func node(_ name: String) -> String {
        switch name {
        case "waiting": "not begun"
        case "proving": "being proven"
        case "committed": "committed to, not shown yet"
        case "proven": "proof is made"
        case "announced": "done: others can have the proof"
        case "included": "in the final proof"
        default: name
        }
    }

    /// A stage of the making of one proof.
    package static func proving(_ name: String) -> String {
        switch name {
        case "witness": "filling the table"
        case "wires": "committing to the table"
        case "products": "checking the wiring"
        case "quotient": "dividing the constraints"
        case "openings": "opening the polynomials"
        case "fri": "proving low degrees"
        default: name
        }
    }

    /// Where a key stands in the registry.
    package static func membership(_ name: String) -> String {
        switch name {
        case "notRegistered": "not registered: no duties and no pay"
        case "waiting": "registered, not admitted yet"
        case "admitted": "admitted to the slots"
        case "ejected": "put out: too little at stake"
        case "exiting": "on its way out"
        default: name
        }
    }

    /// What a stake is slashed for.
    package static func offence(_ name: String) -> String {
        switch name {
        case "equivocation": "it signed two different things for one duty"
        case "noReveal": "it led and did not reveal its block"
        default: name
        }
    }
}

// MARK: - Events

extension Words {
    package static func event(_ name: EventAnswer.Name) -> String {
        switch name {
        case .folded: "log block read"
        case .slotOpened: "slot opens"
        case .commit: "proposal sealed"
        case .proposal: "proposal opened"
        case .leader: "leader chosen"
        case .revealed: "block revealed"
        case .elected: "provers elected"
        case .proofCommitted: "proof committed to, on the log"
        case .final: "block is final"
        case .skipped: "slot skipped"
        case .slashed: "stake slashed"
        case .rewarded: "paid"
        case .registered: "key registered"
        case .exiting: "key on its way out"
        case .exited: "stake paid out"
        case .transferred: "money sent"
        case .intent: "work offered"
        case .refused: "transaction refused"
        case .dropped: "transaction without effect"
        case .proving: "proof begun"
        case .proven: "proof made"
        case .committed: "proof committed to"
        case .obtained: "proof fetched"
        case .helping: "proving in place of another"
        case .ledgerRootDiffers: "another ledger root is signed"
        case .equivocation: "a key contradicts itself"
        case .submissionRefused: "the log refuses a transaction"
        case .registration: "own registration"
        }
    }

    /// What an event is about: a kind of transaction, a duty of this node, a step of its registration.
    package static func kind(_ name: String, of event: EventAnswer.Name) -> String {
        switch event {
        case .registration: registration(name)
        case .submissionRefused: duty(name)
        case .rewarded: name == "report" ? "for a report" : name
        default: transaction(name)
        }
    }

    package static func transaction(_ name: String) -> String {
        switch name {
        case "transfer": "sending money"
        case "register": "a registration"
        case "intents": "offers of work"
        case "fernetCommit": "a sealed proposal"
        case "fernetProposal": "an opened proposal"
        case "blockReveal": "a block"
        case "election": "an election of provers"
        case "proofCommitment": "a commitment to a proof"
        case "rootProof": "a root proof"
        case "evidence": "evidence of an offence"
        case "exit": "an exit"
        default: name
        }
    }

    package static func registration(_ name: String) -> String {
        switch name {
        case "waitingForMoney": "lacks money for stake and fees"
        case "submitted": "sent to the log"
        case "registered": "on the log, not admitted yet"
        case "admitted": "admitted to the slots"
        case "ejected": "put out: too little at stake"
        case "refused": "refused by the ledger"
        case "left": "has left; --rejoin registers it again"
        case "leaving": "the exit is sent to the log"
        case "exiting": "on its way out"
        case "exited": "out, the stake is paid"
        case "withdrawn": "the balance is sent"
        default: name
        }
    }

    /// Named like `register/2/0/0`: by its first part.
    package static func duty(_ name: String) -> String {
        let kind = String(name.prefix { $0 != "/" })
        return switch kind {
        case "fernet-commit": "a sealed proposal"
        case "fernet-proposal": "an opened proposal"
        case "block-reveal": "a block"
        case "election": "an election of provers"
        case "proof-commitment": "a commitment to a proof"
        case "root-proof": "a root proof"
        case "log-intent": "an offer of work"
        case "evidence": "evidence of an offence"
        case "register": "a registration"
        case "exit": "an exit"
        case "withdraw": "sending the balance away"
        case "send": "sending money"
        default: name
        }
    }
}
