import Circuit
import Cryptography
import Field
import Hash
import IOP
import Payments
import PaymentsCircuit
import Primitives
import Recursion

/// What the vectors of a profile are proofs of: a block of two leaves of one payment each, and the
/// circuits of its tree.
struct VectorBlock: Sendable {
    let circuit: LeafCircuit
    /// The rows of `circuit`.
    let table: LeafTable
    let merge: MergeCircuit
    private let parameters: RollupParameters
    private let leaves: [ExecutedLeaf]
    private let header: BlockHeader

    private static let networkID = NetworkID(genesisNonce: Array("vectors".utf8))

    init(_ profile: VectorProfile) throws {
        parameters = try RollupParameters(
            networkID: Self.networkID, accountTreeDepth: 4, keyTreeHeight: 4, leafCapacity: 1,
            maximumLeafCount: 4)
        circuit = try LeafCircuit(parameters: parameters, profile: profile.profile)
        table = try LeafTable(parameters: parameters, degreeBits: profile.profile.degreeBits)
        merge = try MergeCircuit(leafKey: circuit.verifyingKey)
        let block = try Self.block(parameters)
        leaves = block.leaves
        header = block.header(slot: Slot(7), round: 0, parent: BlockID(.zero), bodyHash: .zero)
    }

    private static func block(_ parameters: RollupParameters) throws -> ExecutedBlock {
        var wallet = try Wallet(
            seed: Bytes32(words: 1, 1, 1, 1), keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        let state = try RollupState(
            accounts: [
                Account(openedBy: wallet.authenticationKey, balance: Amount(units: 1_000_000))
            ], parameters: parameters)
        let payments = try (0..<2).map { index in
            try wallet.sign(
                PaymentOrder(
                    recipient: 0, recipientKey: nil, amount: Amount(units: 5),
                    fee: Amount(units: UInt64(index) + 1), nonce: UInt64(index)))
        }
        return try BlockExecutor.execute(payments, on: state)
    }

    /// The honest input of the circuit of leaves.
    func input(_ index: Int) -> LeafInput {
        LeafInput(
            leaf: leaves[index], header: header, parameters: parameters,
            prover: prover(ofLeaf: index))
    }

    func provenLeaf(_ index: Int) throws -> ProvenNode {
        let prover = prover(ofLeaf: index)
        let blockID = BlockIdentity.blockID(of: header, networkID: Self.networkID)
        return ProvenNode(
            statement: NodeStatement(leaf: leaves[index], blockID: blockID, prover: prover),
            proofBytes: try circuit.prove(
                leaves[index], of: header, prover: prover, progress: { _, _ in },
                isCancelled: { false }))
    }

    /// Of both leaves.
    func provenMerge(_ leaves: [ProvenNode]) throws -> ProvenNode {
        try merge.prove(leaves[0], leaves[1], prover: Self.mergeProver)
    }

    /// The input of the circuit of merges, for any two children and under any own key.
    func input(
        _ left: MergeInput.Child, _ right: MergeInput.Child, ownKey: HashOutput
    ) -> MergeInput {
        MergeInput(
            left: left, right: right,
            proverID: HashOutput(BlockIdentity.proverID(of: Self.mergeProver)), ownKey: ownKey)
    }

    private static let mergeProver = MergeFixture.prover(3)

    private func prover(ofLeaf index: Int) -> OperatorKey {
        MergeFixture.prover(UInt8(index + 1))
    }
}
