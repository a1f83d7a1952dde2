import Cryptography
import Gossip
import Ledger
import Mempool
import Messages
import NodeCore
import Payments
import Primitives
import ProverElection
import SansIO
import Sequencing
import TestSupport
import Testing
import VRF

/// One observing node, its log and a peer that sends it gossip; another listens to what it passes
/// on. What tests call in loops is not inlined: loop hoisting in Swift 6.3.1 crashes on it.
struct NodeWorld {
    enum Outcome: Hashable {
        case passedOn
        /// Kept, and neither passed on nor refused.
        case held
        case rejected(NodeDrop)
        case ignored(NodeDrop)
        /// Refused before anybody looked inside.
        case refusedByRouter
    }

    static let networkID = NetworkID(genesisNonce: [11])
    static let authority = TestOperator("authority")
    static let stranger = TestOperator("stranger")
    static let sequencers = ["s0", "s1"].map(TestOperator.init)
    static let provers = ["p0", "p1"].map(TestOperator.init)
    static let stake = Amount(units: 100 * Amount.unitsPerIDE)

    struct Halted: Error { let reason: String }

    var machine: NodeMachine
    /// What the node wanted done at the last tick.
    private(set) var effects: [NodeEffect] = []
    private(set) var blocks: [LogBlock] = []
    /// Of the last folded block.
    private(set) var lastHeader: LogHeader?
    private var pending: [LedgerTransaction] = []
    private let sender = GossipPeer(bytes: [1])
    private let listener = GossipPeer(bytes: [2])

    /// What the node wanted on the log in the last `tick`.
    var submissions: [Submission] {
        effects.compactMap { if case .submit(let submission) = $0 { submission } else { nil } }
    }

    /// - Parameters:
    ///   - joining: what the node is to register as.
    ///   - accounts: of the rollup; their keys have height 4.
    init(
        roles: NodeRoles = .observer, owner: TestOperator = NodeWorld.stranger,
        joining: JoinOrder? = nil, accounts: [Account] = []
    ) throws {
        let rollup = try RollupState(
            accounts: accounts,
            parameters: RollupParameters(
                networkID: Self.networkID, accountTreeDepth: 10, keyTreeHeight: 4,
                leafCapacity: 2, maximumLeafCount: 4))
        let supply = Amount(units: accounts.reduce(0) { $0 + $1.balance.units })
        let identity = NodeIdentity(
            networkID: Self.networkID, key: owner.key,
            peer: GossipPeer(bytes: [9]), roles: roles)
        machine = NodeMachine(
            identity: identity,
            parameters: NodeParameters(
                feeShare: .zero, capacity: 1, minFeePerUnit: .zero, joining: joining),
            ledger: try LedgerState(
                genesis: Self.genesis(stateRoot: rollup.root, supply: supply), rules: Self.rules()),
            settlementAuthority: Self.authority.key, rollupGenesis: rollup,
            router: GossipRouter(
                parameters: .standard(seenLifetime: .seconds(120)), seed: 1,
                startingAt: .origin,
                identify: GossipRouter.groveIdentify(networkID: Self.networkID)),
            mempool: PaymentPool(parameters: .standard(minimumFee: .zero)))
        connect()
    }

    private mutating func connect() {
        _ = machine.subscribe(at: .origin)
        for peer in [sender, listener] {
            _ = machine.handle(
                .peerConnected(peer, isOutbound: true, understandsDontWant: false), at: .origin)
        }
        let topics = Topic.allCases.map { $0.wireName(networkID: Self.networkID) }
        var rpc = GossipRPC()
        rpc.subscriptions = topics.map { .init(topic: $0, isSubscribing: true) }
        rpc.grafts = topics
        _ = machine.handle(
            .gossipReceived(from: listener, rpcBytes: rpc.encoded()), at: .origin)
    }

    // MARK: The log

    mutating func submit(_ body: LedgerBody, by sender: TestOperator) {
        let waiting = pending.count { $0.key == sender.key }
        pending.append(
            Self.transaction(
                body, by: sender,
                nonce: machine.ledger.nonce(of: sender.key) + UInt64(waiting) + 1))
    }

    mutating func submit(_ transaction: LedgerTransaction) { pending.append(transaction) }

    static func transaction(
        _ body: LedgerBody, by sender: TestOperator, nonce: UInt64 = 1,
        networkID: NetworkID = NodeWorld.networkID
    ) -> LedgerTransaction {
        MessageCodec.transaction(
            body, networkID: networkID, key: sender.key, nonce: nonce,
            sign: { sender.signing.sign($0) })
    }

