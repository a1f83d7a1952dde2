import Cryptography
import Hash
import Payments
import Primitives
import Testing

/// Bytes on which all nodes must agree: a change here is another protocol version. Made by this
/// code; no other implementation exists yet.
@Suite struct GoldenTests {
    @Test func `the network digest is pinned`() {
        let digest = RollupHash.networkDigest(of: NetworkID(.zero))
        #expect(
            digest.digest.hex
                == "8bb4cbabf0f6fdc84755e42a79be32fcd9fe45e5030f30aeecd629d36bc858ec")
    }

    @Test func `account and state hashes are pinned`() throws {
        let account = Account(
            authenticationKey: Self.digest(1), balance: Amount(units: 5), nonce: 6,
            nextKeyIndex: 7)
        #expect(
            account.leafHash.digest.hex
                == "d772217b0452a2ff549a8a6e261b72908f1926f82a006ad305b2cd992fbd82d7")
        let state = try RollupState(accounts: [account], parameters: Village.parameters())
        #expect(
            state.root.hex
                == "3050e956155e7e2863349db068798f27da60966c4b705e59de9e76466d3987a0")
    }

    @Test func `block and prover names are pinned`() {
        let header = BlockHeader(
            slot: Slot(1), round: 2, parent: BlockID(Self.digest(3)),
            stateBefore: Self.digest(4), stateAfter: Self.digest(5),
            paymentRoot: Self.digest(6), leafCount: 7, feeSum: Amount(units: 8),
            bodyHash: .zero)
        let id = BlockIdentity.blockID(of: header, networkID: NetworkID(.zero))
        #expect(
            id.hex
                == "b5a249672730c6253ea128e374c01387a54fb8e6a9f2bb31be0d5a892264d85b")
        #expect(
            BlockIdentity.proverID(of: OperatorKey(.zero)).hex
                == "21e64ffdf26602e8a0c699fede1aa2396b44e81a9ae76aa04a67fdbc28fb7ccd")
    }

    @Test func `contributions are pinned`() {
        let leaf = ContributionHash.leaf(
            proverID: Self.digest(1), blockID: BlockID(Self.digest(2)), firstLeaf: 3,
            stateBefore: Self.digest(4), stateAfter: Self.digest(5))
        #expect(
            leaf.hex
                == "b8205e87f43ab20884d93fe14b681a5f4ae70b0fa5c045f34df10d738216d81f")
        let merge = ContributionHash.merge(
            left: Self.digest(1), right: Self.digest(2), proverID: Self.digest(3), leafCount: 4)
        #expect(
            merge.hex
                == "8072a2f7c658b0c6eefc2c401f9f1e27c83e1a59d99341f46040e0eef5044915")
    }

    @Test func `keys and payments are pinned`() throws {
        var village = try Village(balances: [100, 0])
        #expect(
            village.wallets[0].authenticationKey.hex
                == "8ff2a867ef180dcaf4441b8e94a6229527e1e060784a1b63cb2a844a17554377")
        let payment = try village.pay(0, to: 1, amount: 5, nonce: 0)
        let verified = try village.verified(payment)
        #expect(
            verified.digest.hex
                == "1954b7112efe21fc60e9c9370e73449d495489f7f30edb564d60dcf92b493763")
        #expect(
            payment.signature[0].hex
                == "91575b9202248326ed42c36f4754279f9bd32d8a757d7eaec28b475e5f6df088")
        let block = try BlockExecutor.execute([verified], on: village.state)
        #expect(
            block.paymentRoot.hex
                == "1c169ab1ae3529af48f20c0140ceb97befbadc2815cd86dea62d49d28a963645")
        #expect(
            block.after.root.hex
                == "5c3b12d8cc733ce26c6368937bf7c212c8ada4d5f589d29827e35e17ab123c1d")
    }

    private static func digest(_ number: UInt64) -> FieldDigest {
        FieldDigest(elements: [number, number, number, number]) ?? .zero
    }
}
