import Mempool
import Primitives
import SansIO
import Testing

@Suite struct PaymentPoolTests {
    private static func pool(capacity: Int = 100, perAccount: Int = 8) -> PaymentPool {
        PaymentPool(
            parameters: MempoolParameters(
                capacity: capacity, capacityPerAccount: perAccount,
                minimumFee: Amount(units: 10), replacementBump: BasisPoints(1_000)!))
    }

    /// The key index is the nonce unless given.
    private static func payment(
        _ sender: UInt32, _ nonce: UInt64, fee: UInt64, keyIndex: UInt32? = nil
    ) -> Payment {
        Payment(
            sender: sender, recipient: 1, amount: Amount(units: 5), fee: Amount(units: fee),
            nonce: nonce, keyIndex: keyIndex ?? UInt32(truncatingIfNeeded: nonce),
            nextSenderKey: .zero, recipientKey: nil, salt: .zero, signature: [], keyPath: [])
    }

    @Test func `payments are selected by fee, then arrival, with nonces consecutive`() throws {
        var pool = Self.pool()
        let first = Self.payment(1, 0, fee: 20)
        let second = Self.payment(1, 1, fee: 90)
        let other = Self.payment(2, 7, fee: 50)
        let equal = Self.payment(3, 0, fee: 50)
        for payment in [second, first, other, equal] {
            try pool.insert(payment, accountNonce: payment.sender == 2 ? 7 : 0)
        }
        #expect(pool.select(limit: 10) == [other, equal, first, second])
        #expect(pool.select(limit: 3) == [other, equal, first])
        #expect(pool.select(limit: 0) == [])
    }

    @Test func `what follows a gap waits`() throws {
        var pool = Self.pool()
        try pool.insert(Self.payment(1, 0, fee: 20), accountNonce: 0)
        try pool.insert(Self.payment(1, 2, fee: 90), accountNonce: 0)
        #expect(pool.select(limit: 10) == [Self.payment(1, 0, fee: 20)])
        #expect(pool.nextNonce(account: 1, accountNonce: 0) == 1)
        try pool.insert(Self.payment(1, 1, fee: 10), accountNonce: 0)
        #expect(pool.select(limit: 10).map(\.nonce) == [0, 1, 2])
        #expect(pool.nextNonce(account: 1, accountNonce: 0) == 3)
    }

    @Test func `an account whose first payment is missing is left out`() throws {
        var pool = Self.pool()
        try pool.insert(Self.payment(1, 1, fee: 90), accountNonce: 0)
        #expect(pool.select(limit: 10).isEmpty)
    }

