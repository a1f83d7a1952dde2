package import Cryptography
package import Primitives
package import ProverElection
internal import Sequencing

/// The choices of a network: what its file says, without addresses.
package struct LedgerRules: Hashable, Sendable {
    package let networkID: NetworkID
    package let sequencing: FernetSequencing
    package let assignment: TreeAssignmentRule
    package let reward: UnitReward
    package let penalties: PenaltyTable
    package let fees: FeeSchedule
    package let stakes: StakeRules
    /// The height at which slot 0 opens.
    package let firstSlotHeight: Height
    /// Slot s uses `beacon[max(0, s − lag)]` and admits what was registered before slot
    /// `s − 2·lag` opened.
    package let lag: UInt64
    /// Minted when a block that is not empty becomes final.
    package let blockReward: Amount
    /// Payments of one leaf.
    package let leafCapacity: Int
    /// Leaves of one block.
    package let maximumLeaves: Int
    /// Ticks after a slot's opening for which evidence about it counts.
    package let evidenceExpiryTicks: UInt64
    /// Hash of the network's rules that are not the ledger's: proof profile, tree heights, tick.
    /// It is in the policy hash, so that nodes which differ in them part.
    package let otherRules: Digest

    /// Throws where the parts do not fit each other.
    package init(
        networkID: NetworkID, sequencing: FernetSequencing, assignment: TreeAssignmentRule,
        reward: UnitReward, penalties: PenaltyTable, fees: FeeSchedule,
        stakes: StakeRules,
        firstSlotHeight: Height, lag: UInt64, blockReward: Amount, leafCapacity: Int,
        maximumLeaves: Int, evidenceExpiryTicks: UInt64, otherRules: Digest
    ) throws(LedgerRulesError) {
        guard lag <= BeaconChain.maximumLag else {
            throw .lag(found: lag, maximum: BeaconChain.maximumLag)
        }
        guard (1...LeafRange.maximumLeafCount).contains(maximumLeaves) else {
            throw .leaves(found: maximumLeaves, maximum: LeafRange.maximumLeafCount)
        }
        guard leafCapacity >= 1 else { throw .leafCapacity(found: leafCapacity) }
        guard (1...LedgerParameters.maximumTicks).contains(evidenceExpiryTicks) else {
            throw .evidenceExpiry(
                found: evidenceExpiryTicks, maximum: LedgerParameters.maximumTicks)
        }
        try Self.check(
            exitDelay: stakes.exitDelayTicks,
            atLeast: max(2 * sequencing.parameters.longestSlotTicks, evidenceExpiryTicks))
        try Self.check(assignment.ladder, against: sequencing, maximumLeaves: maximumLeaves)
        self.networkID = networkID
        self.sequencing = sequencing
        self.assignment = assignment
        self.reward = reward
        self.penalties = penalties
        self.fees = fees
        self.stakes = stakes
        self.firstSlotHeight = firstSlotHeight
        self.lag = lag
        self.blockReward = blockReward
        self.leafCapacity = leafCapacity
        self.maximumLeaves = maximumLeaves
        self.evidenceExpiryTicks = evidenceExpiryTicks
        self.otherRules = otherRules
    }

    /// Whoever leaves finishes the open slot, and pays for what evidence can still show of it.
    private static func check(
        exitDelay: UInt64, atLeast minimum: UInt64
    ) throws(LedgerRulesError) {
        let maximum = LedgerParameters.maximumTicks
        guard exitDelay >= minimum, exitDelay <= maximum else {
            throw .exitDelay(found: exitDelay, minimum: minimum, maximum: maximum)
        }
    }

    /// The ladder was made for some proving phase; this is the one that it must fit.
    private static func check(
        _ ladder: LadderParameters, against sequencing: FernetSequencing, maximumLeaves: Int
    ) throws(LedgerRulesError) {
        do {
            _ = try LadderParameters(
                leafTicks: ladder.leafTicks, mergeTicks: ladder.mergeTicks,
                stepTicks: ladder.stepTicks, provingTicks: sequencing.parameters.provingTicks,
                maximumLeafCount: maximumLeaves)
        } catch {
            throw .ladder(error)
        }
    }
}

/// A network file that cannot work: ours, or its author's.
package enum LedgerRulesError: Error, Hashable, Sendable {
    case lag(found: UInt64, maximum: UInt64)
    case leaves(found: Int, maximum: Int)
    case leafCapacity(found: Int)
    case evidenceExpiry(found: UInt64, maximum: UInt64)
    /// The least is two longest slots, and as long as evidence counts.
    case exitDelay(found: UInt64, minimum: UInt64, maximum: UInt64)
    case ladder(LadderParametersError)
}

/// What a transaction costs, burned. The kinds that only a leader or candidate can use are free.
package struct FeeSchedule: Hashable, Sendable {
    package let transfer: Amount
    package let register: Amount
    package let intents: Amount
    package let proofCommitment: Amount
    package let rootProof: Amount
    package let evidence: Amount
    package let exit: Amount
    /// What a transfer that opens an account costs besides: an account is remembered for ever.
    package let account: Amount

    package init(
        transfer: Amount, register: Amount, intents: Amount, proofCommitment: Amount,
        rootProof: Amount, evidence: Amount, exit: Amount, account: Amount
    ) {
        self.transfer = transfer
        self.register = register
        self.intents = intents
        self.proofCommitment = proofCommitment
        self.rootProof = rootProof
        self.evidence = evidence
        self.exit = exit
        self.account = account
    }

    package func fee(for kind: TransactionKind) -> Amount {
        switch kind {
        case .transfer: transfer
        case .register: register
        case .intents: intents
        case .fernetCommit, .fernetProposal, .blockReveal, .election: .zero
        case .proofCommitment: proofCommitment
        case .rootProof: rootProof
        case .evidence: evidence
        case .exit: exit
        }
    }
}

/// How much a registered key must hold.
package struct StakeRules: Hashable, Sendable {
    package let sequencerMinimum: Amount
    package let builderMinimum: Amount
    package let proverMinimum: Amount
    /// A registered key stays admitted while its stake is at least this share of the minimum, so
    /// that a small penalty does not end a validator (Ethereum's ejection balance).
    package let ejection: BasisPoints
    /// From an exit to the height with whose end the stake is paid out.
    package let exitDelayTicks: UInt64

    package init(
        sequencerMinimum: Amount, builderMinimum: Amount, proverMinimum: Amount,
        ejection: BasisPoints, exitDelayTicks: UInt64
    ) {
        self.sequencerMinimum = sequencerMinimum
        self.builderMinimum = builderMinimum
        self.proverMinimum = proverMinimum
        self.ejection = ejection
        self.exitDelayTicks = exitDelayTicks
    }

    /// Below this a registered key is not admitted.
    package func ejectionStake(for role: Role) -> Amount { minimum(for: role).share(ejection) }

    package func minimum(for role: Role) -> Amount {
        switch role {
        case .sequencer: sequencerMinimum
        case .builder: builderMinimum
        case .prover: proverMinimum
        }
    }
}
