import Payments
import Primitives
import Testing

@Suite struct WalletTests {
    @Test func `a wallet changes its key before it runs out, and goes on`() throws {
        var village = try Village(balances: [100, 0])
        let firstKey = village.wallets[0].authenticationKey
        for count in 0..<20 {
            try village.apply(village.pay(0, to: 1, amount: 1, fee: 0))
            #expect(
                village.state.account(0)?.authenticationKey
                    == village.wallets[0].authenticationKey, "after \(count) payments")
        }
        #expect(village.wallets[0].keyState.generation == 2)
        #expect(village.state.account(0)?.authenticationKey != firstKey)
        #expect(village.state.account(1)?.balance == Amount(units: 20))
    }

    @Test func `payments signed ahead of a change of key execute after it`() throws {
        var village = try Village(balances: [100, 0])
        let payments = try (0..<12).map {
            try village.pay(0, to: 1, amount: 1, fee: 0, nonce: UInt64($0))
        }
        for payment in payments { try village.apply(payment) }
        #expect(village.state.account(0)?.nonce == 12)
    }

    @Test func `the payment that changes the key can be signed again`() throws {
        var village = try Village(
            balances: [100, 0], parameters: Village.parameters(height: 5))
        var last = try village.pay(0, to: 1, amount: 1, nonce: 0)
        while village.wallets[0].keyState.generation == 0 {
            try village.apply(last)
            last = try village.pay(0, to: 1, amount: 1)
        }
        let again = try village.pay(0, to: 1, amount: 1, fee: 3)
        #expect(again.nonce == last.nonce)
        #expect(again.keyIndex > last.keyIndex)
        #expect(again.nextSenderKey == village.wallets[0].authenticationKey)
        try village.apply(again)
        try village.apply(village.pay(0, to: 1, amount: 1))
    }

    @Test func `a fee is raised by signing again with the next key`() throws {
        var village = try Village(balances: [100, 0])
        let low = try village.pay(0, to: 1, amount: 1, fee: 1)
        let high = try village.pay(0, to: 1, amount: 1, fee: 5)
        #expect(high.keyIndex == low.keyIndex + 1)
        try village.apply(high)
        #expect(try village.refusal(of: low) == .nonce(expected: 1, found: 0))
    }

    @Test func `an order out of range is refused and uses no key`() throws {
        var village = try Village(balances: [100, 0])
        for nonce in 0..<7 { _ = try village.pay(0, to: 1, amount: 1, nonce: UInt64(nonce)) }
        let before = village.wallets[0].keyState
        let good = PaymentOrder(
            recipient: 1, recipientKey: nil, amount: .zero, fee: .zero, nonce: 7)
        let changes: [(inout PaymentOrder) -> Void] = [
            { $0.amount = Amount(units: .max) }, { $0.fee = Amount(units: .max) },
            { $0.nonce = .max }, { $0.recipient = .max },
        ]
        for change in changes {
            var order = good
            change(&order)
            #expect(throws: PaymentError.self) { _ = try village.wallets[0].sign(order) }
        }
        #expect(village.wallets[0].keyState == before)
    }

    @Test func `no key signs twice`() throws {
        var village = try Village(balances: [100, 0])
        let indices = try (0..<20).map {
            try village.pay(0, to: 1, amount: 1, nonce: UInt64($0)).keyIndex
        }
        #expect(zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `the keys held back run out with an error`() throws {
        var village = try Village(balances: [100, 0])
        for nonce in 0..<8 { _ = try village.pay(0, to: 1, amount: 1, nonce: UInt64(nonce)) }
        #expect(throws: PaymentError.keysExhausted(account: 0, generation: 1)) {
            _ = try village.pay(0, to: 1, amount: 1, nonce: 0)
        }
    }

    @Test func `a wallet goes on from its durable key state`() throws {
        var village = try Village(balances: [100, 0])
        for nonce in 0..<9 { _ = try village.pay(0, to: 1, amount: 1, nonce: UInt64(nonce)) }
        var reopened = try Wallet(
            seed: Village.seed(0), keyState: village.wallets[0].keyState,
            parameters: village.state.parameters)
        let order = PaymentOrder(
            recipient: 1, recipientKey: nil, amount: .zero, fee: .zero, nonce: 9)
        #expect(try reopened.sign(order) == village.wallets[0].sign(order))
    }

    @Test(arguments: [0, 3, 27, 28, 29, 31, 57])
    func `a restored wallet pays with keys that no lost state has used`(paid: Int) throws {
        var village = try Village(
            balances: [100, 0], parameters: Village.parameters(height: 5))
        for _ in 0..<paid { try village.apply(village.pay(0, to: 1, amount: 1, fee: 0)) }
        let account = try #require(village.state.account(0))
        // Signed and lost: across the change of key, and some of them again.
        var lost: Set<UInt32> = []
        for nonce in account.nonce..<account.nonce + 17 {
            lost.insert(try village.pay(0, to: 1, amount: 1, nonce: nonce).keyIndex)
        }
        village.wallets[0] = try Wallet(
            restoring: Village.seed(0), account: 0, from: account, at: .reserve,
            parameters: village.state.parameters)
        for _ in 0..<14 {
            let payment = try village.pay(0, to: 1, amount: 1)
            #expect(UInt64(payment.keyIndex) >= account.nextKeyIndex)
            #expect(!lost.contains(payment.keyIndex), "key \(payment.keyIndex)")
            try village.apply(payment)
        }
    }

    @Test func `a wallet is restored at the key that its owner names`() throws {
        var village = try Village(
            balances: [100, 0], parameters: Village.parameters(height: 5))
        for _ in 0..<3 { try village.apply(village.pay(0, to: 1, amount: 1, fee: 0)) }
        let account = try #require(village.state.account(0))
        func restored(at index: UInt64) throws(PaymentError) -> Wallet {
            try Wallet(
                restoring: Village.seed(0), account: 0, from: account, at: .keyIndex(index),
                parameters: village.state.parameters)
        }
        for index in [0, 2, 32, UInt64.max] as [UInt64] {
            #expect(throws: PaymentError.restorePoint(lowest: 3, end: 32, found: index)) {
                try restored(at: index)
            }
        }
        village.wallets[0] = try restored(at: 3)
        #expect(try village.pay(0, to: 1, amount: 1).keyIndex == 3)
    }

    @Test func `a wallet whose change of key was overtaken goes back and changes it again`() throws
    {
        var village = try Village(balances: [100, 0])
        for _ in 0..<6 { try village.apply(village.pay(0, to: 1, amount: 1, fee: 0)) }
        let overtaking = try village.pay(0, to: 1, amount: 1, fee: 0)
        let changing = try village.pay(0, to: 1, amount: 1, fee: 2)
        #expect(village.wallets[0].keyState.generation == 1)
        try village.apply(overtaking)
        #expect(try village.refusal(of: changing) == .nonce(expected: 7, found: 6))
        let account = try #require(village.state.account(0))
        #expect(account.authenticationKey != village.wallets[0].authenticationKey)
        // Eight keys, and the last of them is used: this village's generations have no reserve.
        let before = village.wallets[0].keyState
        let hasGoneBack = try village.wallets[0].follow(account)
        #expect(hasGoneBack)
        #expect(village.wallets[0].authenticationKey == account.authenticationKey)
        #expect(village.wallets[0].keyState.nextPosition == before.previousNextPosition)
    }

    @Test func `a wallet follows no account but its own`() throws {
        var village = try Village(balances: [100, 0])
        let own = try #require(village.state.account(0))
        let other = try #require(village.state.account(1))
        let hasGoneBack = try village.wallets[0].follow(own)
        #expect(!hasGoneBack)
        #expect(
            throws: PaymentError.wrongKey(
                expected: other.authenticationKey, found: own.authenticationKey)
        ) { try village.wallets[0].follow(other) }
    }

    @Test func `another seed restores nothing`() throws {
        let village = try Village(balances: [100])
        let account = try #require(village.state.account(0))
        #expect(throws: PaymentError.unusableSeed(account: 0)) {
            _ = try Wallet(
                restoring: Village.seed(9), account: 0, from: account, at: .reserve,
                parameters: village.state.parameters)
        }
    }

    @Test func `one seed gives every account and network its own keys`() throws {
        let here = try Village.parameters()
        let there = try RollupParameters(
            networkID: NetworkID(genesisNonce: [1]), accountTreeDepth: 6, keyTreeHeight: 3,
            leafCapacity: 3, maximumLeafCount: 8)
        let keys = try [(0, here), (1, here), (0, there)].map { account, parameters in
            try Wallet(
                seed: Village.seed(0), keyState: WalletKeyState(newAccount: account),
                parameters: parameters
            ).authenticationKey
        }
        #expect(keys[0] != keys[1])
        #expect(keys[0] != keys[2])
    }
}
