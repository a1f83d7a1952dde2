import Cryptography
package import NodeProofs
package import Payments
import PaymentsCircuit
package import Primitives
import Synchronization

/// A block of `leafCount` leaves with one payment each, and provers for its tree. Equal blocks are
/// proven once for a test process.
package struct ProvenBlock: Sendable {
    package static let networkID = TinyCircuits.networkID
    private static let proofs = Mutex<[LeavesAndNode: [UInt8]]>([:])

    private struct LeavesAndNode: Hashable {
        let leafCount: Int
        let node: LeafRange
    }

    package let block: ExecutedBlock
    package let header: BlockHeader
    package let blockID: BlockID
    package let circuits: ProvingCircuits
    package let provers: [OperatorKey]

    package init(leafCount: Int) throws {
        circuits = try TinyCircuits.get()
        let parameters = circuits.leaf.parameters
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
        provers = (1...4).map { OperatorKey(Bytes32(words: $0, 2, 3, 4)) }
    }

    package var root: LeafRange { LeafRange(first: 0, count: block.leaves.count)! }
    package var verifier: NodeVerifier { circuits.verifier }

    /// Leaf `j` is proven by prover `j mod 4`, a merge of `n` leaves from `f` by `(n + f) mod 4`.
    package func prover(of range: LeafRange) -> OperatorKey {
        provers[(range.isLeaf ? range.first : range.first + range.count) % provers.count]
    }

    package func core(of prover: OperatorKey) -> ProvingCore {
        ProvingCore(networkID: Self.networkID, prover: prover, circuits: circuits)
    }

    package func prove(_ range: LeafRange) throws -> [UInt8] {
        let name = LeavesAndNode(leafCount: block.leaves.count, node: range)
        if let proof = Self.proofs.withLock({ $0[name] }) { return proof }
        let core = core(of: prover(of: range))
        let proof: [UInt8]
        if range.isLeaf {
            proof = try core.proveLeaf(
                block.leaves[range.first], of: header, control: .unattended)
        } else {
            let (left, right) = Self.children(of: range)
            proof = try core.proveMerge(
                prove(left), prove(right), of: header, control: .unattended)
        }
        Self.proofs.withLock { $0[name] = proof }
        return proof
    }

    package func expectation(
        _ range: LeafRange, prover: OperatorKey? = nil
    ) -> NodeExpectation? {
        NodeExpectation(node: range, of: block, blockID: blockID, prover: prover)
    }

    /// Every node of the tree, written out by the protocol's definition.
    package static func nodes(leafCount: Int) -> Set<LeafRange> {
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

    package static func children(of range: LeafRange) -> (LeafRange, LeafRange) {
        var half = 1
        while half * 2 < range.count { half *= 2 }
        return (
            LeafRange(first: range.first, count: half)!,
            LeafRange(first: range.first + half, count: range.count - half)!
        )
    }
}
