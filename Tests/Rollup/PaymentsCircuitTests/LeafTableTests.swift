import Circuit
import Cryptography
import Field
import Hash
import Payments
import PaymentsCircuit
import Primitives
import SansIO
import Testing

/// Executor and circuit agree on what is allowed.
@Suite struct LeafTableTests {
    @Test func `random blocks satisfy the circuit and give the executor's statements`() throws {
        let parameters = try Forge.parameters(capacity: 3)
        let table = try LeafTable(parameters: parameters, degreeBits: 10)
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<4 {
            var forge = try Forge(balances: [60, 9, 0], parameters: parameters)
            let payments = try forge.randomPayments(8, using: &generator)
            let state = try RollupState(
                accounts: forge.accounts.compactMap { $0 }, parameters: parameters)
            let block = try BlockExecutor.execute(payments, on: state)
            var header = Forge.header
            header.stateBefore = block.before.root
            header.stateAfter = block.after.root
            header.paymentRoot = block.paymentRoot
            header.leafCount = block.leaves.count
            let blockID = BlockIdentity.blockID(of: header, networkID: Forge.networkID)
            for leaf in block.leaves {
                let input = LeafInput(
                    leaf: leaf, header: header, parameters: parameters, prover: Forge.prover)
                let witness = try table.table.completing(table.witness(input))
                #expect(table.table.firstViolation(witness) == nil)
                let statement = NodeStatement(
                    leaf: leaf, blockID: blockID, prover: Forge.prover)
                #expect(witness.publicInputs == statement.publicInputs)
            }
        }
    }

    @Test func `a payment costs no more rows than the budget`() throws {
        func rows(capacity: Int) throws -> Int {
            LeafTable.rowCount(
                try RollupParameters(
                    networkID: Forge.networkID, accountTreeDepth: 24, keyTreeHeight: 10,
                    leafCapacity: capacity, maximumLeafCount: 1))
        }
        let many = try rows(capacity: 41)
        let perPayment = try Double(many - rows(capacity: 1)) / 40
        #expect(perPayment < 340, "\(perPayment) rows a payment")
        #expect(try rows(capacity: 24) <= 1 << 13)
        #expect(try rows(capacity: 48) <= 1 << 14)
    }

