import Cryptography
import Gossip
import NodeCore
import Payments
import Primitives
import ProofTree
import ProverElection
import TestSupport
import Testing
import VRF

/// A block of four leaves, elected among four provers or more, and one prover's duty in it.
struct ProvingFixture {
    static let networkID = NetworkID(genesisNonce: [5])
    static let executed = Result { try makeExecuted() }
    static let keys = (0..<14).map { TestOperator.key($0) }

    let executed: ExecutedBlock
    let assignment: TreeAssignment
    let ladder: Ladder
    let header: BlockHeader
    /// The block is revealed at this height, the duty starts after it.
    static let revealed = Height(10)

    init(seed: UInt8 = 9, proverCount: Int = 4) throws {
        executed = try Self.executed.get()
        let seed = try #require(VRFOutput([UInt8](repeating: seed, count: VRFOutput.byteCount)))
        assignment = try TreeElection.assign(
            seed: seed,
            pool: Self.keys.prefix(proverCount).map {
                PoolMember(
                    key: $0, stake: Amount(units: 1), capacity: UInt64(max(1, 4 / proverCount)))
            },
            leafCount: executed.leaves.count,
            parameters: TreeElectionParameters(weighting: .uniform))
        ladder = Ladder(
            parameters: try LadderParameters(
                leafTicks: 4, mergeTicks: 2, stepTicks: 2, provingTicks: 40,
                maximumLeafCount: 4), revealHeight: Self.revealed)
        header = executed.header(
            slot: Slot(1), round: 0, parent: BlockID(.zero),
            bodyHash: BlockHeader.bodyHash(ofEncodedBody: []))
    }

    func duty(of key: OperatorKey, takesPart: Bool = true) -> ProvingDuty {
        ProvingDuty(
            key: key, slot: Slot(1),
            blockID: BlockIdentity.blockID(of: header, networkID: Self.networkID),
            header: header, executed: executed, assignment: assignment, ladder: ladder,
            height: Self.revealed.advanced(by: 1), takesPart: takesPart)
    }

    var leaves: [LeafRange] { assignment.shape.leaves }
    var root: LeafRange { assignment.shape.root }

    func prover(of node: LeafRange) throws -> OperatorKey {
        try #require(assignment.prover(of: node))
    }

    func sibling(of node: LeafRange) throws -> OperatorKey {
        try #require(assignment.sibling(of: node))
    }

    /// A merge of two leaves whose two children are elected to two provers.
    func merge() throws -> (node: LeafRange, left: LeafRange, right: LeafRange) {
        let node = try #require(assignment.shape.merges.first)
        let children = try #require(assignment.shape.children(of: node))
        return (node, children.left, children.right)
    }

    func proof(_ number: Int) -> ProvenProof {
        ProvenProof(hash: TestOperator.digest(number), byteCount: 1_000)
    }

    func commitment(_ node: LeafRange, _ number: Int, by prover: OperatorKey) -> ProofCommitment {
        ProofCommitment(
            slot: Slot(1), range: node,
            commitment: ProofCommitment.commitment(
                proofHash: TestOperator.digest(number), prover: prover))
    }

    func announcement(_ node: LeafRange, _ number: Int) -> ProofAnnouncement {
        ProofAnnouncement(
            slot: Slot(1), range: node, proofHash: TestOperator.digest(number),
            byteCount: 1_000, server: [UInt8(number)])
    }

    private static func makeExecuted() throws -> ExecutedBlock {
        let parameters = try RollupParameters(
            networkID: networkID, accountTreeDepth: 10, keyTreeHeight: 4, leafCapacity: 1,
            maximumLeafCount: 4)
        var wallet = try Wallet(
            seed: taggedHash("test-wallet").rawBytes, keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        let account = Account(
            openedBy: wallet.authenticationKey, balance: Amount(units: 1_000_000))
        let state = try RollupState(accounts: [account], parameters: parameters)
        let payments = try (0..<4).map { nonce in
            try wallet.sign(
                PaymentOrder(
                    recipient: 0, recipientKey: nil, amount: Amount(units: 1),
                    fee: Amount(units: 10), nonce: UInt64(nonce)))
        }
        return try BlockExecutor.execute(payments, on: state)
    }
}

extension ProvingDuty.Step {
    /// Short, and comparable by tests: `prove 0+1`, `obtain 0+1 of <prover>`, …
    var text: String {
        switch self {
        case .prove(let task): "prove \(task.range)"
        case .obtain(let request): "obtain \(request.range) of \(request.prover.hex)"
        case .publish(let range, _): "publish \(range)"
        case .submitRoot: "submit root"
        }
    }

    var task: ProvingTask? { if case .prove(let task) = self { task } else { nil } }
    var request: ProofRequest? { if case .obtain(let request) = self { request } else { nil } }
}
