import Cryptography
import Ledger
import Messages
import NodeCore
import Primitives
import Sequencing
import TestSupport
import Testing

/// Nodes find on the log who contradicts itself, and one of them reports it.
@Suite struct EquivocationTests {
    private typealias World = NodeWorld
    private let offender = NodeWorld.sequencers[0]
    private let members = NodeWorld.sequencers + NodeWorld.provers

    /// Up to the open phase of slot 0.
    private func world(as member: TestOperator) throws -> NodeWorld {
        var world = try NodeWorld(owner: member)
        try world.reach(.open)
        return world
    }

    private func proposal(
        _ feeShare: UInt64, in world: NodeWorld, nonce: UInt64, claimant: TestOperator? = nil
    ) throws -> LedgerTransaction {
        let proposal = try world.proposal(by: offender, feeShare: feeShare, claimant: claimant)
        return World.transaction(.fernetProposal(proposal), by: offender, nonce: nonce)
    }

    private func evidence(in submissions: [Submission]) throws -> [Evidence] {
        try submissions.compactMap { submission in
            guard case .body(.evidence, let bytes) = submission.content,
                case .evidence(let evidence) = try MessageCodec.decodeBody(.evidence, from: bytes)
            else { return nil }
            return evidence
        }
    }

    /// Folds the offender's two proposals; what each later tick wants on the log, for `count` ticks.
    @inline(never)
    private func reports(
        by member: TestOperator, ticks count: Int,
        _ change: (inout NodeWorld) throws -> Void = { _ in }
    ) throws -> [[Evidence]] {
        var world = try world(as: member)
        try change(&world)
        world.submit(try proposal(1, in: world, nonce: 10))
        world.submit(try proposal(2, in: world, nonce: 11))
        var reports: [[Evidence]] = []
        for _ in 0..<count {
            try world.tick()
            reports.append(try evidence(in: world.submissions))
        }
        return reports
    }

    @Test func `whoever contradicts itself on the log is reported, by one after the other`() throws
    {
        // Four are admitted; the offender itself stays silent.
        var turns: [Int] = []
        for member in members {
            let reports = try reports(by: member, ticks: 20)
            let found = reports.flatMap { $0 }
            #expect(found.count == (member.key == offender.key ? 0 : 1))
            if let turn = reports.firstIndex(where: { !$0.isEmpty }) { turns.append(turn) }
        }
        let ticks = Int(NodeParameters.evidenceTurnTicks)
        #expect(turns.sorted() == [0, ticks, 2 * ticks])
    }

    @Test func `the evidence that a node reports is punished`() throws {
        for member in members where member.key != offender.key {
            var world = try world(as: member)
            world.submit(try proposal(1, in: world, nonce: 10))
            world.submit(try proposal(2, in: world, nonce: 11))
            var found: [Evidence] = []
            while found.isEmpty {
                try world.tick()
                found = try evidence(in: world.submissions)
            }
            let act = Act(slot: Slot(0), key: offender.key, duty: .proposal)
            #expect(world.machine.ledger.isPunishable(act))
            world.submit(.evidence(found[0]), by: member)
            try world.tick()
            #expect(!world.machine.ledger.isPunishable(act))
            let stake = world.machine.ledger.stake(of: offender.key, role: .sequencer)
            #expect(stake.units == World.stake.units * 9 / 10)
        }
    }

    @Test func `what is reported already is not reported again`() throws {
        for member in members where member.key != offender.key {
            var world = try world(as: member)
            let first = try proposal(1, in: world, nonce: 10)
            let second = try proposal(2, in: world, nonce: 11)
            let other = members.first { $0.key != member.key && $0.key != offender.key }
            world.submit(first)
            world.submit(second)
            world.submit(.evidence(Evidence(first: first, second: second)), by: try #require(other))
            for _ in 0..<20 {
                try world.tick()
                #expect(try evidence(in: world.submissions).isEmpty)
            }
        }
    }

    @Test func `whoever is not admitted or has no money reports nothing`() throws {
        #expect(try reports(by: World.stranger, ticks: 20).flatMap { $0 }.isEmpty)
        let member = World.provers[0]
        let poor = try reports(by: member, ticks: 20) { world in
            let held = world.machine.ledger.balance(of: member.key)
            let rest = Amount(units: held.units - 10)
            world.submit(
                .transfer(Transfer(recipient: World.provers[1].key, amount: rest)), by: member)
            try world.tick()
        }
        #expect(poor.flatMap { $0 }.isEmpty)
    }

    @Test func `two reveals of the leader are reported`() throws {
        var world = try NodeWorld(owner: World.provers[0])
        try world.reach(.reveal)
        let leader = try world.leader
        var other = try world.header()
        other.paymentRoot = try #require(FieldDigest(elements: [3, 1, 2, 3]))
        for (nonce, header) in [(20, try world.header()), (21, other)] as [(UInt64, BlockHeader)] {
            let reveal = BlockReveal(header: header, body: [])
            world.submit(World.transaction(.blockReveal(reveal), by: leader, nonce: nonce))
        }
        var found: [Evidence] = []
        for _ in 0..<20 {
            try world.tick()
            found += try evidence(in: world.submissions)
        }
        #expect(found.count == 1)
        #expect(found.first?.first.key == leader.key && found.first?.first.kind == .blockReveal)
    }
}
