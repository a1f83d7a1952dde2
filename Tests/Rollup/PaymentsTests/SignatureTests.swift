import Hash
import Payments
import Primitives
import SansIO
import Testing

@Suite struct SignatureTests {
    @Test func `a genuine signature proves the sender's key`() throws {
        var village = try Village(balances: [100, 0])
        let key = village.wallets[0].authenticationKey
        #expect(try village.verified(village.pay(0, to: 1, amount: 1)).signer == key)
    }

    @Test func `the same order is signed with the same bytes`() throws {
        var first = try Village(balances: [100, 0])
        var second = first
        #expect(
            try first.pay(0, to: 1, amount: 1, nonce: 0)
                == second.pay(0, to: 1, amount: 1, nonce: 0))
    }

    @Test func `each value of a signature is needed`() throws {
        var village = try Village(balances: [100, 0])
        let payment = try village.pay(0, to: 1, amount: 1)
        let key = village.wallets[0].authenticationKey
        for index in payment.signature.indices {
            for element in 0..<4 {
                var elements = payment.signature[index].elements
                elements[element] ^= 1
                var changed = payment
                changed.signature[index] = try #require(FieldDigest(elements: elements))
                #expect(try village.verified(changed).signer != key)
            }
        }
    }

    @Test func `each node of the key path is needed`() throws {
        var village = try Village(balances: [100, 0])
        let payment = try village.pay(0, to: 1, amount: 1)
        for index in payment.keyPath.indices {
            var changed = payment
            changed.keyPath[index] = altered(changed.keyPath[index])
            guard case .wrongKey = try village.refusal(of: changed) else {
                Issue.record("path node \(index) is not needed")
                continue
            }
        }
    }

    @Test func `the signature covers every field`() throws {
        var village = try Village(balances: [100, 0, 0])
        let payment = try village.pay(0, to: 1, amount: 1)
        let changes: [(String, (inout Payment) -> Void)] = [
            ("sender", { $0.sender = 2 }),
            ("recipient", { $0.recipient = 2 }),
            ("amount", { $0.amount = Amount(units: 2) }),
            ("fee", { $0.fee = Amount(units: 2) }),
            ("nonce", { $0.nonce += 1 }),
            ("keyIndex", { $0.keyIndex += 1 }),
            ("keyIndex beyond the tree", { $0.keyIndex += 8 }),
            ("nextSenderKey", { $0.nextSenderKey = altered($0.nextSenderKey) }),
            ("recipientKey", { $0.recipientKey = .zero }),
            ("salt", { $0.salt = altered($0.salt) }),
        ]
        for (name, change) in changes {
            var changed = payment
            change(&changed)
            let signer = try? village.verified(changed).signer
            #expect(signer != village.wallets[0].authenticationKey, "\(name)")
        }
    }

    @Test func `a digest of another weight is refused before any hashing`() throws {
        var village = try Village(balances: [100, 0])
        var payment = try village.pay(0, to: 1, amount: 1)
        let network = village.state.parameters.networkDigest
        repeat {
            payment.amount = Amount(units: payment.amount.units + 1)
        } while OneTimeSignature.weight(
            of: PaymentDigest.digest(of: payment, networkDigest: network))
            == OneTimeSignature.digestWeight
        let weight = OneTimeSignature.weight(
            of: PaymentDigest.digest(of: payment, networkDigest: network))
        #expect(
            throws: PaymentError.digestWeight(
                expected: OneTimeSignature.digestWeight, found: weight)
        ) {
            _ = try village.verified(payment)
        }
    }

    @Test func `a payment of one network is nothing in another`() throws {
        var village = try Village(balances: [100, 0])
        let payment = try village.pay(0, to: 1, amount: 1)
        let elsewhere = try RollupParameters(
            networkID: NetworkID(genesisNonce: [1]), accountTreeDepth: 6, keyTreeHeight: 3,
            leafCapacity: 3, maximumLeafCount: 8)
        let signer = try? VerifiedPayment(checking: payment, parameters: elsewhere).signer
        #expect(signer != village.wallets[0].authenticationKey)
    }

    @Test func `shapes and ranges are checked first`() throws {
        var village = try Village(balances: [100, 0])
        let payment = try village.pay(0, to: 1, amount: 1)
        let end = PaymentLimits.amountEnd
        let cases: [(PaymentError, (inout Payment) -> Void)] = [
            (.signatureLength(expected: 64, found: 63), { $0.signature.removeLast() }),
            (.signatureLength(expected: 64, found: 65), { $0.signature.append(.zero) }),
            (.keyPathLength(expected: 3, found: 2), { $0.keyPath.removeLast() }),
            (.keyPathLength(expected: 3, found: 4), { $0.keyPath.append(.zero) }),
            (.amountOutOfRange(end: end, found: end), { $0.amount = Amount(units: end) }),
            (.amountOutOfRange(end: end, found: .max), { $0.amount = Amount(units: .max) }),
            (
                .feeOutOfRange(end: PaymentLimits.feeEnd, found: PaymentLimits.feeEnd),
                { $0.fee = Amount(units: PaymentLimits.feeEnd) }
            ),
            (.nonceOutOfRange(end: end, found: .max), { $0.nonce = .max }),
            (.accountOutOfRange(end: 64, found: 64), { $0.sender = 64 }),
            (.accountOutOfRange(end: 64, found: .max), { $0.recipient = .max }),
        ]
        for (error, change) in cases {
            var changed = payment
            change(&changed)
            #expect(throws: error) { _ = try village.verified(changed) }
            #expect(error.isMalformed)
        }
    }

    @Test func `signed bits are the digest's first two elements, lowest bit first`() throws {
        let digest = try #require(FieldDigest(elements: [5, 1 << 63, .max >> 1, 3]))
        let bits = OneTimeSignature.signedBits(of: HashOutput(digest))
        #expect(bits.count == 128)
        #expect(bits.indices.filter { bits[$0] } == [0, 2, 127])
        #expect(OneTimeSignature.weight(of: HashOutput(digest)) == 3)
    }
}
