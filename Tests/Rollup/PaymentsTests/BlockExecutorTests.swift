import Cryptography
import Payments
import Primitives
import SansIO
import Testing

@Suite struct BlockExecutorTests {
    @Test func `a block executes as its payments do one by one`() throws {
        var generator = SeededGenerator(seed: 11)
        var village = try Village(balances: [100, 20, 3])
        let payments = try village.randomPayments(8, using: &generator)
        let block = try BlockExecutor.execute(payments, on: village.state)
        for payment in payments { try village.apply(payment) }
        #expect(block.after == village.state)
        #expect(block.leaves.map(\.transitions.count) == [3, 3, 2])
    }

    @Test func `leaves join without a gap`() throws {
        var generator = SeededGenerator(seed: 12)
        var village = try Village(balances: [100, 20, 3])
        let block = try BlockExecutor.execute(
            village.randomPayments(7, using: &generator), on: village.state)
        #expect(block.leaves.first?.stateBefore == block.before.root)
        #expect(block.leaves.last?.stateAfter == block.after.root)
        for (left, right) in zip(block.leaves, block.leaves.dropFirst()) {
            #expect(left.stateAfter == right.stateBefore)
        }
    }

    @Test func `an empty block has no leaf and changes nothing`() throws {
        let village = try Village(balances: [100])
        let block = try BlockExecutor.execute([Payment](), on: village.state)
        #expect(block.leaves.isEmpty)
        #expect(block.after == village.state)
        #expect(block.paymentRoot == .zero)
        #expect(block.feeSum == .zero)
    }

    @Test func `the fees of a block leave the rollup`() throws {
        var village = try Village(balances: [100, 20])
        let payments = try [
            village.pay(0, to: 1, amount: 1, fee: 3, nonce: 0),
            village.pay(1, to: 0, amount: 2, fee: 4, nonce: 0),
        ]
        let block = try BlockExecutor.execute(payments, on: village.state)
        #expect(block.feeSum == Amount(units: 7))
        #expect(block.after.accounts.reduce(0) { $0 + $1.balance.units } == 113)
    }

    @Test func `a bad payment refuses the block and is named`() throws {
        var village = try Village(balances: [100, 0])
        let payments = try [
            village.pay(0, to: 1, amount: 1, nonce: 0),
            village.pay(0, to: 1, amount: 1, nonce: 5),
        ]
        #expect(
            throws: PaymentError.inBlock(index: 1, .nonce(expected: 1, found: 5))
        ) { _ = try BlockExecutor.execute(payments, on: village.state) }
        var malformed = payments[0]
        malformed.signature = []
        #expect(
            throws: PaymentError.inBlock(index: 0, .signatureLength(expected: 64, found: 0))
        ) { _ = try BlockExecutor.execute([malformed], on: village.state) }
    }

    @Test func `a block beyond the largest is refused unread`() throws {
        var village = try Village(
            balances: [100], parameters: Village.parameters(capacity: 1, leaves: 1))
        let payment = try village.pay(0, to: 0, amount: 1)
        #expect(throws: PaymentError.tooManyPayments(limit: 1, found: 2)) {
            _ = try BlockExecutor.execute([payment, payment], on: village.state)
        }
    }

    @Test func `a sequencer's choice leaves out what fails and stops when full`() throws {
        var village = try Village(
            balances: [100, 0], parameters: Village.parameters(capacity: 1, leaves: 2))
        let good = try (0..<3).map {
            try village.verified(village.pay(0, to: 1, amount: 1, nonce: $0))
        }
        let bad = try village.verified(village.pay(1, to: 0, amount: 50, nonce: 0))
        let chosen = BlockExecutor.select(
            from: [good[1], bad, good[0], good[1], good[2]], on: village.state)
        #expect(chosen == [good[0], good[1]])
    }

    @Test func `the payment root commits to payments and their order`() throws {
        var village = try Village(balances: [100, 100])
        let first = try village.pay(0, to: 1, amount: 1, nonce: 0)
        let second = try village.pay(1, to: 0, amount: 1, nonce: 0)
        let forward = try BlockExecutor.execute([first, second], on: village.state)
        let backward = try BlockExecutor.execute([second, first], on: village.state)
        let shorter = try BlockExecutor.execute([first], on: village.state)
        #expect(forward.paymentRoot != backward.paymentRoot)
        #expect(forward.paymentRoot != shorter.paymentRoot)
        #expect(forward.after == backward.after)
    }
}
