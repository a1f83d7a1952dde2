internal import Cryptography
internal import Gossip
internal import Ledger
internal import Mempool
internal import NodeCore
internal import Payments
internal import Primitives
internal import ProverElection
internal import SansIO
internal import Sequencing
internal import VRF

/// The genesis of a simulated network: keys, stakes, accounts and rules, all out of the plan.
struct Founding: Sendable {
    let rules: LedgerRules
    let ledger: LedgerState
    let authority: SimulatedKey
    let rollup: RollupState
    let wallets: [Wallet]
    let policyHash: Digest
    private let members: [Member]

    private struct Member: Sendable {
        let role: Role
        /// Whether it is no genesis member, but has the money and joins.
        let joins: Bool
        let signer: SimulatedKey
        let vrf: SimulatedVRFKey
    }

    static let walletBalance = Amount(units: 1_000_000 * Amount.unitsPerIDE)
    static let stake = Amount(units: 100 * Amount.unitsPerIDE)

    init(plan: WorldPlan) throws {
        let networkID = NetworkID(genesisNonce: Array("simulation \(plan.seed)".utf8))
        authority = try SimulatedKey(name: "authority", number: 0)
        members = try Self.makeMembers(plan)
        let parameters = try RollupParameters(
            networkID: networkID, accountTreeDepth: 10, keyTreeHeight: 6, leafCapacity: 5,
            maximumLeafCount: 8)
        wallets = try Self.makeWallets(plan, parameters)
        rollup = try RollupState(
            accounts: wallets.map {
                Account(openedBy: $0.authenticationKey, balance: Self.walletBalance)
            }, parameters: parameters)
        rules = try Self.makeRules(networkID)
        let genesis = Self.makeGenesis(
            members: members, authority: authority.publicKey, rollup: rollup,
            walletCount: wallets.count)
        ledger = try LedgerState(genesis: genesis, rules: rules)
        policyHash = ledger.policyHash
    }

    func makeNodes(plan: WorldPlan) throws -> [SimulatedNode] {
        members.indices.map { index in
            SimulatedNode(
                machine: makeMachine(index, routerSeed: plan.seed &+ UInt64(index)),
                signer: members[index].signer, vrf: members[index].vrf)
        }
    }

    /// As a node is that has just been started: nothing is folded.
    func makeMachine(_ index: Int, routerSeed: UInt64) -> NodeMachine {
        let member = members[index]
        let peer = GossipPeer(bytes: member.signer.publicKey.bytes)
        let identity = NodeIdentity(
            networkID: rules.networkID, key: member.signer.publicKey, peer: peer,
            roles: member.role == .prover ? .prover : .sequencer)
        let router = GossipRouter(
            parameters: .standard(seenLifetime: .seconds(120)), seed: routerSeed,
            startingAt: .origin,
            identify: GossipRouter.groveIdentify(networkID: rules.networkID))
        return NodeMachine(
            identity: identity,
            parameters: NodeParameters(
                feeShare: Self.feeShare, capacity: 4, minFeePerUnit: .zero,
                joining: member.joins
                    ? JoinOrder(
                        role: member.role, vrfKey: member.vrf.publicKey, stake: Self.stake,
                        rejoins: false) : nil),
            ledger: ledger, settlementAuthority: authority.publicKey, rollupGenesis: rollup,
            router: router, mempool: PaymentPool(parameters: .standard(minimumFee: .zero)))
    }

    private static var feeShare: BasisPoints {
        guard let share = BasisPoints(5_000) else { preconditionFailure("5000 is a share") }
        return share
    }

    private static func makeMembers(_ plan: WorldPlan) throws -> [Member] {
        let genesisCount = plan.sequencerCount + plan.proverCount
        return try (0..<genesisCount + plan.joiningProverCount).map { index in
            let role: Role = index < plan.sequencerCount ? .sequencer : .prover
            return Member(
                role: role, joins: index >= genesisCount,
                signer: try SimulatedKey(name: "operator", number: index),
                vrf: try SimulatedVRFKey(name: "operator", number: index))
        }
    }

    private static func makeWallets(
        _ plan: WorldPlan, _ parameters: RollupParameters
    ) throws -> [Wallet] {
        try (0..<plan.walletCount).map { index in
            let seed = taggedHash(
                "simulated-wallet", .integer(plan.seed), .integer(UInt64(index)))
            return try Wallet(
                seed: seed.rawBytes, keyState: WalletKeyState(newAccount: UInt32(index)),
                parameters: parameters)
        }
    }

    private static func makeRules(_ networkID: NetworkID) throws -> LedgerRules {
        let fernet = try FernetParameters(
            proposeTicks: 2, openTicks: 2, revealTicks: 2, provingTicks: 60)
        let ladder = try LadderParameters(
            leafTicks: 8, mergeTicks: 3, stepTicks: 2, provingTicks: 60, maximumLeafCount: 8)
        guard let reward = UnitReward(leafWeight: 4, mergeWeight: 3, forfeit: .burn),
            let equivocation = BasisPoints(1_000), let noReveal = BasisPoints(100),
            let reporter = BasisPoints(500), let ejection = BasisPoints(5_000)
        else { preconditionFailure("the simulation's own numbers are out of range") }
        let fee = Amount(units: 1_000)
        return try LedgerRules(
            networkID: networkID,
            sequencing: FernetSequencing(parameters: fernet, scoreRule: .literal),
            assignment: TreeAssignmentRule(
                election: TreeElectionParameters(weighting: .uniform), ladder: ladder),
            reward: reward,
            penalties: PenaltyTable(
                equivocation: equivocation, noReveal: noReveal, reporterShare: reporter),
            fees: FeeSchedule(
                transfer: fee, register: fee, intents: fee, proofCommitment: fee, rootProof: fee,
                evidence: fee, exit: fee, account: fee),
            stakes: StakeRules(
                sequencerMinimum: stake, builderMinimum: stake, proverMinimum: stake,
                ejection: ejection, exitDelayTicks: 250),
            firstSlotHeight: Height(2), lag: 2,
            blockReward: Amount(units: 128 * Amount.unitsPerIDE), leafCapacity: 5,
            maximumLeaves: 8, evidenceExpiryTicks: 250, otherRules: .zero)
    }

    private static func makeGenesis(
        members: [Member], authority: OperatorKey, rollup: RollupState, walletCount: Int
    ) -> Genesis {
        let accounts = members.map {
            Genesis.Account(
                key: $0.signer.publicKey,
                balance: Amount(
                    units: 10 * Amount.unitsPerIDE + ($0.joins ? stake.units : 0)))
        }
        let registrants = members.filter { !$0.joins }.map {
            Genesis.Registrant(
                role: $0.role, key: $0.signer.publicKey, vrfKey: $0.vrf.publicKey, stake: stake)
        }
        let offers = members.filter { $0.role == .prover && !$0.joins }.map {
            Genesis.Offer(
                key: $0.signer.publicKey,
                intent: Intent(
                    sequence: 1, firstSlot: Slot(0), lastSlot: Slot(12), capacity: 4,
                    minFeePerUnit: .zero))
        }
        return Genesis(
            accounts: accounts.sorted { $0.key < $1.key },
            registrants: registrants.sorted {
                ($0.role.rawValue, $0.key) < ($1.role.rawValue, $1.key)
            },
            offers: offers.sorted { $0.key < $1.key },
            beacon: Beacon(taggedHash("simulated-beacon").rawBytes),
            rollupBlockID: BlockID(.zero), rollupStateRoot: rollup.root,
            rollupSupply: Amount(units: walletBalance.units * UInt64(walletCount)),
            settlementAuthority: authority)
    }
}
