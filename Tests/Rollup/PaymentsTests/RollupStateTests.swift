import Hash
import Payments
import Primitives
import SansIO
import Testing

@Suite struct RollupStateTests {
    @Test func `a payment moves amount and fee and raises nonce and key index`() throws {
        var village = try Village(balances: [100, 5])
        try village.apply(village.pay(0, to: 1, amount: 30, fee: 2))
        let sender = try #require(village.state.account(0))
        let recipient = try #require(village.state.account(1))
        #expect(sender.balance == Amount(units: 68))
        #expect(sender.nonce == 1)
        #expect(sender.nextKeyIndex == 1)
        #expect(recipient.balance == Amount(units: 35))
        #expect(recipient.nonce == 0)
    }

    @Test func `paying oneself costs the fee only`() throws {
        var village = try Village(balances: [100])
        try village.apply(village.pay(0, to: 0, amount: 60, fee: 3))
        #expect(village.state.account(0)?.balance == Amount(units: 97))
    }

    @Test func `paying oneself needs amount and fee`() throws {
        var village = try Village(balances: [100])
        let payment = try village.pay(0, to: 0, amount: 98, fee: 3)
        #expect(
            try village.refusal(of: payment)
                == .insufficientBalance(held: Amount(units: 100), needed: Amount(units: 101)))
    }

    @Test func `a payment of zero is executed`() throws {
        var village = try Village(balances: [0, 0])
        try village.apply(village.pay(0, to: 1, amount: 0, fee: 0))
        #expect(village.state.account(0)?.nonce == 1)
    }

    @Test func `all of a balance can be paid, and no unit more`() throws {
        var village = try Village(balances: [10, 0])
        let tooMuch = try village.pay(0, to: 1, amount: 9, fee: 2)
        #expect(
            try village.refusal(of: tooMuch)
                == .insufficientBalance(held: Amount(units: 10), needed: Amount(units: 11)))
        try village.apply(village.pay(0, to: 1, amount: 9, fee: 1))
        #expect(village.state.account(0)?.balance == .zero)
    }

    @Test(arguments: [0, 2]) func `the nonce must be the sender's`(found: UInt64) throws {
        var village = try Village(balances: [100, 0])
        try village.apply(village.pay(0, to: 1, amount: 1))
        let payment = try village.pay(0, to: 1, amount: 1, nonce: found)
        #expect(try village.refusal(of: payment) == .nonce(expected: 1, found: found))
    }

    @Test func `a key index rises strictly`() throws {
        var village = try Village(balances: [100, 0])
        let stale = village.wallets[0]
        try village.apply(village.pay(0, to: 1, amount: 1))
        village.wallets[0] = stale
        let payment = try village.pay(0, to: 1, amount: 1)
        #expect(try village.refusal(of: payment) == .staleKeyIndex(lowest: 1, found: 0))
    }

    @Test func `key indices may be skipped`() throws {
        var village = try Village(balances: [100, 0])
        _ = try village.pay(0, to: 1, amount: 1)
        try village.apply(village.pay(0, to: 1, amount: 1))
        #expect(village.state.account(0)?.nextKeyIndex == 2)
    }

    @Test func `a payment opens the next free account and no other`() throws {
        var village = try Village(balances: [100])
        let key = altered(village.wallets[0].authenticationKey)
        let early = try village.pay(0, to: 2, amount: 1, opening: key)
        #expect(try village.refusal(of: early) == .openingOutOfOrder(next: 1, found: 2))
        let existing = try village.pay(0, to: 0, amount: 1, opening: key)
        #expect(try village.refusal(of: existing) == .openingOutOfOrder(next: 1, found: 0))
        let transition = try village.apply(village.pay(0, to: 1, amount: 7, opening: key))
        #expect(transition.recipient == nil)
        #expect(
            village.state.account(1)
                == Account(
                    authenticationKey: key, balance: Amount(units: 7), nonce: 0, nextKeyIndex: 0))
        #expect(village.state.nextIndex == 2)
    }

    @Test func `an account that nobody opened neither pays nor is paid`() throws {
        var village = try Village(balances: [100])
        let payment = try village.pay(0, to: 1, amount: 1)
        #expect(try village.refusal(of: payment) == .unknownRecipient(1))
        var stranger = try Village.wallet(1, parameters: village.state.parameters)
        let order = PaymentOrder(
            recipient: 0, recipientKey: nil, amount: .zero, fee: .zero, nonce: 0)
        #expect(try village.refusal(of: stranger.sign(order)) == .unknownSender(1))
    }

    @Test func `a balance never reaches 62 bits`() throws {
        let most = PaymentLimits.amountEnd - 101
        var village = try Village(balances: [100, most])
        try village.apply(village.pay(0, to: 1, amount: 50, fee: 0))
        // No supply can overflow a balance; only a forged state can.
        #expect(throws: PaymentError.supplyOutOfRange(end: PaymentLimits.amountEnd)) {
            _ = try Village(balances: [101, most])
        }
    }

    @Test func `a snapshot with a number beyond every account's is refused`() throws {
        let village = try Village(balances: [10])
        var account = try #require(village.state.account(0))
        account.nonce = PaymentLimits.amountEnd
        #expect(throws: PaymentError.self) {
            _ = try RollupState(accounts: [account], parameters: village.state.parameters)
        }
        account.nonce = 0
        account.nextKeyIndex = PaymentLimits.keyIndexEnd
        _ = try RollupState(accounts: [account], parameters: village.state.parameters)
        account.nextKeyIndex += 1
        #expect(throws: PaymentError.self) {
            _ = try RollupState(accounts: [account], parameters: village.state.parameters)
        }
    }

    @Test func `more accounts than the tree has leaves are refused`() throws {
        let parameters = try Village.parameters(depth: 1)
        #expect(throws: PaymentError.accountTreeFull(limit: 2, found: 3)) {
            _ = try Village(balances: [1, 1, 1], parameters: parameters)
        }
    }

    @Test func `the last account of the tree can be opened and none after it`() throws {
        var village = try Village(balances: [9], parameters: Village.parameters(depth: 1))
        try village.apply(
            village.pay(0, to: 1, amount: 1, opening: village.wallets[0].authenticationKey))
        let payment = try village.pay(
            0, to: 2, amount: 1, opening: village.wallets[0].authenticationKey)
        #expect(throws: PaymentError.accountOutOfRange(end: 2, found: 2)) {
            _ = try village.verified(payment)
        }
    }

    @Test func `a refused payment changes nothing`() throws {
        var village = try Village(balances: [10, 0])
        let root = village.state.root
        let payment = try village.pay(0, to: 1, amount: 11)
        let verified = try village.verified(payment)
        #expect(throws: PaymentError.self) { _ = try village.state.apply(verified) }
        #expect(village.state.root == root)
    }

    @Test func `a copy keeps its value`() throws {
        var village = try Village(balances: [10, 0])
        let before = village.state
        let root = before.root
        try village.apply(village.pay(0, to: 1, amount: 1))
        #expect(before.root == root)
        #expect(before.account(0)?.balance == Amount(units: 10))
        #expect(village.state.root != root)
    }

    @Test func `the root commits to the number of accounts`() throws {
        let state = try Village(balances: [10, 0]).state
        let other = RollupState.root(treeRoot: state.treeRoot, nextIndex: 3)
        #expect(state.root != FieldDigest(other))
    }

    @Test func `a snapshot of the accounts is the same state`() throws {
        var generator = SeededGenerator(seed: 5)
        var village = try Village(balances: [100, 50, 0])
        for payment in try village.randomPayments(12, using: &generator) {
            try village.apply(payment)
        }
        let restored = try RollupState(
            accounts: village.state.accounts, parameters: village.state.parameters)
        #expect(restored == village.state)
        #expect(restored.nextIndex == village.state.nextIndex)
    }

    @Test func `each transition's siblings open the tree before and after`() throws {
        var generator = SeededGenerator(seed: 6)
        var village = try Village(balances: [100, 50, 0, 3])
        for payment in try village.randomPayments(8, using: &generator) {
            let before = village.state.treeRoot
            let transition = try village.apply(payment)
            #expect(
                root(of: transition.sender, payment.sender, transition.senderSiblings) == before)
            let credited = try #require(village.state.account(payment.recipient))
            #expect(
                root(of: credited, payment.recipient, transition.recipientSiblings)
                    == village.state.treeRoot)
        }
    }

    @Test func `admission takes what can be executed now`() throws {
        var village = try Village(balances: [100, 0])
        try village.apply(village.pay(0, to: 1, amount: 1))
        let present = try village.verified(village.pay(0, to: 1, amount: 1))
        try village.state.checkAdmission(of: present, after: nil)
        let past = try village.verified(village.pay(0, to: 1, amount: 1, nonce: 0))
        #expect(throws: PaymentError.nonce(expected: 1, found: 0)) {
            try village.state.checkAdmission(of: past, after: nil)
        }
        let poor = try village.verified(village.pay(0, to: 1, amount: 1000))
        #expect(throws: PaymentError.self) {
            try village.state.checkAdmission(of: poor, after: nil)
        }
    }

    @Test func `admission takes what continues a held payment, across a change of key`() throws {
        var village = try Village(balances: [100, 0])
        var held: VerifiedPayment?
        for nonce in 0..<10 {
            let next = try village.verified(
                village.pay(0, to: 1, amount: 1, nonce: UInt64(nonce)))
            try village.state.checkAdmission(of: next, after: held)
            held = next
        }
    }

    @Test func `admission refuses gaps, foreign keys and passed keys`() throws {
        var village = try Village(balances: [100, 0])
        var stale = village
        let first = try village.verified(village.pay(0, to: 1, amount: 1, nonce: 0))
        let third = try village.verified(village.pay(0, to: 1, amount: 1, nonce: 2))
        for predecessor in [nil, first] {
            #expect(throws: PaymentError.nonce(expected: 0, found: 2)) {
                try village.state.checkAdmission(of: third, after: predecessor)
            }
        }
        let passed = try stale.verified(stale.pay(0, to: 1, amount: 1, nonce: 1))
        #expect(throws: PaymentError.staleKeyIndex(lowest: 1, found: 0)) {
            try village.state.checkAdmission(of: passed, after: first)
        }
        village.wallets[0] = try Wallet(
            seed: Village.seed(9), keyState: WalletKeyState(newAccount: 0),
            parameters: village.state.parameters)
        let foreign = try village.verified(village.pay(0, to: 1, amount: 1, nonce: 1))
        #expect(
            throws: PaymentError.wrongKey(
                expected: first.payment.nextSenderKey, found: foreign.signer)
        ) {
            try village.state.checkAdmission(of: foreign, after: first)
        }
    }

    private func root(
        of account: Account, _ number: UInt32, _ siblings: [HashOutput]
    ) -> HashOutput {
        siblings.enumerated().reduce(account.leafHash) { node, level in
            number >> UInt32(level.offset) & 1 == 1
                ? RollupHash.compress(level.element, node)
                : RollupHash.compress(node, level.element)
        }
    }
}
