import Cryptography
import NetworkFile
import NodeProofs
import NodeRuntime
import Payments
import Primitives
import ProofFile
import Testing
import grove

/// From a network's own rules and keys to the answer of `proof verify`, with proofs of a real
/// profile.
@Suite(.serialized) struct ProofCheckTests {
    private let example: ExampleNetwork
    private let network: NetworkDescription

    init() throws {
        example = try ExampleNetwork.shared.get()
        network = try NetworkDescription(document: example.document)
    }

    @Test func `a merge of a network is proven, exported and verified`() throws {
        var demand = ProofDemand(
            networkID: network.networkID, slot: Slot(3), blockID: nil,
            range: LeafRange(first: 0, count: 2), prover: example.prover)
        let answer = try ProofCheck.verify(example.root, of: network, demanding: demand)
        #expect(answer.valid)
        #expect(answer.slot == 3)
        #expect(answer.leafProvers == [example.prover.hex, example.prover.hex])
        #expect(answer.mergeProvers == [example.prover.hex])
        #expect(answer.text.contains("the whole block"))
        demand.slot = Slot(4)
        #expect(throws: ProofFileError.mismatch("slot", expected: "4", found: "3")) {
            _ = try ProofCheck.verify(example.root, of: network, demanding: demand)
        }
    }

    @Test func `a leaf of a network is verified by its leaf key`() throws {
        let demand = ProofDemand(
            networkID: network.networkID, slot: Slot(3), blockID: nil,
            range: LeafRange(first: 1, count: 1), prover: example.prover)
        let answer = try ProofCheck.verify(example.leaf, of: network, demanding: demand)
        #expect(answer.text.contains("a part of the block"))
    }

    @Test func `a proof is refused under any other keys than the network file's`() throws {
        let demand = ProofDemand(
            networkID: network.networkID, slot: nil, blockID: nil, range: nil, prover: nil)
        for (proof, isMerge) in [(example.root, true), (example.leaf, false)] {
            var document = example.document
            if isMerge {
                document.proofs.mergeKey = Self.otherKey
            } else {
                document.proofs.leafKey = Self.otherKey
            }
            let other = try NetworkDescription(document: document)
            let refusal = #expect(throws: ProofFileError.self) {
                _ = try ProofCheck.verify(proof, of: other, demanding: demand)
            }
            guard case .proof(.proofRefused) = refusal else {
                Issue.record("\(String(describing: refusal))")
                continue
            }
        }
    }

    @Test func `a prover refuses a network file of other circuits than it builds`() throws {
        try example.circuits.requireKeys(of: network)
        var leafDocument = example.document
        leafDocument.proofs.leafKey = Self.otherKey
        let otherLeaf = try NetworkDescription(document: leafDocument)
        let error = #expect(throws: ForeignCircuit.self) {
            try example.circuits.requireKeys(of: otherLeaf)
        }
        #expect(error?.circuit == .leaf)
        #expect(error?.found != error?.expected)
        #expect(CommandFailure(describing: error!)?.kind == .usage)
        // A leaf of another size is another circuit, though nothing else was changed.
        var sizeDocument = example.document
        sizeDocument.rollup.leafCapacity = 2
        let otherSize = try NetworkDescription(document: sizeDocument)
        #expect(throws: ForeignCircuit.self) { _ = try ProvingCircuits(network: otherSize) }
        var mergeDocument = example.document
        mergeDocument.proofs.mergeKey = Self.otherKey
        let otherMerge = try NetworkDescription(document: mergeDocument)
        let mergeError = #expect(throws: ForeignCircuit.self) {
            try example.circuits.requireKeys(of: otherMerge)
        }
        #expect(mergeError?.circuit == .merge)
        #expect("\(mergeError!)".contains(mergeError!.found.hex))
    }

    @Test func `nodes of other circuits are no peers of one network`() throws {
        var document = example.document
        document.proofs.mergeKey = Self.otherKey
        let other = try NetworkDescription(document: document)
        #expect(other.networkID == network.networkID, "that is the nonce's")
        #expect(other.policyHash != network.policyHash)
    }

    /// 31 public inputs and sixteen digests that no circuit has.
    private static let otherKey =
        "1f" + String(repeating: "00", count: 7)
        + String(repeating: "01" + String(repeating: "00", count: 31), count: 16)
}

