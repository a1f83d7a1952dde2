import Cryptography
import Foundation
import Ledger
import NodeAPI
import NodeCore
import NodeRuntime
import Primitives
import ProverElection
import Testing

@Suite struct AnswerTests {
    private func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    @Test func `the names of the fields are those that were promised`() throws {
        #expect(try text(Example.status) == Example.statusText)
        #expect(try text(Example.earnings) == Example.earningsText)
        #expect(try text(Example.openTree) == Example.treeText)
        #expect(try text(Example.blocks) == Example.endedText)
    }

    @Test func `a node of a final tree is paid if its elected prover proved it`() {
        let assignment = Example.assignment
        let elected = assignment.leafProvers + assignment.mergeProvers
        let stranger = Example.key(8)
        for (index, prover) in [(0, stranger), (1, elected[1]), (2, stranger)] {
            var provers = elected
            provers[index] = prover
            let node = TreeAnswer(Example.record(provers: provers)).nodes[index]
            #expect(node.elected == elected[index].hex)
            #expect(node.prover == prover.hex)
            #expect(node.isPaid == (prover == elected[index]))
            #expect(node.state == "included")
        }
    }

    @Test func `a final tree lists leaves, then merges, each with its range`() {
        let tree = Example.finalTree
        #expect(tree.state == .final)
        #expect(tree.nodes.map(\.firstLeaf) == [0, 1, 0])
        #expect(tree.nodes.map(\.leafCount) == [1, 1, 2])
        #expect(tree.payouts.map(\.role) == ["sequencer", "prover"])
        #expect(tree.payouts.map(\.amountUnits) == [4, 2])
    }

    @Test func `a final block is told with sizes, times, provers and payouts`() {
        let record = Example.record(provers: [Example.key(2), Example.key(1), Example.key(2)])
        let ended = EndedSlot(.final(record))
        #expect(ended.outcome == .final)
        #expect((ended.slot, ended.height) == (7, 20))
        #expect((ended.payments, ended.leaves, ended.merges) == (8, 2, 1))
        #expect(ended.provers == [Example.key(1).hex, Example.key(2).hex])
        #expect(ended.sequencer == Example.key(9).hex)
        #expect(ended.rootProofBytes == 1_000)
        #expect(ended.secondsFromReveal == 1.5)
        #expect((ended.feesUnits, ended.forfeitedUnits) == (7, 1))
        #expect(ended.payouts.map(\.units) == [0, 2])
    }

    @Test(arguments: [
        (SkipReason.emptyPool, "emptyPool"), (.noCommit, "noCommit"),
        (.noProposal, "noProposal"), (.noReveal(leader: Example.key(5)), "noReveal"),
        (.noRootProof, "noRootProof"),
    ])
    func `a skipped slot says why and whose fault it was`(reason: SkipReason, name: String) {
        let ended = EndedSlot(.skipped(Slot(3), reason, at: Height(30)))
        #expect(ended.outcome == .skipped)
        #expect(ended.reason == name)
        #expect(ended.sequencer == (name == "noReveal" ? Example.key(5).hex : nil))
        let tree = TreeAnswer(skipped: Slot(3), reason)
        #expect(tree.state == .skipped)
        #expect(tree.reason == name)
    }

    @Test func `a folded block is one event and one for each thing that it did`() throws {
        let (key, other) = (Example.key(1), Example.key(2))
        let final = Example.record(provers: [key, key, key]).block
        let range = try #require(LeafRange(first: 0, count: 2))
        let three = Amount(units: 3)
        let slashing = Slashing(
            role: .sequencer, key: key, slot: Slot(7), offence: .noReveal, amount: three,
            reporter: other)
        let intent = Intent(
            sequence: 1, firstSlot: Slot(7), lastSlot: Slot(9), capacity: 1, minFeePerUnit: .zero)
        let table: [(LedgerEvent, EventAnswer.Name)] = [
            (.committed(Slot(7), key: key), .commit),
            (.proposed(Slot(7), key: key, feeShare: .zero), .proposal),
            (.leaderElected(Slot(7), key: key, feeShare: .zero, candidates: 2), .leader),
            (.revealed(Slot(7), blockID: final.blockID, header: final.header), .revealed),
            (.elected(Slot(7), blockID: final.blockID, assignment: Example.assignment), .elected),
            (.proofCommitted(Slot(7), range: range, key: key, at: Height(6)), .proofCommitted),
            (.finalised(final), .final),
            (.skipped(Slot(7), .noRootProof, at: Height(6)), .skipped),
            (.slashed(slashing), .slashed),
            (.rewarded(key: key, amount: three, .prover(Slot(7))), .rewarded),
            (.intentLogged(key: key, intent), .intent),
            (.registered(role: .prover, key: key, stake: three), .registered),
            (.exiting(role: .prover, key: key, paidAt: Height(9)), .exiting),
            (.exited(role: .prover, key: key, amount: three), .exited),
            (
                .transferred(transactionID: .zero, from: key, to: other, amount: three),
                .transferred
            ),
            (.refused(transactionID: .zero, key: key, kind: .transfer, .zeroAmount), .refused),
            (.dropped(transactionID: .zero, key: key, kind: .transfer, .signature), .dropped),
        ]
        let events = EventAnswer.events(of: .folded(Height(6), events: table.map(\.0)))
        #expect(events.map(\.event) == [.folded] + table.map(\.1))
        #expect(events[0].height == 6)
        #expect(events[1...11].allSatisfy { $0.slot == 7 })
        #expect(events[12...].allSatisfy { $0.slot == nil })
        #expect(events[9].otherKey == other.hex)
        #expect(events[9].amountUnits == 3)
        #expect(events[10].role == "prover")
        #expect(events[11].lastSlot == 9)
    }

    @Test func `what a node and its peers do is told with leaf range and key`() throws {
        let range = try #require(LeafRange(first: 2, count: 2))
        let key = Example.key(3)
        let table: [(NodeReport, EventAnswer.Name, String?, String?)] = [
            (.proving(Slot(1), range), .proving, nil, nil),
            (.proven(Slot(1), range), .proven, nil, nil),
            (.committed(Slot(1), range, prover: key), .committed, key.hex, nil),
            (.obtained(Slot(1), range, prover: key), .obtained, key.hex, nil),
            (.helping(Slot(1), range, insteadOf: key), .helping, nil, key.hex),
        ]
        for (report, name, actor, other) in table {
            let events = EventAnswer.events(of: report)
            #expect(events.map(\.event) == [name])
            #expect((events[0].firstLeaf, events[0].leafCount) == (2, 2))
            #expect((events[0].key, events[0].otherKey) == (actor, other))
        }
    }
}
