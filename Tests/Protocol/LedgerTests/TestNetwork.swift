import Cryptography
import Ledger
import Primitives
import ProverElection
import Sequencing
import TestSupport

/// A small network file to be changed by a test.
struct TestRules {
    var scoreRule = FernetScoreRule.literal
    var weighting = LeafWeighting.uniform
    var leafWeight: UInt32 = 1
    var mergeWeight: UInt32 = 1
    var forfeit = UnitReward.Forfeit.burn
    var firstSlotHeight: UInt64 = 1
    var lag: UInt64 = 2
    var blockReward = Amount(units: 128 * LedgerWorld.ide)
    var minimumStake = Amount(units: 100 * LedgerWorld.ide)
    var fee = Amount(units: 10)
    var accountFee = Amount.zero
    var exitDelayTicks: UInt64 = 100
    var evidenceExpiryTicks: UInt64 = 100
    var provingTicks: UInt64 = 40
    var ladderProvingTicks: UInt64 = 40
    var maximumLeaves = 8
    var otherRules = Digest.zero

    func rules() throws -> LedgerRules {
        try LedgerRules(
            networkID: LedgerWorld.networkID,
            sequencing: FernetSequencing(
                parameters: FernetParameters(
                    proposeTicks: 2, openTicks: 2, revealTicks: 2, provingTicks: provingTicks),
                scoreRule: scoreRule),
            assignment: TreeAssignmentRule(
                election: TreeElectionParameters(weighting: weighting),
                ladder: LadderParameters(
                    leafTicks: 4, mergeTicks: 2, stepTicks: 2, provingTicks: ladderProvingTicks,
                    maximumLeafCount: 8)),
            reward: UnitReward(
                leafWeight: leafWeight, mergeWeight: mergeWeight, forfeit: forfeit)!,
            penalties: PenaltyTable(
                equivocation: BasisPoints(1_000)!, noReveal: BasisPoints(100)!,
                reporterShare: BasisPoints(500)!),
            fees: FeeSchedule(
                transfer: fee, register: fee, intents: fee, proofCommitment: fee, rootProof: fee,
                evidence: fee, exit: fee, account: accountFee),
            stakes: StakeRules(
                sequencerMinimum: minimumStake, builderMinimum: minimumStake,
                proverMinimum: minimumStake, ejection: BasisPoints(5_000)!,
                exitDelayTicks: exitDelayTicks),
            firstSlotHeight: Height(firstSlotHeight), lag: lag, blockReward: blockReward,
            leafCapacity: 2, maximumLeaves: maximumLeaves,
            evidenceExpiryTicks: evidenceExpiryTicks, otherRules: otherRules)
    }
}

/// A genesis with three sequencers, four provers and their offers.
struct TestGenesis {
    var stake = Amount(units: 100 * LedgerWorld.ide)
    var sequencers = LedgerWorld.sequencers
    var provers = LedgerWorld.provers
    var intent = Intent(
        sequence: 1, firstSlot: Slot(0), lastSlot: Slot(.max), capacity: 64,
        minFeePerUnit: .zero)
    var hasOffers = true
    var rollupSupply = Amount(units: 1_000_000)
    var balance = Amount(units: 1_000 * LedgerWorld.ide)

    var genesis: Genesis {
        let registrants =
            sequencers.map { (Role.sequencer, $0) }.sorted { $0.1.key < $1.1.key }
            + provers.map { (Role.prover, $0) }.sorted { $0.1.key < $1.1.key }
        let offers = provers.map(\.key).sorted().map { Genesis.Offer(key: $0, intent: intent) }
        return Genesis(
            accounts: (LedgerWorld.provers + [LedgerWorld.faucet]).map(\.key).sorted().map {
                Genesis.Account(key: $0, balance: balance)
            },
            registrants: registrants.map {
                Genesis.Registrant(role: $0, key: $1.key, vrfKey: $1.vrfKey, stake: stake)
            },
            offers: hasOffers ? offers : [], beacon: Beacon(Bytes32(words: 1, 2, 3, 4)),
            rollupBlockID: BlockID(LedgerWorld.digest(40)),
            rollupStateRoot: LedgerWorld.digest(41), rollupSupply: rollupSupply,
            settlementAuthority: LedgerWorld.faucet.key)
    }
}