/// A development network with one funded wallet, its circuits, and a block of two payments in it,
/// proven.
struct ExampleNetwork: Sendable {
    /// Made once for a test process.
    static let shared = Result { try ExampleNetwork() }

    let document: NetworkDocument
    let payments: [Payment]
    let circuits: ProvingCircuits
    let prover: OperatorKey
    /// As files: the block's root and its second leaf.
    let root: [UInt8]
    let leaf: [UInt8]

    init() throws {
        let nonce = [UInt8](repeating: 1, count: 32)
        var rules = DevelopmentNetwork()
        rules.profile = .fast
        rules.accountTreeDepth = 4
        rules.keyTreeHeight = 2
        rules.leafCapacity = 1
        let parameters = try RollupParameters(
            networkID: NetworkID(genesisNonce: nonce), accountTreeDepth: 4,
            keyTreeHeight: 2, leafCapacity: 1, maximumLeafCount: rules.maximumLeaves)
        var wallet = try Wallet(
            seed: Bytes32(words: 1, 2, 3, 4), keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        circuits = try ProvingCircuits(
            parameters: parameters, profile: ProofProfileName.fast.parameters)
        let key = try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 6, count: 32)))
        prover = OperatorKey(key.publicKey)
        document = rules.document(
            genesisNonce: nonce.hex, beacon: Bytes32.zero.hex,
            authority: key.publicKey.hex, bootstrap: [],
            accounts: [
                .init(authenticationKey: wallet.authenticationKey.hex, balance: 1_000)
            ],
            proofs: .init(
                profile: .fast, leafKey: circuits.verifier.leafKey,
                mergeKey: circuits.verifier.mergeKey),
            operators: [], ledgerAccounts: [])
        let network = try NetworkDescription(document: document)
        payments = try (0..<2).map { nonce in
            try wallet.sign(
                PaymentOrder(
                    recipient: 0, recipientKey: nil, amount: Amount(units: 5),
                    fee: Amount(units: 1), nonce: nonce))
        }
        (root, leaf) = try Self.prove(
            BlockExecutor.execute(payments, on: network.rollupGenesis), of: network,
            core: ProvingCore(
                networkID: network.networkID, prover: prover, circuits: circuits))
    }

    private static func prove(
        _ block: ExecutedBlock, of network: NetworkDescription, core: ProvingCore
    ) throws -> (root: [UInt8], leaf: [UInt8]) {
        let header = BlockHeader(
            slot: Slot(3), round: 0, parent: BlockID(.zero),
            stateBefore: network.rollupGenesis.root, stateAfter: block.after.root,
            paymentRoot: block.paymentRoot, leafCount: 2, feeSum: block.feeSum,
            bodyHash: .zero)
        let blockID = BlockIdentity.blockID(of: header, networkID: network.networkID)
        let leaves = try block.leaves.map {
            try core.proveLeaf($0, of: header, control: .unattended)
        }
        let root = try core.proveMerge(
            leaves[0], leaves[1], of: header, control: .unattended)
        // Whoever exports has verified, with the network file's keys alone.
        let verifier = NodeVerifier(network: network)
        func exported(_ proof: [UInt8], _ range: LeafRange) throws -> [UInt8] {
            let expected = NodeExpectation(
                node: range, of: block, blockID: blockID, prover: nil)!
            return ExportedProof(
                exporting: proof, verified: try verifier.verify(proof, expecting: expected),
                of: header, networkID: network.networkID
            ).encoded
        }
        return (
            try exported(root, LeafRange(first: 0, count: 2)!),
            try exported(leaves[1], LeafRange(first: 1, count: 1)!)
        )
    }
}
