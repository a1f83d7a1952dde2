internal import Cryptography
package import Gossip
internal import Ledger
internal import Messages
package import Primitives
internal import Sequencing

/// What this node owes the open slot now, for whoever looks on. Nothing depends on it.
package struct OwnDuties: Hashable, Sendable {
    /// Nil for who is no admitted sequencer.
    package let sequencing: SequencingStanding?
    /// Ascending by node of the tree: what this node is elected for, and where it helps.
    package let proving: [ProvingStanding]
}

/// Where a sequencer stands in the open slot, as the log shows it.
package struct SequencingStanding: Hashable, Sendable {
    package enum Stage: String, Hashable, Sendable, CaseIterable {
        /// Its sealed proposal is awaited.
        case mustSeal
        /// Waits for the open phase.
        case sealed
        /// Its sealed proposal is to be opened.
        case mustOpen
        /// Waits for the leader's election.
        case opened
        /// It leads: the block is awaited.
        case mustReveal
        /// Its block is on the log, the election of provers is awaited.
        case mustElect
        /// Its block is being proven.
        case led
        /// Another one leads.
        case follows
        /// It neither sealed nor opened in time.
        case missed
    }

    package let slot: Slot
    package let stage: Stage
    /// The last height at which the awaited transaction counts; nil where none is.
    package let dueHeight: Height?
}

/// One node of the open slot's tree, as its prover or helper sees it.
package struct ProvingStanding: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// For the proofs of its children, or for its turn.
        case waiting
        case proving
        /// Finished, and not said yet: the helper's step is not open.
        case proven
        /// Committed to and announced: it can be pulled.
        case announced
    }

    package let slot: Slot
    package let range: LeafRange
    package let elected: OperatorKey
    /// Whether this node stands in for the elected prover.
    package let isHelper: Bool
    package let state: State
    /// When its proof was begun.
    package let startedAt: Height?
    /// The height by which the elected prover's commitment is expected.
    package let dueHeight: Height
    /// From this height on the first helper's proof counts as well: step 1 of the ladder.
    package let helperHeight: Height
    /// Past its due height and not announced.
    package let isLate: Bool
    /// The highest step of the ladder that is open; 0 before `helperHeight`.
    package let openStep: Int
}

extension NodeMachine {
    package var duties: OwnDuties {
        OwnDuties(sequencing: sequencingStanding, proving: proving?.standings ?? [])
    }

    private var sequencingStanding: SequencingStanding? {
        guard identity.roles.contains(.sequencer), let slot = ledger.slot,
            slot.sequencer(identity.key) != nil
        else { return nil }
        let (stage, dueHeight) = sequencingStage(in: slot)
        return SequencingStanding(slot: slot.slot, stage: stage, dueHeight: dueHeight)
    }

    private func sequencingStage(
        in slot: SlotState
    ) -> (SequencingStanding.Stage, dueHeight: Height?) {
        let isSealed = slot.seals[identity.key] != nil
        let isOpened = slot.proposals[identity.key] != nil
        switch ledger.phase {
        case .propose:
            return isSealed
                ? (.sealed, nil) : (.mustSeal, slot.phases.proposeHeights.upperBound)
        case .open:
            if isOpened { return (.opened, nil) }
            return isSealed
                ? (.mustOpen, slot.phases.openHeights.upperBound) : (.missed, nil)
        case .reveal, .proving, .ended, nil:
            guard slot.leader == identity.key else { return (isOpened ? .follows : .missed, nil) }
            let last = slot.phases.revealHeights.upperBound
            guard let reveal = slot.reveal else { return (.mustReveal, last) }
            let isComplete = slot.electionClaim != nil || reveal.header.leafCount == 0
            return isComplete ? (.led, nil) : (.mustElect, last)
        }
    }
}

extension NodeMachine {
    /// The newest height that the log is known to have.
    package var logHead: Height { max(follower.head, follower.announced.max() ?? Height(0)) }

    /// To whom this node pushes messages, for each topic.
    package var gossipMeshes: [[GossipPeer]] {
        Topic.allCases.map { router.mesh(of: $0.wireName(networkID: identity.networkID)) }
    }

    package func gossipScore(of peer: GossipPeer) -> Int { router.score(of: peer) }
}
