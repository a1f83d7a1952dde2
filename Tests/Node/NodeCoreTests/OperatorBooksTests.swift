import Cryptography
import Ledger
import NodeCore
import Payments
import Primitives
import ProverElection
import Sequencing
import TestSupport
import Testing
import VRF

/// Books by hand; `BooksTests` has whole networks.
@Suite struct OperatorBooksTests {
    private let own = NodeWorld.provers[0]
    private let other = NodeWorld.provers[1]

    private static let held = Amount(units: 1_000)

    private func block(_ transactions: [LedgerTransaction]) -> LogBlock {
        let header = LogHeader(
            height: Height(5), timeMilliseconds: 0, previousHash: .zero,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        return LogBlock(
            header: NodeWorld.signed(header, by: NodeWorld.authority), transactions: transactions)
    }

    private func books(_ events: [LedgerEvent]) -> OperatorBooks {
        var books = OperatorBooks(key: own.key, balance: Self.held)
        books.record(block([]), events: events, balance: Self.held)
        return books
    }

    @Test func `a stake counts unless its registration is dropped or refused; the rest is fees`() {
        func registration(_ nonce: UInt64, by sender: TestOperator) -> LedgerTransaction {
            NodeWorld.transaction(
                .register(
                    Registration(
                        role: .prover, vrfKey: own.vrf.publicKey, stake: Amount(units: 7),
                        possession: own.vrf.prove([1]).proof)), by: sender, nonce: nonce)
        }
        let all = [
            registration(1, by: own), registration(2, by: own), registration(1, by: other),
            registration(3, by: own),
        ]
        var books = OperatorBooks(key: own.key, balance: Self.held)
        books.record(
            block(all),
            events: [
                .dropped(transactionID: all[1].id, key: own.key, kind: .register, .signature),
                .refused(transactionID: all[3].id, key: own.key, kind: .register, .zeroAmount),
                .exited(role: .prover, key: own.key, amount: Amount(units: 5)),
            ], balance: Amount(units: 1_000 - 7 + 5 - 20))
        #expect(books.totals.stakedUnits == 7)
        #expect(books.totals.unstakedUnits == 5)
        #expect(books.totals.feeUnits == 20)
        #expect(books.totals.refusedTransactionCount == 1)
    }

    @Test func `fees are what the network asks, the opening of an account included`() throws {
        var world = try NodeWorld(roles: .prover, owner: own)
        let balance = world.machine.ledger.balance(of: own.key)
        let fees = world.machine.ledger.rules.fees
        let amount = Amount(units: 500)
        world.submit(
            .transfer(Transfer(recipient: TestOperator.key(77), amount: amount)), by: own)
        world.submit(.transfer(Transfer(recipient: other.key, amount: amount)), by: own)
        world.submit(.transfer(Transfer(recipient: own.key, amount: amount)), by: other)
        try world.tick()
        let totals = world.machine.books.totals
        #expect(fees.account > .zero)
        #expect(totals.feeUnits == UInt128(2 * fees.transfer.units + fees.account.units))
        #expect((totals.sentUnits, totals.receivedUnits) == (1_000, 500))
        #expect(
            UInt128(balance.units) + totals.creditUnits - totals.debitUnits
                == UInt128(world.machine.ledger.balance(of: own.key).units))
    }

    @Test func `transfers, rewards and slashes are booked for the key alone`() {
        let three = Amount(units: 3)
        func slashing(_ key: OperatorKey) -> LedgerEvent {
            .slashed(
                Slashing(
                    role: .prover, key: key, slot: Slot(4), offence: .equivocation, amount: three,
                    reporter: nil))
        }
        let totals = books([
            .transferred(transactionID: .zero, from: own.key, to: other.key, amount: three),
            .transferred(
                transactionID: .zero, from: other.key, to: own.key, amount: Amount(units: 5)),
            .transferred(
                transactionID: .zero, from: own.key, to: own.key, amount: Amount(units: 8)),
            .rewarded(key: own.key, amount: Amount(units: 11), .report),
            .rewarded(key: other.key, amount: three, .prover(Slot(4))),
            slashing(own.key), slashing(other.key),
        ]).totals
        #expect(totals.sentUnits == 11)
        #expect(totals.receivedUnits == 13)
        #expect(totals.paidForReportsUnits == 11)
        #expect(totals.paidUnits == 11)
        #expect(totals.slashedUnits == 3)
    }

