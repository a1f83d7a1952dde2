import Cryptography
import Ledger
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

/// The phases of a slot and the race for it.
@Suite struct FernetSlotTests {
    let sequencer = LedgerWorld.sequencers[0]

    func opened(_ change: (inout TestRules) -> Void = { _ in }) throws -> LedgerWorld {
        var world = try LedgerWorld(change)
        try world.tick(until: .propose)
        return world
    }

    @Test func `slot 0 opens at the first slot height`() throws {
        var world = try LedgerWorld { $0.firstSlotHeight = 3 }
        for _ in 0..<2 { try world.tick() }
        #expect(world.ledger.slot == nil)
        try world.tick()
        #expect(world.ledger.slot?.openingHeight == Height(3))
        #expect(
            world.events == [
                .slotOpened(
                    Slot(0), at: Height(3), beacon: Beacon(Bytes32(words: 1, 2, 3, 4)))
            ])
    }

    @Test func `a slot without a sealed proposal is skipped at the end of propose`() throws {
        var world = try opened()
        try world.tick()
        #expect(world.skips.isEmpty)
        try world.tick()
        #expect(world.skips == [.noCommit])
        #expect(world.ledger.slot?.slot == Slot(1))
        #expect(world.ledger.slot?.openingHeight == world.ledger.nextHeight)
        #expect(world.ledger.skippedSlotCount == 1)
    }

    @Test func `a slot without an opened proposal is skipped at the end of open`() throws {
        var world = try opened()
        let commit = FernetCommit(slot: Slot(0), proposalHash: .zero)
        world.submit(.fernetCommit, .fernetCommit(commit), by: sequencer)
        for _ in 0..<3 { try world.tick() }
        #expect(world.skips.isEmpty)
        try world.tick()
        #expect(world.skips == [.noProposal] && world.slashings.isEmpty)
    }

    @Test func `a key's first commit in a slot is its only one`() throws {
        var world = try opened()
        let first = FernetCommit(slot: Slot(0), proposalHash: .zero)
        let second = FernetCommit(slot: Slot(0), proposalHash: Digest(Bytes32(words: 1, 0, 0, 0)))
        world.submit(.fernetCommit, .fernetCommit(first), by: sequencer)
        world.submit(.fernetCommit, .fernetCommit(second), by: sequencer)
        try world.tick()
        #expect(world.refusals == [.alreadyCommitted])
        #expect(world.ledger.slot?.seals[sequencer.key] == .zero)
    }

    @Test func `only an admitted sequencer commits, in the propose phase of the open slot`()
        throws
    {
        var world = try opened()
        let commit = LedgerBody.fernetCommit(FernetCommit(slot: Slot(0), proposalHash: .zero))
        world.submit(.fernetCommit, commit, by: LedgerWorld.provers[0])
        let ahead = FernetCommit(slot: Slot(1), proposalHash: .zero)
        world.submit(.fernetCommit, .fernetCommit(ahead), by: sequencer)
        world.submit(.fernetCommit, commit, by: LedgerWorld.sequencers[1])
        try world.tick()
        #expect(
            world.refusals == [
                .notAdmitted, .wrongSlot(expected: Slot(0), found: Slot(1)),
            ])
        try world.tick()
        #expect(world.ledger.phase == .open)
        world.submit(.fernetCommit, commit, by: sequencer)
        try world.tick()
        #expect(world.refusals == [.wrongPhase])
    }

    @Test func `a proposal counts only if it matches its seal`() throws {
        var world = try opened()
        let honest = world.proposal(of: world.header(), by: sequencer)
        let commit = world.seal(of: honest, by: sequencer)
        world.submit(.fernetCommit, .fernetCommit(commit), by: sequencer)
        try world.tick(until: .open)
        let outbid = world.proposal(of: world.header(), by: sequencer, feeShare: 9_999)
        world.submit(.fernetProposal, .fernetProposal(outbid), by: sequencer)
        world.submit(.fernetProposal, .fernetProposal(honest), by: LedgerWorld.sequencers[1])
        world.submit(.fernetProposal, .fernetProposal(honest), by: sequencer)
        world.submit(.fernetProposal, .fernetProposal(honest), by: sequencer)
        try world.tick()
        #expect(world.refusals == [.sealBroken, .notCommitted, .alreadyProposed])
        #expect(world.ledger.slot?.proposals.count == 1)
    }

    @Test func `a copied seal does not open for the copier`() throws {
        var world = try opened()
        let honest = world.proposal(of: world.header(), by: sequencer)
        let copier = LedgerWorld.sequencers[1]
        world.submit(
            .fernetCommit, .fernetCommit(world.seal(of: honest, by: sequencer)), by: copier)
        try world.tick(until: .open)
        world.submit(.fernetProposal, .fernetProposal(honest), by: copier)
        try world.tick()
        #expect(world.refusals == [.sealBroken])
    }

    @Test func `a proposal must build on the last final block`() throws {
        var world = try opened()
        let header = world.header { $0.parent = BlockID(LedgerWorld.digest(77)) }
        let stray = world.proposal(of: header, by: sequencer)
        let commit = world.seal(of: stray, by: sequencer)
        world.submit(.fernetCommit, .fernetCommit(commit), by: sequencer)
        try world.tick(until: .open)
        world.submit(.fernetProposal, .fernetProposal(stray), by: sequencer)
        try world.tick()
        #expect(
            world.refusals == [
                .wrongParent(expected: world.ledger.parent.blockID, found: header.parent)
            ])
    }

    @Test func `a proposal must prove the draw of its own VRF key for this slot`() throws {
        var world = try opened()
        let header = world.header()
        let stolen = world.proposal(of: header, by: LedgerWorld.sequencers[1])
        let commit = FernetCommit(
            slot: Slot(0),
            proposalHash: FernetProposal.sealingHash(
                networkID: LedgerWorld.networkID, key: sequencer.key,
                bodyBytes: LedgerWorld.encoded(.fernetProposal(stolen))))
        world.submit(.fernetCommit, .fernetCommit(commit), by: sequencer)
        try world.tick(until: .open)
        world.submit(.fernetProposal, .fernetProposal(stolen), by: sequencer)
        try world.tick()
        #expect(world.refusals == [.invalidVRFProof])
    }

    @Test func `the best score leads`() throws {
        var world = try opened()
        try world.race(world.header())
        let slot = try #require(world.ledger.slot)
        let candidates = slot.proposals.elements.map { key, opened in
            FernetCandidate(
                key: key, output: opened.output, feeShare: opened.proposal.feeShare,
                stake: opened.stake)
        }
        let best = try #require(FernetElection.leader(among: candidates, rule: .literal))
        #expect(slot.leader == best.key && candidates.count == 3)
    }

    @Test func `a leader that does not reveal is slashed and the slot skipped`() throws {
        var world = try opened()
        try world.race(world.header())
        let leader = world.leader.key
        let before = world.ledger
        try world.tick()
        #expect(world.slashings.isEmpty)
        try world.tick()
        let penalty = Amount(units: LedgerWorld.ide)
        #expect(
            world.slashings == [
                Slashing(
                    role: .sequencer, key: leader, slot: Slot(0), offence: .noReveal,
                    amount: penalty, reporter: nil)
            ])
        #expect(world.skips == [.noReveal(leader: leader)])
        #expect(world.ledger.burned - before.burned == UInt128(penalty.units))
    }

    @Test func `a slot without a root proof by its deadline is skipped and nobody is slashed`()
        throws
    {
        var world = try opened()
        try world.reachProving()
        let deadline = try #require(world.ledger.slot?.elected?.provingDeadline)
        while world.ledger.nextHeight < deadline { try world.tick() }
        #expect(world.ledger.slot?.slot == Slot(0))
        let parent = world.ledger.parent
        try world.tick()
        #expect(world.skips == [.noRootProof] && world.slashings.isEmpty)
        #expect(world.ledger.parent == parent && world.ledger.finalBlocks.isEmpty)
    }

    @Test func `a root proof counts at the deadline's height and not after`() throws {
        for late in [false, true] {
            var world = try opened()
            try world.reachProving()
            let deadline = try #require(world.ledger.slot?.elected?.provingDeadline)
            while world.ledger.nextHeight < deadline { try world.tick() }
            let proof = world.rootProof(world.contributions())
            if late { try world.tick() }
            world.submit(.rootProof, .rootProof(proof), by: LedgerWorld.faucet)
            try world.tick()
            #expect(world.ledger.finalBlocks.count == (late ? 0 : 1))
        }
    }

    @Test func `the beacon follows the VRF output of who finalised, or the skip`() throws {
        var world = try opened { $0.lag = 0 }
        var chain = try #require(
            BeaconChain(genesis: Beacon(Bytes32(words: 1, 2, 3, 4)), lag: 0))
        try world.reachProving()
        let output = try #require(world.ledger.slot?.leaderProposal?.output)
        try world.prove(world.contributions())
        chain.finalise(with: output)
        #expect(world.ledger.slot?.beacon == chain.current)
        try world.tick()
        try world.tick()
        #expect(world.skips == [.noCommit])
        chain.skip()
        #expect(world.ledger.slot?.beacon == chain.current)
    }

    @Test func `a slot uses the beacon of lag slots before`() throws {
        var world = try opened { $0.lag = 2 }
        let genesis = Beacon(Bytes32(words: 1, 2, 3, 4))
        var beacons: [UInt64: Beacon] = [:]
        for _ in 0..<10 {
            let slot = try #require(world.ledger.slot)
            beacons[slot.slot.number] = slot.beacon
            try world.tick()
        }
        #expect(beacons[0] == genesis && beacons[1] == genesis && beacons[2] == genesis)
        #expect(beacons[3] != nil && beacons[3] != genesis && beacons[4] != beacons[3])
    }
}
