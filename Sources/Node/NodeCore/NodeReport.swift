package import Ledger
package import Primitives

/// What a node shows its operator as it happens. Nothing depends on it.
package enum NodeReport: Sendable {
    case folded(Height, events: [LedgerEvent])
    case proving(Slot, LeafRange)
    case proven(Slot, LeafRange)
    case committed(Slot, LeafRange, prover: OperatorKey)
    case obtained(Slot, LeafRange, prover: OperatorKey)
    case helping(Slot, LeafRange, insteadOf: OperatorKey)
    /// Keys with less than half of the stake report another ledger root.
    case ledgerRootDiffers(Height, key: OperatorKey)
    /// The key signed two different things for one duty of the slot.
    case equivocation(Slot, key: OperatorKey)
    case submissionRefused(Duty, reason: String)
    /// Where this node's own registration in a role stands; about how long until what it waits for.
    case registration(Role, RegistrationStep, inTicks: UInt64?)
    /// The node has folded all that the log has: what was reported before is history, what follows is
    /// news.
    case level(LevelStanding)
    /// The log is at `head`, further than this node has folded: what follows is history.
    case behind(Height, head: Height)
}

/// Where a node's own key stands when the node is level with the log.
package struct LevelStanding: Hashable, Sendable {
    package struct Registration: Hashable, Sendable {
        package let role: Role
        /// `registered`, `admitted`, `ejected` or `exiting`.
        package let step: RegistrationStep
        /// About how long until what it waits for.
        package let inTicks: UInt64?

        package init(role: Role, step: RegistrationStep, inTicks: UInt64?) {
            self.role = role
            self.step = step
            self.inTicks = inTicks
        }
    }

    package let height: Height
    package let balance: Amount
    /// Of each role that the key is registered in.
    package let registrations: [Registration]

    package init(height: Height, balance: Amount, registrations: [Registration]) {
        self.height = height
        self.balance = balance
        self.registrations = registrations
    }
}

/// How far one node of the proof tree is, as far as this node has heard.
package struct NodeProgress: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case waiting
        case proving
        case committed
        case proven
    }

    package let range: LeafRange
    package let elected: OperatorKey?
    package let committed: OperatorKey?
    package let state: State
}

/// Harmless things that were not used, by name.
package enum NodeDrop: String, CaseIterable, Hashable, Sendable {
    case undecodableEnvelope
    case otherNetwork
    case badSignature
    case wrongTopic
    case staleSlot
    case futureSlot
    case wrongPhase
    case notAdmitted
    case notLeader
    case notAssigned
    /// Another's announcement names this node as the server of its proof.
    case namesUsAsServer
    case otherBlock
    case badVRFProof
    case malformedIntent
    case oldSequence
    case badEvidence
    case nothingAtStake
    case notAuthority
    case staleHeight
    case futureHeight
    case duplicate
    case tooManyEarlyMessages
    case tooManyIntents
    case tooMuchEvidence
    case paymentRefused
    case tooManyRefusedPayments
    case logQueueFull
}
