internal import Cryptography
internal import Payments
package import Primitives
package import VRF

/// One sequencer's work in one slot of Fernet: seal a proposal, open it, and as the leader reveal
/// the block and elect the provers.
///
/// `building → sealed → opened → revealed → elected`. The phases are the log's and what was signed
/// already is read from the log, so each stage waits for its phase and for what the shell computes
/// (the block, the VRF proofs), in any order. The shell keeps the block it built and everything it
/// signed for a stage: after a restart the same statement is sent again, never another.
///
/// Source: `docs/protocol/slots.md`.
package struct SequencingDuty: Sendable {
    package let key: OperatorKey
    package let networkID: NetworkID
    package let slot: Slot
    package let parent: BlockID
    /// Of the block that was built, once there is one.
    package private(set) var feeShare: BasisPoints
    private var block: BuiltBlock?
    private var blockID: BlockID?
    private var vrfProof: VRFProof?
    private var treeProof: VRFProof?
    private var done: Set<Stage> = []

    private enum Stage: Hashable { case prepare, seal, open, reveal, proveTree, elect }

    package init(
        key: OperatorKey, networkID: NetworkID, slot: Slot, parent: BlockID, feeShare: BasisPoints
    ) {
        self.key = key
        self.networkID = networkID
        self.slot = slot
        self.parent = parent
        self.feeShare = feeShare
    }

    /// What the duty wants done, in order; each at most once.
    package enum Step: Hashable {
        /// Build the block and prove the claim to the slot.
        case prepare
        case seal(FernetProposal)
        case open(FernetProposal)
        case reveal(BlockReveal)
        case proveTree
        case elect(Election)
    }

    /// What the log shows at the height of the next block.
    package struct Situation: Hashable {
        package enum Phase: Hashable { case propose, open, reveal, other }
        package var phase: Phase
        package var isSealed: Bool
        package var isOpened: Bool
        package var leads: Bool
        package var isRevealed: Bool
        package var isElected: Bool

        package init(
            phase: Phase, isSealed: Bool, isOpened: Bool, leads: Bool, isRevealed: Bool,
            isElected: Bool
        ) {
            self.phase = phase
            self.isSealed = isSealed
            self.isOpened = isOpened
            self.leads = leads
            self.isRevealed = isRevealed
            self.isElected = isElected
        }
    }
}

extension SequencingDuty {
    package mutating func built(_ block: BuiltBlock) {
        guard self.block == nil else { return }
        self.block = block
        feeShare = block.feeShare
        blockID = BlockIdentity.blockID(of: block.header, networkID: networkID)
    }

    package mutating func vrfProved(_ purpose: VRFRequest.Purpose, _ proof: VRFProof) {
        switch purpose {
        case .fernet: vrfProof = vrfProof ?? proof
        case .tree: treeProof = treeProof ?? proof
        case .register: break
        }
    }

    package mutating func advance(_ situation: Situation) -> [Step] {
        switch situation.phase {
        case .propose: propose(situation)
        case .open: openProposal(situation)
        case .reveal: revealBlock(situation)
        case .other: []
        }
    }

    private mutating func propose(_ situation: Situation) -> [Step] {
        if first(.prepare) { return [.prepare] }
        guard !situation.isSealed, let proposal, first(.seal) else { return [] }
        return [.seal(proposal)]
    }

    /// After a restart the block and its claim are prepared again: the shell has kept both.
    private mutating func openProposal(_ situation: Situation) -> [Step] {
        guard situation.isSealed, !situation.isOpened else { return [] }
        if first(.prepare) { return [.prepare] }
        guard let proposal, first(.open) else { return [] }
        return [.open(proposal)]
    }

    private mutating func revealBlock(_ situation: Situation) -> [Step] {
        guard situation.leads else { return [] }
        if first(.prepare) { return [.prepare] }
        guard let block, let blockID else { return [] }
        var steps: [Step] = []
        if !situation.isRevealed, first(.reveal) {
            steps.append(.reveal(BlockReveal(header: block.header, body: block.body)))
        }
        // An empty block is final by its reveal: there is nobody to elect.
        guard block.header.leafCount > 0, !situation.isElected else { return steps }
        if first(.proveTree) { steps.append(.proveTree) }
        if let treeProof, first(.elect) {
            steps.append(.elect(Election(slot: slot, blockID: blockID, vrfProof: treeProof)))
        }
        return steps
    }

    private mutating func first(_ stage: Stage) -> Bool { done.insert(stage).inserted }

    private var proposal: FernetProposal? {
        guard let block, let vrfProof else { return nil }
        return FernetProposal(
            slot: slot, parent: parent, blockCommitment: block.header.commitment,
            feeShare: feeShare, vrfProof: vrfProof)
    }
}
