import Bundle
import Cryptography
import Payments
import Primitives
import ProofFile

/// A leaf proof system whose proof is a hash of the statement: refuses every other statement, and
/// every other proof, at once.
struct DigestLeafSystem: LeafProofSystem {
    struct Refusal: Error {}

    let networkID: NetworkID

    func prove(
        _ leaf: ExecutedLeaf, of header: BlockHeader, prover: OperatorKey, control: ProvingControl
    ) throws -> [UInt8] {
        let blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        return Self.digest(NodeStatement(leaf: leaf, blockID: blockID, prover: prover))
    }

    func verify(_ proof: [UInt8], of statement: NodeStatement) throws {
        guard proof == Self.digest(statement) else { throw Refusal() }
    }

    private static func digest(_ statement: NodeStatement) -> [UInt8] {
        taggedHash(
            "test-leaf", .bytes(statement.blockID.bytes), .integer(UInt64(statement.range.first)),
            .bytes(statement.stateBefore.bytes), .bytes(statement.stateAfter.bytes),
            .bytes(statement.paymentRoot.bytes), .bytes(statement.proverID.bytes),
            .bytes(statement.contribution.bytes), .integer(statement.feeSum.units)
        ).bytes
    }
}

/// The one prover of these tests.
struct ExampleProver {
    let leafSystem: any LeafProofSystem
    private static let seed = [UInt8](repeating: 5, count: 32)

    init(leafSystem: any LeafProofSystem) { self.leafSystem = leafSystem }

    func core(networkID: NetworkID) throws -> BundleProvingCore {
        let key = try SigningKey(seed: SecretBytes(copying: Self.seed))
        return BundleProvingCore(
            networkID: networkID, prover: OperatorKey(key.publicKey), leafSystem: leafSystem,
            sign: { message in
                guard let key = try? SigningKey(seed: SecretBytes(copying: Self.seed)) else {
                    preconditionFailure("a seed of 32 bytes")
                }
                return key.sign(message)
            })
    }

    var key: OperatorKey {
        get throws {
            OperatorKey(try SigningKey(seed: SecretBytes(copying: Self.seed)).publicKey)
        }
    }

    var verifier: BundleVerifier { BundleVerifier(leafVerifier: leafSystem) }
}

/// A block of `leafCount` leaves with one payment each.
struct ExampleBlock {
    let networkID = NetworkID(genesisNonce: [1, 2, 3])
    let parameters: RollupParameters
    let block: ExecutedBlock
    let header: BlockHeader
    let blockID: BlockID

    init(leafCount: Int) throws {
        parameters = try RollupParameters(
            networkID: networkID, accountTreeDepth: 4, keyTreeHeight: 4, leafCapacity: 1,
            maximumLeafCount: 8)
        var wallet = try Wallet(
            seed: Bytes32(words: 1, 1, 1, 1), keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        let state = try RollupState(
            accounts: [
                Account(openedBy: wallet.authenticationKey, balance: Amount(units: 1_000_000))
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
        blockID = BlockIdentity.blockID(of: header, networkID: networkID)
    }

    var root: LeafRange { LeafRange(first: 0, count: block.leaves.count)! }
    var digests: ExampleProver {
        ExampleProver(leafSystem: DigestLeafSystem(networkID: networkID))
    }

    /// The leaves, the first merge, the root.
    var nodes: [LeafRange] {
        let leaves = block.leaves.indices.map { LeafRange(first: $0, count: 1)! }
        return leaves + [LeafRange(first: 0, count: 2)!, root]
    }

    func demand(_ range: LeafRange) -> ProofDemand {
        ProofDemand(
            networkID: networkID, slot: Slot(7), blockID: blockID, range: range,
            prover: try? digests.key)
    }

    /// The node's proof, or `proof` in its place, exported under the node's own statement.
    func export(
        _ range: LeafRange, by prover: ExampleProver, proof: [UInt8]? = nil
    ) throws -> ExportedProof {
        let core = try prover.core(networkID: networkID)
        let honest = try prove(range, core)
        let expected = NodeExpectation(
            node: range, of: block, blockID: blockID, prover: try prover.key)
        let verified = try core.verify(honest, expecting: expected!)
        return ExportedProof(
            exporting: proof ?? honest, verified: verified, of: header, networkID: networkID)
    }

    private func prove(_ range: LeafRange, _ core: BundleProvingCore) throws -> [UInt8] {
        if range.isLeaf {
            return try core.proveLeaf(
                block.leaves[range.first], of: header, control: .unattended)
        }
        let half = range.count == 2 ? 1 : 2
        return try core.proveMerge(
            prove(LeafRange(first: range.first, count: half)!, core),
            prove(LeafRange(first: range.first + half, count: range.count - half)!, core),
            of: header, control: .unattended)
    }
}
