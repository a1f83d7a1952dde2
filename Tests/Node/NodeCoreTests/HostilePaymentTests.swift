import Cryptography
import Gossip
import Ledger
import Mempool
import Messages
import NodeCore
import Payments
import Primitives
import SansIO
import Sequencing
import Testing
import VRF

/// Payments that are wrong, by gossip, by the node's own door, and in a block that a leader reveals.
@Suite struct HostilePaymentTests {
    /// One wrong payment and what is said about it.
    private struct Wrong {
        let name: String
        let payment: Payment
        /// In the answer to whoever offered it.
        let words: String
        /// Wrong on every state: the peer that sent it is at fault.
        var isMalformed = false
    }

    private static func wrongs(_ fixture: PaymentFixture) throws -> [Wrong] {
        let valid = try fixture.payment()
        var unsigned = valid
        unsigned.signature[0] = FieldDigest(elements: [1, 2, 3, 4])!
        var moreMoney = valid
        moreMoney.amount = Amount(units: 999)
        var cutSignature = valid
        cutSignature.signature.removeLast()
        var noPath = valid
        noPath.keyPath = []
        let foreign = try PaymentFixture(networkID: NetworkID(genesisNonce: [99]))
        let amountEnd = PaymentLimits.amountEnd
        return [
            Wrong(name: "a changed signature", payment: unsigned, words: "present key"),
            Wrong(
                name: "a raised amount", payment: moreMoney, words: "something in it was changed",
                isMalformed: true),
            Wrong(
                name: "a short signature", payment: cutSignature, words: "a signature has",
                isMalformed: true),
            Wrong(
                name: "no key path", payment: noPath, words: "a key path has", isMalformed: true),
            Wrong(
                name: "another network's", payment: try foreign.payment(), words: "signature"),
            Wrong(
                name: "a stale nonce", payment: try fixture.payment(nonce: 2), words: "nonce"),
            Wrong(
                name: "a nonce far ahead", payment: try fixture.payment(nonce: 3 + 64),
                words: "above the account's"),
            Wrong(
                name: "the last nonce of all", payment: try fixture.payment(nonce: .max - 1),
                words: "a nonce is below", isMalformed: true),
            Wrong(
                name: "a used key", payment: try fixture.payment(keyIndex: 4),
                words: "was used or skipped before"),
            Wrong(
                name: "too little balance", payment: try fixture.payment(amount: 999),
                words: "the account holds 1000 units"),
            Wrong(
                name: "an unknown sender",
                payment: try fixture.payment(keyIndex: 0, sender: 7), words: "nobody has opened"),
            Wrong(
                name: "an unknown recipient", payment: try fixture.payment(recipient: 9),
                words: "nobody has opened account 9"),
            Wrong(
                name: "a recipient beyond the tree",
                payment: try fixture.payment(recipient: 1 << 20), words: "account numbers",
                isMalformed: true),
            Wrong(
                name: "an account opened out of order",
                payment: try fixture.payment(recipient: 3, recipientKey: .zero),
                words: "the next account that can be opened is 2"),
            Wrong(
                name: "an amount and fee that overflow",
                payment: try fixture.payment(amount: amountEnd - 1, fee: (1 << 40) - 1),
                words: "the account holds 1000 units"),
            Wrong(
                name: "an amount beyond all", payment: try fixture.payment(amount: .max),
                words: "an amount is below", isMalformed: true),
            Wrong(
                name: "a fee beyond all", payment: try fixture.payment(fee: .max),
                words: "a fee is below", isMalformed: true),
        ]
    }

    private func world() throws -> (NodeWorld, PaymentFixture) {
        let fixture = try PaymentFixture()
        var world = try NodeWorld(accounts: fixture.accounts)
        try world.reach(.open)
        return (world, fixture)
    }

    @inline(never)
    private func offer(_ payment: Payment, to world: inout NodeWorld) -> PaymentAnswer? {
        let effects = world.machine.handle(.paymentOffered(payment, ticket: 5), at: .origin)
        for case .answerPayment(ticket: 5, let answer) in effects { return answer }
        return nil
    }