    @Test func `a replacement offers a tenth more`() throws {
        var pool = Self.pool()
        try pool.insert(Self.payment(1, 0, fee: 100), accountNonce: 0)
        let cheap = Self.payment(1, 0, fee: 109, keyIndex: 1)
        let needed = Amount(units: 110)
        #expect(
            throws: MempoolError.replacementTooCheap(needed: needed, found: cheap.fee)
        ) { try pool.insert(cheap, accountNonce: 0) }
        let dear = Self.payment(1, 0, fee: 110, keyIndex: 1)
        try pool.insert(dear, accountNonce: 0)
        #expect(pool.select(limit: 10) == [dear])
        #expect(pool.count == 1)
        #expect(throws: MempoolError.alreadyKnown) { try pool.insert(dear, accountNonce: 0) }
    }

    @Test func `a replacement at the largest fee does not trap`() throws {
        var pool = Self.pool()
        try pool.insert(Self.payment(1, 0, fee: .max), accountNonce: 0)
        #expect(throws: MempoolError.self) {
            try pool.insert(Self.payment(1, 0, fee: .max, keyIndex: 4), accountNonce: 0)
        }
    }

    @Test func `a successor whose one-time key does not rise is not selected`() throws {
        var pool = Self.pool()
        try pool.insert(Self.payment(1, 0, fee: 20, keyIndex: 5), accountNonce: 0)
        try pool.insert(Self.payment(1, 1, fee: 20, keyIndex: 5), accountNonce: 0)
        #expect(pool.select(limit: 10).map(\.nonce) == [0])
    }

    @Test func `stale, distant and cheap payments are refused`() throws {
        var pool = Self.pool()
        #expect(throws: MempoolError.staleNonce(accountNonce: 4, found: 3)) {
            try pool.insert(Self.payment(1, 3, fee: 20), accountNonce: 4)
        }
        #expect(throws: MempoolError.nonceTooFarAhead(limit: 8, found: 8)) {
            try pool.insert(Self.payment(1, 12, fee: 20), accountNonce: 4)
        }
        let fees = MempoolError.feeTooLow(needed: Amount(units: 10), found: Amount(units: 9))
        #expect(throws: fees) {
            try pool.insert(Self.payment(1, 4, fee: 9), accountNonce: 4)
        }
        #expect(throws: MempoolError.self) {
            try pool.insert(Self.payment(1, .max, fee: 20), accountNonce: .max)
        }
        #expect(pool.count == 0)
    }

    @Test func `included payments leave with the account's new nonce`() throws {
        var pool = Self.pool()
        for nonce in UInt64(0)..<4 {
            try pool.insert(Self.payment(1, nonce, fee: 20), accountNonce: 0)
        }
        pool.advance(account: 1, toNonce: 2)
        #expect(pool.select(limit: 10).map(\.nonce) == [2, 3])
        #expect(pool.count == 2)
        #expect(!pool.contains(Self.payment(1, 1, fee: 20)))
        pool.advance(account: 1, toNonce: 9)
        #expect(pool.count == 0)
    }

    @Test func `payments whose key was passed leave, and keep their nonces from nobody`() throws {
        var pool = Self.pool()
        for nonce in UInt64(0)..<4 {
            try pool.insert(Self.payment(1, nonce, fee: 20), accountNonce: 0)
        }
        try pool.insert(Self.payment(2, 0, fee: 20), accountNonce: 0)
        // Another payment of nonce 0 was final, signed by a later key: 1, 2 and 3 are past.
        pool.advance(account: 1, toNonce: 1)
        pool.dropUsedKeys(account: 1, below: 3)
        #expect(pool.count == 2)
        #expect(pool.pending(account: 1, nonce: 1) == nil)
        #expect(pool.pending(account: 1, nonce: 3)?.keyIndex == 3)
        #expect(pool.select(limit: 10).map(\.sender) == [2])
        // At the same fee as what was there.
        try pool.insert(Self.payment(1, 1, fee: 20, keyIndex: 10), accountNonce: 1)
        pool.dropUsedKeys(account: 1, below: 4)
        try pool.insert(Self.payment(1, 2, fee: 20, keyIndex: 11), accountNonce: 1)
        #expect(pool.select(limit: 10).map(\.nonce) == [0, 1, 2])
        pool.dropUsedKeys(account: 1, below: 100)
        pool.dropUsedKeys(account: 2, below: 100)
        #expect(pool.count == 0)
        #expect(pool.senders.isEmpty)
    }

    @Test func `a full pool drops the cheapest last payment for a dearer one only`() throws {
        var pool = Self.pool(capacity: 3)
        try pool.insert(Self.payment(1, 0, fee: 15), accountNonce: 0)
        try pool.insert(Self.payment(1, 1, fee: 40), accountNonce: 0)
        try pool.insert(Self.payment(2, 0, fee: 30), accountNonce: 0)
        // Account 1's cheap payment is not its last: account 2's is the least.
        #expect(throws: MempoolError.poolFull(lowestFee: Amount(units: 30))) {
            try pool.insert(Self.payment(3, 0, fee: 30), accountNonce: 0)
        }
        try pool.insert(Self.payment(3, 0, fee: 31), accountNonce: 0)
        #expect(pool.count == 3)
        #expect(pool.select(limit: 10).map(\.sender) == [3, 1, 1])
    }

    @Test func `whatever is inserted, the pool stays bounded and its selection is in order`() {
        var pool = Self.pool(capacity: 50, perAccount: 8)
        var generator = SeededGenerator(seed: 3)
        var nonces = [UInt64](repeating: 0, count: 20)
        for _ in 0..<5_000 {
            let sender = Int.random(in: 0..<20, using: &generator)
            if Int.random(in: 0..<10, using: &generator) == 0 {
                nonces[sender] += 1
                pool.advance(account: UInt32(sender), toNonce: nonces[sender])
            }
            let nonce = nonces[sender] + UInt64.random(in: 0..<9, using: &generator)
            let fee = UInt64.random(in: 5..<500, using: &generator)
            try? pool.insert(
                Self.payment(UInt32(sender), nonce, fee: fee), accountNonce: nonces[sender])
            #expect(pool.count <= 50)
            var next = nonces
            for payment in pool.select(limit: 50) {
                #expect(payment.nonce == next[Int(payment.sender)])
                next[Int(payment.sender)] += 1
            }
        }
        for sender in 0..<20 { pool.advance(account: UInt32(sender), toNonce: .max) }
        #expect(pool.count == 0)
        #expect(pool.select(limit: 1).isEmpty)
    }
}
