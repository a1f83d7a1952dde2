import Cryptography
import Ledger
import Messages
import NodeCore
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

/// What is remembered of the log, and what is taken for a contradiction.
@Suite struct EquivocationLookoutTests {
    private let keys = NodeWorld.sequencers.map(\.key)

    private func lookout(expiryTicks: UInt64 = 100) -> EquivocationLookout {
        EquivocationLookout(networkID: NodeWorld.networkID, expiryTicks: expiryTicks)
    }

    private func proposal(
        _ feeShare: UInt64, slot: UInt64 = 0, by signer: TestOperator = NodeWorld.sequencers[0],
        claim: UInt8 = 1, networkID: NetworkID = NodeWorld.networkID
    ) throws -> LedgerTransaction {
        let proof = try #require(VRFProof([UInt8](repeating: claim, count: 80)))
        let proposal = FernetProposal(
            slot: Slot(slot), parent: BlockID(.zero), blockCommitment: .zero,
            feeShare: try #require(BasisPoints(feeShare)), vrfProof: proof)
        return NodeWorld.transaction(
            .fernetProposal(proposal), by: signer, nonce: feeShare + 1, networkID: networkID)
    }

    private func forged(_ transaction: LedgerTransaction) throws -> LedgerTransaction {
        LedgerTransaction(
            networkID: transaction.networkID, key: transaction.key, nonce: transaction.nonce,
            kind: transaction.kind, bodyBytes: transaction.bodyBytes,
            signature: try #require(Signature([UInt8](repeating: 7, count: 64))),
            body: transaction.body)
    }

    @Test func `two proposals that differ are found once, in whatever blocks they come`() throws {
        var lookout = lookout()
        lookout.opened(Slot(0), at: Height(1), sequencers: keys)
        #expect(lookout.look(through: [try proposal(1)]).isEmpty)
        let found = lookout.look(through: [try proposal(2), try proposal(3)])
        let act = Act(slot: Slot(0), key: keys[0], duty: .proposal)
        #expect(found.map(\.act) == [act])
        #expect(found.first?.evidence == Evidence(first: try proposal(1), second: try proposal(2)))
        #expect(lookout.look(through: [try proposal(4)]).isEmpty)
    }

    @Test func `the same proposal with another claim or nonce is no contradiction`() throws {
        var lookout = lookout()
        lookout.opened(Slot(0), at: Height(1), sequencers: keys)
        let found = lookout.look(through: [
            try proposal(1), try proposal(1, claim: 2), try proposal(1),
        ])
        #expect(found.isEmpty)
    }

    @Test func `what nobody signed is neither evidence nor in its way`() throws {
        var lookout = lookout()
        lookout.opened(Slot(0), at: Height(1), sequencers: keys)
        let network = NetworkID(genesisNonce: [99])
        let noise = [
            try forged(proposal(9)), try proposal(1), try forged(proposal(8)),
            try proposal(7, networkID: network), try proposal(6, by: NodeWorld.sequencers[1]),
            try proposal(5, by: NodeWorld.stranger), try proposal(4, by: NodeWorld.stranger),
            try proposal(3, slot: 1),
        ]
        #expect(lookout.look(through: noise).isEmpty)
        #expect(lookout.look(through: [try proposal(2)]).count == 1)
    }

    @Test func `old slots are forgotten, by number and when evidence expires`() throws {
        let slots = UInt64(NodeParameters.maximumWatchedSlots)
        for (count, ticks, isKept) in [
            (slots - 1, 1, true), (slots, 1, false), (1, 99, true), (1, 101, false),
        ] as [(UInt64, UInt64, Bool)] {
            var lookout = lookout()
            lookout.opened(Slot(0), at: Height(1), sequencers: keys)
            _ = lookout.look(through: [try proposal(1)])
            for slot in 1...count {
                lookout.opened(Slot(slot), at: Height(1 + slot * ticks), sequencers: keys)
            }
            #expect(lookout.look(through: [try proposal(2)]).isEmpty != isKept)
        }
    }

    @Test func `only the leader's reveals are remembered`() throws {
        let header = BlockHeader(
            slot: Slot(0), round: 0, parent: BlockID(.zero), stateBefore: .zero, stateAfter: .zero,
            paymentRoot: .zero, leafCount: 0, feeSum: .zero, bodyHash: .zero)
        let reveals = [[1], [2]].map { (body: [UInt8]) in
            NodeWorld.transaction(
                .blockReveal(BlockReveal(header: header, body: body)),
                by: NodeWorld.sequencers[0])
        }
        for leader in keys {
            var lookout = lookout()
            lookout.opened(Slot(0), at: Height(1), sequencers: keys)
            #expect(lookout.look(through: reveals).isEmpty)
            lookout.elected(leader, in: Slot(0))
            #expect(lookout.look(through: reveals).count == (leader == keys[0] ? 1 : 0))
        }
    }
}