    @Test func `by gossip a wrong payment is ignored, or rejected where its sender is at fault`()
        throws
    {
        let (world, fixture) = try world()
        for wrong in try Self.wrongs(fixture) {
            var fresh = world
            let outcome = fresh.hear(.payment(wrong.payment), by: NodeWorld.stranger)
            if wrong.name == "another network's" {
                // Another network's digest has this weight by chance, or not.
                #expect(
                    [.rejected(.paymentRefused), .ignored(.paymentRefused)].contains(outcome))
            } else {
                let expected: NodeWorld.Outcome =
                    wrong.isMalformed ? .rejected(.paymentRefused) : .ignored(.paymentRefused)
                #expect(outcome == expected, "\(wrong.name)")
            }
            #expect(fresh.machine.mempool.count == 0, "\(wrong.name)")
        }
    }

    @Test func `whoever offers a wrong payment is told in a sentence what is wrong`() throws {
        let (world, fixture) = try world()
        for wrong in try Self.wrongs(fixture) {
            var fresh = world
            guard case .refused(let reason) = offer(wrong.payment, to: &fresh) else {
                Issue.record("\(wrong.name) was taken")
                continue
            }
            #expect(reason.contains(wrong.words), "\(wrong.name): \(reason)")
            // A sentence, not the dump of a value.
            #expect(!reason.contains("(") && reason.contains(" "), "\(wrong.name): \(reason)")
            #expect(fresh.machine.mempool.count == 0)
        }
    }

    @Test func `a block with a wrong payment anywhere is refused`() throws {
        let (world, fixture) = try world()
        let state = world.machine.rollup
        let valid = try fixture.payment()
        let request = BuildRequest(
            slot: Slot(0), parent: BlockID(.zero), parentState: state, payments: [valid],
            feeShare: .zero)
        let honest = BlockAssembly.build(request)
        let revealed = BlockReveal(header: honest.header, body: honest.body)
        #expect(BlockAssembly.execute(revealed, on: state).verdict == .executes)
        for wrong in try Self.wrongs(fixture) {
            for payments in [[wrong.payment], [valid, wrong.payment], [wrong.payment, valid]] {
                let body = MessageCodec.encodeBlockBody(payments)
                var header = honest.header
                header.bodyHash = BlockHeader.bodyHash(ofEncodedBody: body)
                let outcome = BlockAssembly.execute(
                    BlockReveal(header: header, body: body), on: state)
                guard case .refused = outcome.verdict else {
                    Issue.record("\(wrong.name) was executed")
                    continue
                }
                #expect(outcome.executed == nil)
            }
        }
    }

    @Test func `a block that pays twice, or that says otherwise than it does, is refused`() throws {
        let (world, fixture) = try world()
        let state = world.machine.rollup
        let valid = try fixture.payment()
        let request = BuildRequest(
            slot: Slot(0), parent: BlockID(.zero), parentState: state, payments: [valid],
            feeShare: .zero)
        let honest = BlockAssembly.build(request)
        let twice = MessageCodec.encodeBlockBody([valid, valid])
        var headers = [BlockHeader](repeating: honest.header, count: 6)
        headers[0].stateAfter = .zero
        headers[1].stateBefore = .zero
        headers[2].paymentRoot = .zero
        headers[3].leafCount += 1
        headers[4].feeSum = Amount(units: honest.header.feeSum.units + 1)
        let bodies = [[UInt8]](repeating: honest.body, count: 5) + [twice]
        for (header, body) in zip(headers, bodies) {
            let outcome = BlockAssembly.execute(
                BlockReveal(header: header, body: body), on: state)
            guard case .refused = outcome.verdict else {
                Issue.record("\(header) was executed")
                continue
            }
        }
        for place in stride(from: 0, to: honest.body.count, by: 7) {
            var flipped = honest.body
            flipped[place] ^= 1 << UInt8(place % 8)
            for body in [flipped, Array(honest.body.prefix(place))] {
                let verdict = BlockAssembly.execute(
                    BlockReveal(header: honest.header, body: body), on: state
                ).verdict
                #expect(verdict != .executes)
            }
        }
    }

    @Test func `nothing, oneself and a new account can be paid; twice they cannot`() throws {
        let (world, fixture) = try world()
        let odd = [
            try fixture.payment(amount: 0, fee: 0), try fixture.payment(recipient: 0),
            try fixture.payment(recipient: 2, recipientKey: .zero),
        ]
        for payment in odd {
            var fresh = world
            #expect(offer(payment, to: &fresh) == .accepted)
            guard case .refused(let reason) = offer(payment, to: &fresh) else {
                Issue.record("taken twice")
                continue
            }
            #expect(reason.contains("waits for a block already"))
            #expect(fresh.machine.mempool.count == 1)
        }
        // Both open the next account: the pool takes both, a block only the first.
        let openings = [
            odd[2],
            try fixture.payment(
                nonce: 0, keyIndex: 0, recipient: 2, recipientKey: .zero, sender: 1),
        ]
        let request = BuildRequest(
            slot: Slot(0), parent: BlockID(.zero), parentState: world.machine.rollup,
            payments: openings, feeShare: .zero)
        let built = BlockAssembly.build(request)
        #expect(try MessageCodec.decodeBlockBody(built.body).count == 1)
    }

    @Test func `a replacement that pays less is refused, and a flood of one account is bounded`()
        throws
    {
        var (world, fixture) = try world()
        let first = try fixture.payment(fee: 100)
        #expect(offer(first, to: &world) == .accepted)
        let cheaper = try fixture.payment(fee: 105, keyIndex: 6)
        guard case .refused(let reason) = offer(cheaper, to: &world) else {
            Issue.record("replaced")
            return
        }
        #expect(reason.contains("a fee of 110 units"))
        // All by account 0's present key, far beyond what an account may hold.
        var taken = 1
        for nonce in 4..<200 as Range<UInt64> {
            let payment = try fixture.payment(nonce: nonce, keyIndex: 5 + nonce % 8)
            if world.hear(.payment(payment), by: NodeWorld.stranger) == .passedOn { taken += 1 }
        }
        let parameters = MempoolParameters.standard(minimumFee: .zero)
        #expect(taken <= parameters.capacityPerAccount)
        #expect(world.machine.mempool.count == taken)
    }

    @Test func `a peer that brings many refused payments is not heard until the next heartbeat`()
        throws
    {
        var (world, fixture) = try world()
        let limit = NodeParameters.maximumRefusedPaymentsPerPeer
        // Each is another message; none can be taken, and none is wrong on every state.
        var outcomes: [NodeWorld.Outcome] = []
        for number in 0..<(limit + 5) {
            let stale = try fixture.payment(fee: UInt64(number), nonce: 2)
            outcomes.append(world.hear(.payment(stale), by: NodeWorld.stranger))
        }
        #expect(
            outcomes == Array(repeating: .ignored(.paymentRefused), count: limit)
                + Array(repeating: .ignored(.tooManyRefusedPayments), count: 5))
        let good = GossipMessage.payment(try fixture.payment())
        #expect(world.hear(good, by: NodeWorld.stranger) == .ignored(.tooManyRefusedPayments))
        _ = world.machine.handle(.deadline, at: .origin)
        #expect(world.machine.mempool.count == 0)
        let another = GossipMessage.payment(try fixture.payment(fee: 3, keyIndex: 6))
        #expect(world.hear(another, by: NodeWorld.stranger) == .passedOn)
    }
}