    /// Folds what was submitted as the next log block; every reveal executes.
    @inline(never)
    mutating func tick() throws {
        let header = LogHeader(
            height: machine.ledger.nextHeight, timeMilliseconds: 0,
            previousHash: machine.ledger.previousHash,
            transactionsHash: LogHeader.transactionsHash(of: pending))
        let block = LogBlock(
            header: Self.signed(header, by: Self.authority), transactions: pending)
        lastHeader = header
        pending = []
        try fold(block)
    }

    /// Folds what another world's log holds.
    @inline(never)
    mutating func fold(_ block: LogBlock) throws {
        blocks.append(block)
        effects = []
        for effect in machine.handle(.logBlock(block), at: .origin) {
            guard case .judge(_, let judgements, _) = effect else { continue }
            var verdicts = LedgerVerdicts.none
            for judgement in judgements { verdicts.reveals[judgement.transactionID] = .executes }
            effects += machine.handle(
                .logJudged(
                    height: block.height, LogJudgement(verdicts: verdicts, executed: [:])),
                at: .origin)
        }
        if let reason = machine.haltReason { throw Halted(reason: reason) }
    }

    static func signed(_ header: LogHeader, by signer: TestOperator) -> SignedLogHeader {
        SignedLogHeader(
            header: header,
            signature: signer.signing.sign(header.signedBytes(networkID: networkID)))
    }

    /// Seals and opens both sequencers' proposals of `header`, up to `phase`.
    @inline(never)
    mutating func reach(_ phase: FernetPhase) throws {
        while machine.ledger.phase != .propose { try tick() }
        if phase == .propose { return }
        let proposals = try Self.sequencers.map { try proposal(by: $0) }
        for (sequencer, proposal) in zip(Self.sequencers, proposals) {
            let seal = FernetProposal.sealingHash(
                networkID: Self.networkID, key: sequencer.key,
                bodyBytes: MessageCodec.encode(.fernetProposal(proposal)))
            submit(
                .fernetCommit(FernetCommit(slot: proposal.slot, proposalHash: seal)),
                by: sequencer)
        }
        while machine.ledger.phase != .open { try tick() }
        if phase == .open { return }
        for (sequencer, proposal) in zip(Self.sequencers, proposals) {
            submit(.fernetProposal(proposal), by: sequencer)
        }
        while machine.ledger.phase != phase { try tick() }
    }