    @Test func `a leader that does not reveal and a seal that is not opened are missed duties`() {
        let ended = books([
            .slotOpened(Slot(4), at: Height(1), beacon: Beacon(TestOperator.digest(1).rawBytes)),
            .committed(Slot(4), key: own.key),
            .skipped(Slot(4), .noProposal, at: Height(5)),
            .slotOpened(Slot(5), at: Height(6), beacon: Beacon(TestOperator.digest(2).rawBytes)),
            .committed(Slot(5), key: own.key),
            .proposed(Slot(5), key: own.key, feeShare: .zero),
            .leaderElected(Slot(5), key: own.key, feeShare: .zero, candidates: 1),
            .slashed(
                Slashing(
                    role: .sequencer, key: own.key, slot: Slot(5), offence: .noReveal,
                    amount: Amount(units: 9), reporter: nil)),
            .skipped(Slot(5), .noReveal(leader: own.key), at: Height(9)),
        ])
        #expect(ended.open == nil)
        #expect(ended.slots.map(\.slot) == [Slot(4), Slot(5)])
        #expect(ended.slots[1].slashedUnits == 9)
        #expect(ended.slots[1].isLeader)
        #expect(ended.totals.missedOpeningCount == 1)
        #expect(ended.totals.missedRevealCount == 1)
        #expect((ended.totals.ledCount, ended.totals.wonCount) == (1, 0))
    }

    @Test func `of a final tree own nodes are proven or missed, others' are helped`() throws {
        let fixture = try ProvingFixture()
        let nodes = fixture.assignment.leafProvers + fixture.assignment.mergeProvers
        let own = fixture.assignment.leafProvers[0]
        let stranger = TestOperator.key(99)
        // One of its own nodes is proven by another, one of another's by it.
        var provers = nodes
        let missed = try #require(nodes.lastIndex(of: own))
        provers[missed] = stranger
        let helped = try #require(nodes.firstIndex { $0 != own })
        provers[helped] = own
        let header = fixture.header
        let contributions = Contributions(
            leaves: provers.prefix(fixture.leaves.count).map {
                Contributions.Leaf(
                    prover: $0, stateBefore: header.stateBefore, stateAfter: header.stateAfter)
            }, merges: Array(provers.dropFirst(fixture.leaves.count)))
        let blockID = BlockIdentity.blockID(of: header, networkID: ProvingFixture.networkID)
        let final = FinalBlock(
            slot: header.slot, blockID: blockID, header: header, sequencer: stranger,
            feeShare: .zero, openingHeight: Height(1), revealHeight: Height(5), height: Height(9),
            submitter: own, contributions: contributions, payouts: [], forfeited: .zero)
        var books = OperatorBooks(key: own, balance: .zero)
        books.record(
            block([]),
            events: [
                .slotOpened(
                    header.slot, at: Height(1), beacon: Beacon(TestOperator.digest(1).rawBytes)),
                .elected(header.slot, blockID: blockID, assignment: fixture.assignment),
                .finalised(final),
                .rewarded(key: own, amount: Amount(units: 4), .prover(header.slot)),
            ], balance: Amount(units: 4))
        let slot = try #require(books.slots.first)
        let count = nodes.count { $0 == own }
        #expect(slot.electedUnits == count)
        #expect(slot.provenUnits == count - 1)
        #expect((slot.missedUnits, slot.helpedUnits) == (1, 1))
        #expect(slot.paidAsProverUnits == 4)
        #expect(books.totals.paidAsProverUnits == 4)
        #expect(books.totals.missedUnits == 1)
    }

    @Test func `old slots are forgotten, their sums are not`() {
        let beacon = Beacon(TestOperator.digest(1).rawBytes)
        let count = UInt64(NodeParameters.maximumBookedSlots + 10)
        let books = books(
            (0..<count).flatMap { number -> [LedgerEvent] in
                [
                    .slotOpened(Slot(number), at: Height(number), beacon: beacon),
                    .committed(Slot(number), key: own.key),
                    .skipped(Slot(number), .emptyPool, at: Height(number)),
                ]
            })
        #expect(books.slots.count == NodeParameters.maximumBookedSlots)
        #expect(books.slots.last?.slot == Slot(count - 1))
        #expect(books.totals.sealedCount == Int(count))
    }
}
