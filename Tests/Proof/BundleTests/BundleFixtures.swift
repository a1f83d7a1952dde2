import Bundle
import Cryptography
import Field
import Payments
import Primitives
import Testing

/// A leaf proof system whose proof is a digest of the statement: enough to tell whether the right
/// statement was asked about, and fast.
struct DigestLeafSystem: LeafProofSystem {
    struct Refusal: Error {}

    func prove(
        _ leaf: ExecutedLeaf, of header: BlockHeader, prover: OperatorKey, control: ProvingControl
    ) throws -> [UInt8] {
        let blockID = BlockIdentity.blockID(of: header, networkID: ProvenBlock.networkID)
        return Self.digest(NodeStatement(leaf: leaf, blockID: blockID, prover: prover))
    }

    func verify(_ proof: [UInt8], of statement: NodeStatement) throws {
        guard proof == Self.digest(statement) else { throw Refusal() }
    }

    private static func digest(_ statement: NodeStatement) -> [UInt8] {
        let inputs = statement.publicInputs.map { HashField.integer($0.canonical) }
        return taggedHash("test-leaf", inputs).bytes
    }
}

/// Somebody who proves.
struct TestProver {
    let key: OperatorKey
    let core: BundleProvingCore

    init(
        _ number: UInt8, networkID: NetworkID,
        leafSystem: any LeafProofSystem = DigestLeafSystem()
    ) throws {
        let seed = [UInt8](repeating: number, count: 32)
        let key = OperatorKey(try SigningKey(seed: SecretBytes(copying: seed)).publicKey)
        self.key = key
        core = BundleProvingCore(
            networkID: networkID, prover: key, leafSystem: leafSystem,
            sign: { message in
                do {
                    return try SigningKey(seed: SecretBytes(copying: seed)).sign(message)
                } catch {
                    preconditionFailure("\(error)")
                }
            })
    }
}

/// A block of `leafCount` leaves with one payment each, and provers for its tree.
struct ProvenBlock {
    static let networkID = NetworkID(genesisNonce: [1, 2, 3])

    let block: ExecutedBlock
    let header: BlockHeader
    let blockID: BlockID
    let provers: [TestProver]

    static func parameters() throws -> RollupParameters {
        try RollupParameters(
            networkID: networkID, accountTreeDepth: 4, keyTreeHeight: 4, leafCapacity: 1,
            maximumLeafCount: 16)
    }

    init(leafCount: Int, leafSystem: any LeafProofSystem = DigestLeafSystem()) throws {
        let parameters = try Self.parameters()
        var wallet = try Wallet(
            seed: Bytes32(words: 1, 1, 1, 1), keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        let state = try RollupState(
            accounts: [
                Account(
                    openedBy: wallet.authenticationKey, balance: Amount(units: 1_000_000))
            ], parameters: parameters)
        let payments = try (0..<leafCount).map { index in
            try wallet.sign(
                PaymentOrder(
                    recipient: 0, recipientKey: nil, amount: Amount(units: 5),
                    fee: Amount(units: UInt64(index) + 1), nonce: UInt64(index)))
        }
        block = try BlockExecutor.execute(payments, on: state)
        header = BlockHeader(
            slot: Slot(7), round: 0, parent: BlockID(.zero), stateBefore: state.root,
            stateAfter: block.after.root, paymentRoot: block.paymentRoot,
            leafCount: leafCount, feeSum: block.feeSum, bodyHash: .zero)
        blockID = BlockIdentity.blockID(of: header, networkID: Self.networkID)
        provers = try (1...4).map {
            try TestProver($0, networkID: Self.networkID, leafSystem: leafSystem)
        }
    }

    /// Leaf `j` is proven by prover `j mod 4`, a merge of `n` leaves from `f` by `(n + f) mod 4`.
    func prover(of range: LeafRange) -> TestProver {
        provers[(range.isLeaf ? range.first : range.first + range.count) % provers.count]
    }

    func prove(_ range: LeafRange) throws -> [UInt8] {
        let core = prover(of: range).core
        if range.isLeaf {
            return try core.proveLeaf(
                block.leaves[range.first], of: header, control: .unattended)
        }
        let (left, right) = Self.children(of: range)
        return try core.proveMerge(
            try prove(left), try prove(right), of: header, control: .unattended)
    }

    var root: LeafRange { LeafRange(first: 0, count: block.leaves.count)! }
    var verifier: BundleVerifier { BundleVerifier(leafVerifier: DigestLeafSystem()) }

    func expectation(_ range: LeafRange, prover: OperatorKey? = nil) -> NodeExpectation? {
        NodeExpectation(node: range, of: block, blockID: blockID, prover: prover)
    }

    /// Every node of the tree, written out by the protocol's definition.
    static func nodes(leafCount: Int) -> Set<LeafRange> {
        var nodes: Set<LeafRange> = []
        var width = 1
        while true {
            for first in stride(from: 0, to: leafCount, by: width) {
                nodes.insert(LeafRange(first: first, count: min(width, leafCount - first))!)
            }
            if width >= leafCount { return nodes }
            width *= 2
        }
    }

    static func children(of range: LeafRange) -> (LeafRange, LeafRange) {
        var half = 1
        while half * 2 < range.count { half *= 2 }
        return (
            LeafRange(first: range.first, count: half)!,
            LeafRange(first: range.first + half, count: range.count - half)!
        )
    }
}

/// The error that `body` throws, nil where it throws none.
func refusal(_ body: () throws -> Void) -> BundleError? {
    do {
        try body()
        return nil
    } catch {
        let refusal = error as? BundleError
        #expect(refusal != nil, "\(error)")
        return refusal
    }
}
