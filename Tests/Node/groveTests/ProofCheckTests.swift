import Bundle
import Cryptography
import NetworkFile
import Payments
import PaymentsCircuit
import Primitives
import ProofFile
import Testing
import grove

/// From a network's own rules to the answer of `proof verify`, with a proof of its real profile.
@Suite struct ProofCheckTests {
    @Test func `a leaf of a network is proven, exported and verified, and no other network's`()
        throws
    {
        let example = try ExampleNetwork()
        let network = try NetworkDescription(document: example.document)
        let (bytes, prover) = try example.exportedLeaf(of: network)
        var demand = ProofDemand(
            networkID: network.networkID, slot: Slot(3), blockID: nil,
            range: LeafRange(first: 0, count: 1), prover: prover)
        let answer = try ProofCheck.verify(bytes, of: network, demanding: demand)
        #expect(answer.valid)
        #expect(answer.slot == 3)
        #expect(answer.leafProvers == [prover.hex])
        #expect(answer.text.contains("the whole block"))

        // The same rules with leaves of another capacity have another circuit.
        var document = example.document
        document.rollup.leafCapacity = 2
        let other = try NetworkDescription(document: document)
        let refusal = #expect(throws: ProofFileError.self) {
            _ = try ProofCheck.verify(bytes, of: other, demanding: demand)
        }
        guard case .proof(.leafProofRefused) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        demand.slot = Slot(4)
        #expect(throws: ProofFileError.mismatch("slot", expected: "4", found: "3")) {
            _ = try ProofCheck.verify(bytes, of: network, demanding: demand)
        }
    }
}

/// A development network with one funded wallet, and a block of one payment in it.
private struct ExampleNetwork {
    private static let nonce = [UInt8](repeating: 1, count: 32)
    let document: NetworkDocument
    private let wallet: Wallet

    init() throws {
        var rules = DevelopmentNetwork()
        rules.accountTreeDepth = 4
        rules.keyTreeHeight = 2
        rules.leafCapacity = 1
        let parameters = try RollupParameters(
            networkID: NetworkID(genesisNonce: Self.nonce), accountTreeDepth: 4,
            keyTreeHeight: 2, leafCapacity: 1, maximumLeafCount: rules.maximumLeaves)
        wallet = try Wallet(
            seed: Bytes32(words: 1, 2, 3, 4), keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        document = rules.document(
            genesisNonce: Self.nonce.hex, beacon: Bytes32.zero.hex,
            authority: try Self.signingKey().publicKey.hex, bootstrap: [],
            accounts: [
                .init(authenticationKey: wallet.authenticationKey.hex, balance: 1_000)
            ],
            operators: [], ledgerAccounts: [])
    }

    private static func signingKey() throws -> SigningKey {
        try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 6, count: 32)))
    }

    func exportedLeaf(of network: NetworkDescription) throws -> ([UInt8], OperatorKey) {
        var wallet = wallet
        let payment = try wallet.sign(
            PaymentOrder(
                recipient: 0, recipientKey: nil, amount: Amount(units: 5),
                fee: Amount(units: 1), nonce: 0))
        let state = network.rollupGenesis
        let block = try BlockExecutor.execute([payment], on: state)
        let header = BlockHeader(
            slot: Slot(3), round: 0, parent: BlockID(.zero), stateBefore: state.root,
            stateAfter: block.after.root, paymentRoot: block.paymentRoot, leafCount: 1,
            feeSum: block.feeSum, bodyHash: .zero)
        let prover = OperatorKey(try Self.signingKey().publicKey)
        let core = BundleProvingCore(
            networkID: network.networkID, prover: prover,
            leafSystem: try LeafCircuit(network: network),
            sign: { _ in preconditionFailure("a leaf is not signed") })
        let proof = try core.proveLeaf(block.leaves[0], of: header, control: .unattended)
        let expected = try NodeExpectation(rootOf: header, networkID: network.networkID)
        let exported = ExportedProof(
            exporting: proof, verified: try core.verify(proof, expecting: expected), of: header,
            networkID: network.networkID)
        return (exported.encoded, prover)
    }
}
