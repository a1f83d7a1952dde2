import Cryptography
import Ledger
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

/// Leaving: duties of the open slot stay, the stake stays slashable, and is paid out in the end.
@Suite struct ExitTests {
    let prover = LedgerWorld.provers[0]
    let sequencer = LedgerWorld.sequencers[0]
    let ide = LedgerWorld.ide

    /// Slot 0 is open, and the sequencer can pay fees. The exit delay is 100 ticks.
    func opened(_ change: (inout TestRules) -> Void = { _ in }) throws -> LedgerWorld {
        var world = try LedgerWorld(change)
        let gift = Transfer(recipient: sequencer.key, amount: Amount(units: 1_000))
        world.submit(.transfer, .transfer(gift), by: LedgerWorld.faucet)
        try world.tick()
        try world.tick(until: .propose)
        return world
    }

    func exit(_ role: Role) -> LedgerBody { .exit(Exit(role: role)) }

    /// Ticks until the next log block is the one at `height`.
    func advance(_ world: inout LedgerWorld, to height: Height) throws {
        while world.ledger.nextHeight < height { try world.tick() }
    }

    func registration(of key: TestOperator, vrf: TestOperator, _ role: Role = .prover) -> LedgerBody
    {
        let input = VRFInput.registration(
            networkID: LedgerWorld.networkID, operatorKey: key.key)
        return .register(
            Registration(
                role: role, vrfKey: vrf.vrfKey, stake: Amount(units: 100 * ide),
                possession: vrf.vrf.prove(input).proof))
    }

    @Test func `an exit pays out the whole stake after the exit delay, and not before`() throws {
        var world = try opened()
        world.submit(.exit, exit(.prover), by: prover)
        let left = world.ledger.nextHeight
        let paidAt = left.advanced(by: 100)
        try world.tick()
        #expect(world.events.contains(.exiting(role: .prover, key: prover.key, paidAt: paidAt)))
        #expect(world.ledger.registrant(.prover, prover.key)?.exitsAt == paidAt)
        let before = world.ledger.balance(of: prover.key)
        try advance(&world, to: paidAt)
        #expect(world.ledger.stake(of: prover.key, role: .prover).units == 100 * ide)
        let minted = world.ledger.minted - world.ledger.burned
        try world.tick()
        let paid = LedgerEvent.exited(
            role: .prover, key: prover.key, amount: Amount(units: 100 * ide))
        #expect(world.events.contains(paid))
        #expect(world.ledger.balance(of: prover.key).units == before.units + 100 * ide)
        #expect(world.ledger.stake(of: prover.key, role: .prover) == .zero)
        #expect(world.ledger.registrant(.prover, prover.key) == nil)
        #expect(world.ledger.minted - world.ledger.burned == minted && minted == world.total)
    }

    @Test func `who leaves keeps the duties of the open slot and is admitted to no later one`()
        throws
    {
        var world = try opened()
        let slot = try #require(world.ledger.slot).slot
        world.submit(.exit, exit(.sequencer), by: sequencer)
        world.submit(.exit, exit(.prover), by: prover)
        try world.tick()
        try world.tick(until: .propose)
        let open = try #require(world.ledger.slot)
        #expect(open.slot == slot)
        #expect(open.sequencer(sequencer.key) != nil && open.prover(prover.key) != nil)
        while world.ledger.slot?.slot == slot { try world.tick() }
        for _ in 0..<50 {
            let later = try #require(world.ledger.slot)
            #expect(later.sequencer(sequencer.key) == nil && later.prover(prover.key) == nil)
            #expect(later.sequencers.count == 2 && later.provers.count == 3)
            try world.tick()
        }
    }

    @Test func `a leader that has left reveals, is proven and paid`() throws {
        var world = try opened()
        world.submit(.exit, exit(.sequencer), by: sequencer)
        let header = world.header()
        try world.race(header, [sequencer])
        #expect(world.ledger.slot?.leader == sequencer.key)
        try world.reveal(header)
        try world.prove(world.contributions())
        #expect(world.ledger.finalBlocks.last?.sequencer == sequencer.key)
    }

