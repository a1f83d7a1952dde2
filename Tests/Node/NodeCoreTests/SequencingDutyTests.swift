import NodeCore
import Payments
import Primitives
import TestSupport
import Testing
import VRF

@Suite struct SequencingDutyTests {
    private static let networkID = NetworkID(genesisNonce: [3])
    private let sequencer = TestOperator("sequencer")

    private func duty() throws -> SequencingDuty {
        SequencingDuty(
            key: sequencer.key, networkID: Self.networkID, slot: Slot(2), parent: BlockID(.zero),
            feeShare: try #require(BasisPoints(5_000)))
    }

    private func block(leafCount: Int, feeShare: UInt64 = 5_000) throws -> BuiltBlock {
        BuiltBlock(
            header: BlockHeader(
                slot: Slot(2), round: 0, parent: BlockID(.zero), stateBefore: .zero,
                stateAfter: .zero, paymentRoot: .zero, leafCount: leafCount, feeSum: .zero,
                bodyHash: BlockHeader.bodyHash(ofEncodedBody: [])), body: [],
            feeShare: try #require(BasisPoints(feeShare)))
    }

    private func situation(
        _ phase: SequencingDuty.Situation.Phase,
        _ change: (inout SequencingDuty.Situation) -> Void = { _ in }
    ) -> SequencingDuty.Situation {
        var situation = SequencingDuty.Situation(
            phase: phase, isSealed: false, isOpened: false, leads: false, isRevealed: false,
            isElected: false)
        change(&situation)
        return situation
    }

    private var claim: VRFProof { sequencer.vrf.prove([1]).proof }

    private func proposal(of block: BuiltBlock) throws -> FernetProposal {
        FernetProposal(
            slot: Slot(2), parent: BlockID(.zero), blockCommitment: block.header.commitment,
            feeShare: block.feeShare, vrfProof: claim)
    }

    @Test func `each stage is done once, in its phase`() throws {
        var duty = try duty()
        let block = try block(leafCount: 2)
        let proposal = try proposal(of: block)
        let election = Election(
            slot: Slot(2),
            blockID: BlockIdentity.blockID(of: block.header, networkID: Self.networkID),
            vrfProof: claim)
        let steps: [(SequencingDuty.Situation, [SequencingDuty.Step])] = [
            (situation(.propose), [.prepare]), (situation(.propose), []),
        ]
        for (situation, expected) in steps { #expect(duty.advance(situation) == expected) }
        duty.built(block)
        duty.vrfProved(.fernet, claim)
        #expect(duty.advance(situation(.propose)) == [.seal(proposal)])
        #expect(duty.advance(situation(.propose)).isEmpty)
        let sealed = situation(.open) { $0.isSealed = true }
        #expect(duty.advance(sealed) == [.open(proposal)])
        #expect(duty.advance(sealed).isEmpty)
        let leads = situation(.reveal) { $0.leads = true }
        let reveal = BlockReveal(header: block.header, body: block.body)
        #expect(duty.advance(leads) == [.reveal(reveal), .proveTree])
        duty.vrfProved(.tree, claim)
        #expect(duty.advance(leads) == [.elect(election)])
        #expect(duty.advance(leads).isEmpty)
    }

    @Test(arguments: [true, false])
    func `a seal waits for block and claim, in any order`(blockFirst: Bool) throws {
        var duty = try duty()
        _ = duty.advance(situation(.propose))
        if blockFirst {
            duty.built(try block(leafCount: 1))
        } else {
            duty.vrfProved(.fernet, claim)
        }
        #expect(duty.advance(situation(.propose)).isEmpty)
        if blockFirst {
            duty.vrfProved(.fernet, claim)
        } else {
            duty.built(try block(leafCount: 1))
        }
        #expect(duty.advance(situation(.propose)).count == 1)
    }

    @Test func `a second block or claim changes nothing`() throws {
        var duty = try duty()
        duty.built(try block(leafCount: 1))
        duty.vrfProved(.fernet, claim)
        duty.built(try block(leafCount: 2))
        duty.vrfProved(.fernet, sequencer.vrf.prove([2]).proof)
        _ = duty.advance(situation(.propose))
        #expect(
            duty.advance(situation(.propose)) == [.seal(try proposal(of: block(leafCount: 1)))])
    }

    @Test func `after a restart a sealed proposal is opened as it was sealed`() throws {
        var duty = try duty()
        let sealed = situation(.open) { $0.isSealed = true }
        #expect(duty.advance(sealed) == [.prepare])
        // The shell has kept both.
        duty.built(try block(leafCount: 2))
        duty.vrfProved(.fernet, claim)
        #expect(duty.advance(sealed) == [.open(try proposal(of: block(leafCount: 2)))])
    }

    @Test func `after a restart with other terms the sealed ones are opened`() throws {
        var duty = try duty()
        let kept = try block(leafCount: 2, feeShare: 1_000)
        let sealed = situation(.open) { $0.isSealed = true }
        _ = duty.advance(sealed)
        duty.built(kept)
        duty.vrfProved(.fernet, claim)
        #expect(duty.advance(sealed) == [.open(try proposal(of: kept))])
        #expect(duty.feeShare == kept.feeShare)
    }

    @Test func `after a restart what is on the log is not sent again`() throws {
        var duty = try duty()
        duty.built(try block(leafCount: 2))
        duty.vrfProved(.fernet, claim)
        duty.vrfProved(.tree, claim)
        let sealed = situation(.propose) { $0.isSealed = true }
        #expect(duty.advance(sealed) == [.prepare])
        #expect(duty.advance(sealed).isEmpty)
        let opened = situation(.open) {
            $0.isSealed = true
            $0.isOpened = true
        }
        #expect(duty.advance(opened).isEmpty)
        let elected = situation(.reveal) {
            $0.leads = true
            $0.isRevealed = true
            $0.isElected = true
        }
        #expect(duty.advance(elected).isEmpty)
    }

    @Test func `after a restart a leader reveals and elects what is still missing`() throws {
        var duty = try duty()
        let revealed = situation(.reveal) {
            $0.leads = true
            $0.isRevealed = true
        }
        #expect(duty.advance(revealed) == [.prepare])
        duty.built(try block(leafCount: 2))
        #expect(duty.advance(revealed) == [.proveTree])
        duty.vrfProved(.tree, claim)
        #expect(duty.advance(revealed).count == 1)
    }

    @Test func `whoever did not seal opens nothing, and whoever does not lead reveals nothing`()
        throws
    {
        var duty = try duty()
        duty.built(try block(leafCount: 2))
        duty.vrfProved(.fernet, claim)
        #expect(duty.advance(situation(.open)).isEmpty)
        #expect(duty.advance(situation(.reveal)).isEmpty)
        #expect(duty.advance(situation(.other) { $0.leads = true }).isEmpty)
    }

    @Test func `an empty block is revealed without an election`() throws {
        var duty = try duty()
        let empty = try block(leafCount: 0)
        duty.built(empty)
        duty.vrfProved(.tree, claim)
        let leads = situation(.reveal) { $0.leads = true }
        _ = duty.advance(leads)
        #expect(
            duty.advance(leads) == [.reveal(BlockReveal(header: empty.header, body: []))])
    }
}