    @Test func `the room for payments ends where their rows do`() throws {
        func parameters(_ capacity: Int) throws -> RollupParameters {
            try RollupParameters(
                networkID: Forge.networkID, accountTreeDepth: 24, keyTreeHeight: 10,
                leafCapacity: capacity, maximumLeafCount: 1)
        }
        for degreeBits in [13, 14] {
            let room = try LeafRoom(of: parameters(10), degreeBits: degreeBits)
            #expect(room.usedRowCount == LeafTable.rowCount(try parameters(10)))
            #expect((300...400).contains(room.rowsPerPayment))
            let limit = room.paymentLimit
            #expect(LeafTable.rowCount(try parameters(limit)) <= 1 << degreeBits)
            #expect(LeafTable.rowCount(try parameters(limit + 1)) > 1 << degreeBits)
        }
        #expect(try LeafRoom(of: parameters(10), degreeBits: 8).paymentLimit == 0)
        #expect(
            try LeafRoom(of: parameters(10), degreeBits: 20).paymentLimit
                == PaymentLimits.leafCapacityRange.upperBound)
    }

    @Test func `the forge is the executor where no rule is broken`() throws {
        let table = try Self.table()
        var forge = try Forge(balances: [60, 9])
        let payments = try [
            forge.pay(0, to: 0, amount: 5),
            forge.pay(
                0, to: 2, amount: 5, nonce: 1, opening: forge.wallets[1].authenticationKey),
        ]
        #expect(forge.refusal(of: payments) == nil)
        #expect(table.table.firstViolation(table.witness(forge.leaf(payments))) == nil)
    }

    @Test func `padding does nothing, whatever stands in it`() throws {
        let table = try Self.table()
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        let second = try forge.pay(0, to: 1, amount: 6, nonce: 1)
        let alone = try table.table.completing(table.witness(forge.leaf([payment])))
        var input = forge.leaf([payment, second])
        input.payments[1].isActive = 0
        let padded = try table.table.completing(table.witness(input))
        #expect(table.table.firstViolation(padded) == nil)
        #expect(padded.publicInputs == alone.publicInputs)
    }

    @Test func `padding opens no account`() throws {
        let table = try Self.table()
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        let opening = try forge.pay(
            0, to: 2, amount: 6, nonce: 1, opening: forge.wallets[1].authenticationKey)
        let alone = try table.table.completing(table.witness(forge.leaf([payment])))
        var input = forge.leaf([payment, opening])
        input.payments[1].isActive = 0
        let padded = try table.table.completing(table.witness(input))
        #expect(table.table.firstViolation(padded) == nil)
        #expect(padded.publicInputs == alone.publicInputs)
    }

    @Test func `a leaf does not begin with padding`() throws {
        let table = try Self.table()
        let forge = try Forge(balances: [60, 9])
        #expect(table.table.firstViolation(table.witness(forge.leaf([]))) != nil)
    }

    @Test func `no payment follows padding`() throws {
        let table = try Self.table(capacity: 3)
        var forge = try Forge(balances: [60, 9], parameters: Forge.parameters(capacity: 3))
        let payments = try (0..<2).map { try forge.pay(0, to: 1, amount: 5, nonce: $0) }
        var input = forge.leaf(payments)
        #expect(table.table.firstViolation(table.witness(input)) == nil)
        input.payments.insert(.padding(forge.parameters), at: 1)
        #expect(table.table.firstViolation(table.witness(input)) != nil)
    }

    @Test func `a statement of other public inputs is not satisfied`() throws {
        let table = try Self.table()
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        let witness = try table.table.completing(table.witness(forge.leaf([payment])))
        #expect(witness.publicInputs.count == NodeStatement.publicInputCount)
        for index in witness.publicInputs.indices {
            var changed = witness
            changed.publicInputs[index] = changed.publicInputs[index] + .one
            #expect(table.table.firstViolation(changed) != nil, "public input \(index)")
        }
    }

    @Test func `a capacity beyond the rows is an error`() throws {
        #expect(throws: CircuitError.self) {
            _ = try LeafTable(parameters: Forge.parameters(capacity: 2), degreeBits: 8)
        }
    }

    static func table(capacity: Int = 2) throws -> LeafTable {
        try LeafTable(parameters: Forge.parameters(capacity: capacity), degreeBits: 10)
    }
}

extension Forge {
    /// `count` payments that the executor allows, some opening accounts, some to oneself.
    mutating func randomPayments(
        _ count: Int, using generator: inout SeededGenerator
    ) throws -> [Payment] {
        var state = try RollupState(
            accounts: accounts.compactMap { $0 }, parameters: parameters)
        return try (0..<count).map { _ in
            let sender = Int.random(in: 0..<wallets.count, using: &generator)
            let account = state.account(UInt32(sender))
            let balance = account?.balance.units ?? 0
            let fee = UInt64.random(in: 0...min(2, balance), using: &generator)
            let opens = Int.random(in: 0..<4, using: &generator) == 0
            let recipient =
                opens
                ? UInt32(state.nextIndex)
                : UInt32.random(in: 0..<UInt32(state.nextIndex), using: &generator)
            if opens {
                wallets.append(
                    try Wallet(
                        seed: Bytes32(words: 6, 6, 6, UInt64(recipient)),
                        keyState: WalletKeyState(newAccount: recipient), parameters: parameters))
            }
            let payment = try pay(
                sender, to: recipient,
                amount: UInt64.random(in: 0...(balance - fee), using: &generator), fee: fee,
                nonce: account?.nonce ?? 0,
                opening: opens ? wallets[Int(recipient)].authenticationKey : nil)
            _ = try state.apply(VerifiedPayment(checking: payment, parameters: parameters))
            return payment
        }
    }
}