    var slot: SlotState {
        get throws { try #require(machine.ledger.slot) }
    }

    var leader: TestOperator {
        get throws {
            let key = try #require(try slot.leader)
            return try #require(Self.sequencers.first { $0.key == key })
        }
    }

    var follower: TestOperator {
        get throws {
            let key = try #require(try slot.leader)
            return try #require(Self.sequencers.first { $0.key != key })
        }
    }

    // MARK: Messages

    /// An empty block on what is final.
    @inline(never)
    func header() throws -> BlockHeader {
        let slot = try slot
        return BlockHeader(
            slot: slot.slot, round: 0, parent: slot.parent.blockID,
            stateBefore: slot.parent.stateRoot, stateAfter: slot.parent.stateRoot,
            paymentRoot: .zero, leafCount: 0, feeSum: .zero,
            bodyHash: BlockHeader.bodyHash(ofEncodedBody: []))
    }

    @inline(never)
    func blockID() throws -> BlockID {
        BlockIdentity.blockID(of: try header(), networkID: Self.networkID)
    }

    @inline(never)
    func proposal(
        by sequencer: TestOperator, slot number: Slot? = nil, parent: BlockID? = nil,
        feeShare: UInt64 = 5_000, claimant: TestOperator? = nil
    ) throws -> FernetProposal {
        let slot = try slot
        let input = FernetElection.vrfInput(
            networkID: Self.networkID, slot: slot.slot, beacon: slot.beacon)
        return FernetProposal(
            slot: number ?? slot.slot, parent: parent ?? slot.parent.blockID,
            blockCommitment: try header().commitment,
            feeShare: try #require(BasisPoints(feeShare)),
            vrfProof: (claimant ?? sequencer).vrf.prove(input).proof)
    }

    @inline(never)
    func election(of blockID: BlockID, by sequencer: TestOperator) throws -> Election {
        let slot = try slot
        let input = TreeElection.vrfInput(
            networkID: Self.networkID, slot: slot.slot, beacon: slot.beacon)
        return Election(
            slot: slot.slot, blockID: blockID, vrfProof: sequencer.vrf.prove(input).proof)
    }

    /// What the node does with `message`. `forger` signs in place of `author`.
    @inline(never)
    mutating func hear(
        _ message: GossipMessage, by author: TestOperator, forger: TestOperator? = nil
    ) -> Outcome {
        hear(
            MessageCodec.encode(message), on: message.topic, by: author, forger: forger,
            networkID: Self.networkID)
    }

    /// What the node does with a body of any bytes, signed for the network `networkID`.
    @inline(never)
    mutating func hear(
        _ bodyBytes: [UInt8], on topic: Topic, by author: TestOperator,
        forger: TestOperator? = nil, networkID: NetworkID = NodeWorld.networkID
    ) -> Outcome {
        let signedBytes = GossipEnvelope.signedBytes(
            networkID: networkID, topic: topic, bodyBytes: bodyBytes)
        let envelope = GossipEnvelope(
            networkID: networkID, topic: topic, bodyBytes: bodyBytes, key: author.key,
            signature: (forger ?? author).signing.sign(signedBytes))
        return hear(data: MessageCodec.encode(envelope), on: topic)
    }

    /// What the node does with an envelope of any bytes.
    @inline(never)
    mutating func hear(data: [UInt8], on topic: Topic) -> Outcome {
        var rpc = GossipRPC()
        rpc.publications = [
            GossipPublication(topic: topic.wireName(networkID: Self.networkID), data: data)
        ]
        let effects = machine.handle(
            .gossipReceived(from: sender, rpcBytes: rpc.encoded()), at: .origin)
        var drop: NodeDrop?
        var isPenalised = false
        var isPassedOn = false
        for effect in effects {
            switch effect {
            case .count(let reason): drop = reason
            case .penalise: isPenalised = true
            case .sendGossip(to: listener, _): isPassedOn = true
            default: break
            }
        }
        if let drop, machine.haltReason == nil {
            return isPenalised ? .rejected(drop) : .ignored(drop)
        }
        if isPenalised { return .refusedByRouter }
        return isPassedOn ? .passedOn : .held
    }

    // MARK: Genesis

    private static func genesis(stateRoot: FieldDigest, supply: Amount) -> Genesis {
        let members =
            sequencers.map { (Role.sequencer, $0) }.sorted { $0.1.key < $1.1.key }
            + provers.map { (Role.prover, $0) }.sorted { $0.1.key < $1.1.key }
        return Genesis(
            accounts: members.map(\.1.key).sorted().map {
                Genesis.Account(key: $0, balance: stake)
            },
            registrants: members.map {
                Genesis.Registrant(
                    role: $0, key: $1.key, vrfKey: $1.vrf.publicKey, stake: stake)
            },
            offers: provers.map(\.key).sorted().map {
                Genesis.Offer(
                    key: $0,
                    intent: Intent(
                        sequence: 3, firstSlot: Slot(0), lastSlot: Slot(100), capacity: 4,
                        minFeePerUnit: .zero))
            },
            beacon: Beacon(TestOperator.digest(1).rawBytes), rollupBlockID: BlockID(.zero),
            rollupStateRoot: stateRoot, rollupSupply: supply,
            settlementAuthority: authority.key)
    }

    private static func rules() throws -> LedgerRules {
        let fee = Amount(units: 10)
        return try LedgerRules(
            networkID: networkID,
            sequencing: FernetSequencing(
                parameters: FernetParameters(
                    proposeTicks: 3, openTicks: 3, revealTicks: 3, provingTicks: 40),
                scoreRule: .literal),
            assignment: TreeAssignmentRule(
                election: TreeElectionParameters(weighting: .uniform),
                ladder: LadderParameters(
                    leafTicks: 4, mergeTicks: 2, stepTicks: 2, provingTicks: 40,
                    maximumLeafCount: 4)),
            reward: #require(UnitReward(leafWeight: 1, mergeWeight: 1, forfeit: .burn)),
            penalties: PenaltyTable(
                equivocation: #require(BasisPoints(1_000)),
                noReveal: #require(BasisPoints(100)),
                reporterShare: #require(BasisPoints(500))),
            fees: FeeSchedule(
                transfer: fee, register: fee, intents: fee, proofCommitment: fee,
                rootProof: fee, evidence: fee, exit: fee, account: fee),
            stakes: StakeRules(
                sequencerMinimum: stake, builderMinimum: stake, proverMinimum: stake,
                ejection: #require(BasisPoints(5_000)), exitDelayTicks: 100),
            firstSlotHeight: Height(1), lag: 2, blockReward: .zero, leafCapacity: 2,
            maximumLeaves: 4, evidenceExpiryTicks: 100, otherRules: .zero)
    }
}