    @Test func `a stake is slashable until it is paid out`() throws {
        var world = try opened()
        let open = try #require(world.ledger.slot)
        let pair = ([1, 2] as [UInt64]).map { feeShare in
            LedgerWorld.signed(
                .fernetProposal,
                .fernetProposal(
                    world.proposal(of: world.header(), by: sequencer, feeShare: feeShare)),
                by: sequencer, nonce: 9)
        }
        world.submit(.exit, exit(.sequencer), by: sequencer)
        try world.tick()
        // The last height at which evidence of the slot counts is the payout's: the log comes first.
        let last = open.openingHeight.advanced(by: 100)
        try advance(&world, to: last)
        let evidence = Evidence(first: pair[0], second: pair[1])
        world.submit(.evidence, .evidence(evidence), by: prover)
        try world.tick()
        #expect(world.slashings.map(\.amount.units) == [10 * ide])
        let rest = Amount(units: 90 * ide)
        #expect(
            world.events.contains(.exited(role: .sequencer, key: sequencer.key, amount: rest)))
        world.submit(.evidence, .evidence(evidence), by: prover)
        try world.tick()
        #expect(world.refusals == [.evidenceExpired])
    }

    @Test func `who is leaving cannot register, add to its stake or leave again`() throws {
        var world = try opened()
        world.submit(.exit, exit(.prover), by: prover)
        try world.tick()
        let paidAt = try #require(world.ledger.registrant(.prover, prover.key)?.exitsAt)
        world.submit(.register, registration(of: prover, vrf: prover), by: prover)
        world.submit(.exit, exit(.prover), by: prover)
        try world.tick()
        #expect(world.refusals == [.exiting(paidAt: paidAt), .exiting(paidAt: paidAt)])
        #expect(world.ledger.registrant(.prover, prover.key)?.exitsAt == paidAt)
    }

    @Test func `who has not registered in a role cannot leave it`() throws {
        var world = try opened()
        world.submit(.exit, exit(.sequencer), by: prover)
        world.submit(.exit, exit(.prover), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.notRegistered, .notRegistered])
    }

    @Test func `who was paid out may register again with the same VRF key`() throws {
        var world = try opened()
        world.submit(.exit, exit(.prover), by: prover)
        try world.tick()
        while world.ledger.registrant(.prover, prover.key) != nil { try world.tick() }
        world.submit(.register, registration(of: prover, vrf: prover), by: prover)
        let height = world.ledger.nextHeight
        try world.tick()
        #expect(world.refusals == [])
        let again = try #require(world.ledger.registrant(.prover, prover.key))
        #expect(again.registeredAt == height && again.exitsAt == nil)
        #expect(again.vrfKey == prover.vrfKey)
    }

    @Test func `a VRF key is free once its operator has left every role`() throws {
        var world = try opened()
        let stranger = LedgerWorld.stranger
        let gift = Transfer(recipient: stranger.key, amount: Amount(units: 300 * ide))
        world.submit(.transfer, .transfer(gift), by: LedgerWorld.faucet)
        world.submit(.register, registration(of: prover, vrf: prover, .builder), by: prover)
        world.submit(.exit, exit(.prover), by: prover)
        try world.tick()
        #expect(world.refusals == [])
        while world.ledger.registrant(.prover, prover.key) != nil { try world.tick() }
        let taking = registration(of: stranger, vrf: prover)
        world.submit(.register, taking, by: stranger)
        world.submit(.exit, exit(.builder), by: prover)
        try world.tick()
        #expect(world.refusals == [.vrfKeyTaken])
        while world.ledger.registrant(.builder, prover.key) != nil { try world.tick() }
        world.submit(.register, taking, by: stranger)
        try world.tick()
        #expect(world.refusals == [] && world.ledger.registrant(.prover, stranger.key) != nil)
    }

    @Test func `who leaves offers no more work, and its intent goes with its stake`() throws {
        var world = try opened()
        world.submit(.exit, exit(.prover), by: prover)
        try world.tick()
        let intent = PoolTests().intent(sequence: 9)
        let batch = [PoolTests().signed(intent, by: prover)]
        world.submit(.intents, .intents(batch), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.noNewIntent])
        #expect(world.ledger.intent(of: prover.key) != nil)
        while world.ledger.registrant(.prover, prover.key) != nil { try world.tick() }
        #expect(world.ledger.intent(of: prover.key) == nil)
    }

    @Test func `an exit delay under two longest slots or the evidence's time is refused`() throws {
        // A slot of the tests lasts 46 ticks.
        var rules = TestRules(evidenceExpiryTicks: 10)
        rules.exitDelayTicks = 91
        #expect(
            throws: LedgerRulesError.exitDelay(
                found: 91, minimum: 92, maximum: LedgerParameters.maximumTicks)
        ) { try rules.rules() }
        rules.exitDelayTicks = 92
        #expect(throws: Never.self) { try rules.rules() }
        rules.evidenceExpiryTicks = 93
        #expect(throws: LedgerRulesError.self) { try rules.rules() }
        rules.exitDelayTicks = .max
        #expect(throws: LedgerRulesError.self) { try rules.rules() }
    }
}
