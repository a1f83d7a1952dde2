import Circuit
import Cryptography
import Field
import Hash
import Payments
import PaymentsCircuit
import Primitives
import Testing

/// Each rule of the executor, broken by a witness in which nothing else is wrong: refused by the
/// executor, and not satisfying the circuit.
@Suite struct LeafRuleTests {
    private let table: LeafTable

    init() throws { table = try LeafTableTests.table() }

    @Test func `a wrong signature value is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        for index in [0, 17, 63] {
            var changed = payment
            changed.signature[index] = altered(changed.signature[index])
            expectBroken(forge, [changed])
        }
    }

    @Test func `a wrong path to the key root is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        for index in payment.keyPath.indices {
            var changed = payment
            changed.keyPath[index] = altered(changed.keyPath[index])
            expectBroken(forge, [changed])
        }
    }

    @Test func `a payment that was changed after signing is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        let changes: [(inout Payment) -> Void] = [
            { $0.recipient = 2 },
            { $0.amount = Amount(units: 6) },
            { $0.fee = Amount(units: 2) },
            { $0.keyIndex += 1 },
            { $0.keyIndex += 8 },
            { $0.nextSenderKey = altered($0.nextSenderKey) },
            { $0.salt = altered($0.salt) },
        ]
        for change in changes {
            var changed = payment
            change(&changed)
            expectBroken(forge, [changed])
        }
    }

    @Test func `a digest of another weight is not satisfied, however it is signed`() throws {
        // All chain starts: they sign any digest with fewer ones.
        var forge = try Forge(balances: [60, 9])
        var payment = try forge.pay(0, to: 1, amount: 5)
        let tweak = KeyTweak(
            networkDigest: forge.parameters.networkDigest, account: 0, keyIndex: 0)
        repeat {
            payment.salt = altered(payment.salt, by: 1)
        } while Self.weight(payment, forge) == OneTimeSignature.digestWeight
        let digest = PaymentDigest.digest(
            of: payment, networkDigest: forge.parameters.networkDigest)
        let key = authenticationKey(
            oneTimeKey: OneTimeSignature.recoverKey(
                from: payment.signature, digest: digest, tweak: tweak),
            keyIndex: 0, path: payment.keyPath)
        // The account has the very key that this signature proves.
        forge.accounts[0]?.authenticationKey = FieldDigest(key)
        expectBroken(forge, [payment])
    }

    @Test func `another nonce than the sender's is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5, nonce: 1)
        expectBroken(forge, [payment])
        var input = forge.leaf([payment])
        input.payments[0].sender.nonce = 1
        #expect(violation(input) != nil)
    }

    @Test func `a key index that was passed is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 1, amount: 5)
        forge.accounts[0]?.nextKeyIndex = 1
        expectBroken(forge, [payment])
    }

    @Test func `a key that signed is not satisfied again`() throws {
        var forge = try Forge(balances: [60, 9])
        var stale = forge
        let payments = try [
            forge.pay(0, to: 1, amount: 5), stale.pay(0, to: 1, amount: 5, nonce: 1),
        ]
        expectBroken(forge, payments)
    }

    @Test func `one unit more than the balance is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        expectBroken(forge, [try forge.pay(0, to: 1, amount: 60)])
        expectBroken(forge, [try forge.pay(0, to: 0, amount: 60)])
        expectBroken(forge, [try forge.pay(0, to: 1, amount: 0, fee: 61)])
    }

    @Test(arguments: [61, 62, 63]) func `a difference below zero never looks small`(
        bits: UInt64
    ) throws {
        // From a balance of zero, 2^63 − 1 leaves 2^63 − 2^32 + 2 in the field: 63 bits.
        var forge = try Forge(balances: [0, 0])
        let payment = try forge.pay(0, to: 1, amount: (1 << bits) - 1, fee: 0)
        expectBroken(forge, [payment])
    }

    @Test func `an amount out of range is not satisfied`() throws {
        var forge = try Forge(balances: [9, 9])
        let amount = PaymentLimits.amountEnd
        // Balances before and after that look right, or are not looked at.
        forge.accounts[0]?.balance = Amount(units: amount + 5)
        forge.accounts[1]?.balance = Amount(units: Goldilocks.modulus - 7)
        expectBroken(forge, [try forge.pay(0, to: 1, amount: amount, fee: 0)])
    }

    @Test func `a fee out of range is not satisfied`() throws {
        var forge = try Forge(balances: [PaymentLimits.feeEnd + 9, 9])
        expectHolds(forge, [try forge.pay(0, to: 1, amount: 1, fee: PaymentLimits.feeEnd - 1)])
        expectBroken(forge, [try forge.pay(0, to: 1, amount: 1, fee: PaymentLimits.feeEnd)])
    }

    @Test func `a balance that reaches 62 bits is not satisfied`() throws {
        let most = PaymentLimits.amountEnd - 1
        var forge = try Forge(balances: [60, 9])
        forge.accounts[1]?.balance = Amount(units: most)
        let payment = try forge.pay(0, to: 1, amount: 1)
        #expect(violation(forge.leaf([payment])) != nil)
        forge.accounts[1]?.balance = Amount(units: most - 1)
        #expect(violation(forge.leaf([payment])) == nil)
    }

    @Test func `a sender that nobody opened is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(1, to: 0, amount: 0, fee: 0)
        let account = forge.accounts[1]
        forge.accounts[1] = nil
        forge.nextIndex = 1
        #expect(forge.refusal(of: [payment]) == .inBlock(index: 0, .unknownSender(1)))
        #expect(violation(forge.leaf([payment])) != nil)
        var input = forge.leaf([payment])
        input.payments[0].sender = account ?? input.payments[0].sender
        #expect(violation(input) != nil)
    }

    @Test func `a recipient that nobody opened is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        expectBroken(forge, [try forge.pay(0, to: 2, amount: 1)])
    }

    @Test func `an account is opened in its turn and only when empty`() throws {
        var forge = try Forge(balances: [60, 9])
        let key = altered(.zero)
        expectHolds(forge, [try forge.pay(0, to: 2, amount: 1, opening: key)])
        expectBroken(forge, [try forge.pay(0, to: 3, amount: 1, opening: key)])
        expectBroken(forge, [try forge.pay(0, to: 1, amount: 1, opening: key)])
        forge.nextIndex = 1
        // Now account 1 is the next in turn, but its leaf is not empty.
        let payment = try forge.pay(0, to: 1, amount: 1, opening: key)
        #expect(violation(forge.leaf([payment])) != nil)
    }

    @Test func `a new account begins with nothing`() throws {
        var forge = try Forge(balances: [60, 9])
        let payment = try forge.pay(0, to: 2, amount: 1, opening: altered(.zero))
        let changes: [(inout Account) -> Void] = [
            { $0.balance = Amount(units: 1) }, { $0.nonce = 1 }, { $0.nextKeyIndex = 1 },
            { $0.authenticationKey = .zero },
        ]
        for change in changes {
            var input = forge.leaf([payment])
            #expect(violation(input) == nil)
            change(&input.payments[0].recipient)
            #expect(violation(input) != nil)
        }
    }

    @Test func `an opening that was not signed is not satisfied`() throws {
        var forge = try Forge(balances: [60, 9])
        var input = forge.leaf([try forge.pay(0, to: 2, amount: 1, opening: altered(.zero))])
        input.payments[0].opens = 0
        #expect(violation(input) != nil)
        input = forge.leaf([try forge.pay(0, to: 2, amount: 1)])
        input.payments[0].opens = 1
        #expect(violation(input) != nil)
    }

    @Test(arguments: [2, Goldilocks.modulus - 1]) func `flags are bits`(flag: UInt64) throws {
        var forge = try Forge(balances: [60, 9])
        let payments = try [
            forge.pay(0, to: 1, amount: 5), forge.pay(0, to: 1, amount: 5, nonce: 1),
        ]
        var input = forge.leaf(payments)
        input.payments[1].isActive = flag
        #expect(violation(input) != nil)
        // Padding that would open the account in turn: nothing else is wrong with its flags.
        input = forge.leaf([payments[0]])
        input.payments.append(.padding(forge.parameters))
        input.payments[1].payment.recipient = 2
        for value: UInt64 in [0, 1] {
            input.payments[1].opens = value
            #expect(violation(input) == nil)
        }
        input.payments[1].opens = flag
        #expect(violation(input) != nil)
        input.payments[1].opens = 0
        input.payments[1].isActive = flag
        #expect(violation(input) != nil)
    }

    @Test func `accounts move in the tree that the payment before left`() throws {
        var forge = try Forge(balances: [60, 9])
        let payments = try [
            forge.pay(0, to: 1, amount: 5), forge.pay(1, to: 0, amount: 14, fee: 0),
        ]
        expectHolds(forge, payments)
        var input = forge.leaf(payments)
        // As if the first payment had not been.
        input.payments[1] = forge.leaf([payments[1]]).payments[0]
        #expect(violation(input) != nil)
    }

    @Test func `the recipient is credited in the tree after the debit`() throws {
        var forge = try Forge(balances: [60, 9])
        let toOther = try forge.pay(0, to: 1, amount: 5)
        var input = forge.leaf([toOther])
        input.payments[0].recipientSiblings[0] = input.payments[0].sender.leafHash
        #expect(violation(input) != nil)
        let toSelf = try forge.pay(0, to: 0, amount: 5)
        input = forge.leaf([toSelf])
        #expect(violation(input) == nil)
        input.payments[0].recipient = input.payments[0].sender
        #expect(violation(input) != nil)
    }

    @Test func `each sibling of each path is needed`() throws {
        var forge = try Forge(balances: [60, 9])
        let honest = forge.leaf([try forge.pay(0, to: 1, amount: 5)])
        for level in honest.payments[0].senderSiblings.indices {
            var input = honest
            input.payments[0].senderSiblings[level].fourth += .one
            #expect(violation(input) != nil)
            input = honest
            input.payments[0].recipientSiblings[level].fourth += .one
            #expect(violation(input) != nil)
        }
    }

    @Test func `account numbers stay in the tree`() throws {
        var forge = try Forge(balances: [60, 9])
        let honest = forge.leaf([try forge.pay(0, to: 1, amount: 5)])
        var input = honest
        input.payments[0].payment.sender = 16
        #expect(violation(input) != nil)
        input = honest
        input.payments[0].payment.recipient = 17
        #expect(violation(input) != nil)
    }

    @Test func `signatures are bound to the network of the block`() throws {
        var forge = try Forge(balances: [60, 9])
        var input = forge.leaf([try forge.pay(0, to: 1, amount: 5)])
        input.networkDigest = RollupHash.networkDigest(of: NetworkID(genesisNonce: [1]))
        #expect(violation(input) != nil)
    }

    @Test func `the state before commits to tree and number of accounts`() throws {
        var forge = try Forge(balances: [60, 9])
        let honest = forge.leaf([try forge.pay(0, to: 1, amount: 5)])
        let statement = try table.table.completing(table.witness(honest)).publicInputs
        var input = honest
        input.nextIndexBefore += 1
        let other = try table.table.completing(table.witness(input)).publicInputs
        #expect(other[6..<10] != statement[6..<10])
        input = honest
        input.treeRootBefore.first += .one
        #expect(violation(input) != nil)
    }

    // MARK: Rooms

    private func violation(_ input: LeafInput) -> ConstraintViolation? {
        table.table.firstViolation(table.witness(input))
    }

    private func expectHolds(
        _ forge: Forge, _ payments: [Payment], _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(forge.refusal(of: payments) == nil, sourceLocation: location)
        #expect(violation(forge.leaf(payments)) == nil, sourceLocation: location)
    }

    private func expectBroken(
        _ forge: Forge, _ payments: [Payment], _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(forge.refusal(of: payments) != nil, sourceLocation: location)
        #expect(violation(forge.leaf(payments)) != nil, sourceLocation: location)
    }

    private static func weight(_ payment: Payment, _ forge: Forge) -> Int {
        OneTimeSignature.weight(
            of: PaymentDigest.digest(
                of: payment, networkDigest: forge.parameters.networkDigest))
    }
}

/// `digest` with its first element moved on.
func altered(_ digest: FieldDigest, by step: UInt64 = 1) -> FieldDigest {
    let first = (Goldilocks(digest.elements[0]) + Goldilocks(step)).canonical
    return FieldDigest(elements: [first] + digest.elements.dropFirst()) ?? .zero
}
