import Cryptography
import Ledger
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

@Suite struct RegistrationTests {
    let newcomer = LedgerWorld.stranger
    let ide = LedgerWorld.ide

    func registration(
        _ role: Role = .prover, stake: UInt64 = 100, vrf: TestOperator = LedgerWorld.stranger,
        possessionOf key: OperatorKey = LedgerWorld.stranger.key
    ) -> LedgerBody {
        let input = VRFInput.registration(networkID: LedgerWorld.networkID, operatorKey: key)
        return .register(
            Registration(
                role: role, vrfKey: vrf.vrfKey, stake: Amount(units: stake * ide),
                possession: vrf.vrf.prove(input).proof))
    }

    /// The newcomer has 250 IDE.
    func fundedWorld(_ change: (inout TestRules) -> Void = { _ in }) throws -> LedgerWorld {
        var world = try LedgerWorld(change)
        let gift = Transfer(recipient: newcomer.key, amount: Amount(units: 250 * ide))
        world.submit(.transfer, .transfer(gift), by: LedgerWorld.faucet)
        try world.tick()
        return world
    }

    @Test func `registering moves the stake out of the balance`() throws {
        var world = try fundedWorld()
        let total = world.total
        world.submit(.register, registration(), by: newcomer)
        try world.tick()
        #expect(world.ledger.stake(of: newcomer.key, role: .prover).units == 100 * ide)
        #expect(world.ledger.balance(of: newcomer.key).units == 150 * ide - 10)
        #expect(world.ledger.registrant(.prover, newcomer.key)?.registeredAt == Height(1))
        #expect(world.total == total - 10)
    }

    @Test func `a stake below the role's minimum is refused`() throws {
        var world = try fundedWorld()
        world.submit(.register, registration(stake: 99), by: newcomer)
        try world.tick()
        let minimum = Amount(units: 100 * ide)
        #expect(
            world.refusals == [.stakeBelowMinimum(minimum: minimum, found: Amount(units: 99 * ide))]
        )
    }

    @Test func `a stake above the balance is refused`() throws {
        var world = try fundedWorld()
        world.submit(.register, registration(stake: 251), by: newcomer)
        try world.tick()
        guard case .insufficientBalance = world.refusals.first else {
            Issue.record("\(world.refusals)")
            return
        }
    }

    @Test func `possession must be proven for the operator's own key`() throws {
        var world = try fundedWorld()
        let other = LedgerWorld.faucet.key
        world.submit(.register, registration(possessionOf: other), by: newcomer)
        try world.tick()
        #expect(world.refusals == [.invalidPossession])
    }

    @Test func `a VRF key is unique`() throws {
        var world = try fundedWorld()
        world.submit(.register, registration(vrf: LedgerWorld.provers[0]), by: newcomer)
        try world.tick()
        #expect(world.refusals == [.vrfKeyTaken])
    }

    @Test func `a registered key cannot change its VRF key`() throws {
        var world = try fundedWorld()
        world.submit(.register, registration(), by: newcomer)
        world.submit(.register, registration(vrf: LedgerWorld.faucet), by: newcomer)
        try world.tick()
        #expect(world.refusals == [.vrfKeyChanged])
    }

    @Test func `slot s admits what registered before slot s minus twice the lag opened`() throws {
        var world = try fundedWorld { $0.lag = 2 }
        try world.tick(until: .propose)
        let current = try #require(world.ledger.slot).slot
        world.submit(.register, registration(.sequencer), by: newcomer)
        try world.tick()
        // Registered while slot 0 was open: before slot 1 opened, so slot 5 is the first.
        #expect(current == Slot(0))
        var admittedFrom: Slot?
        for _ in 0..<200 where admittedFrom == nil {
            try world.tick()
            if let slot = world.ledger.slot, slot.sequencer(newcomer.key) != nil {
                admittedFrom = slot.slot
            }
        }
        #expect(admittedFrom == Slot(5))
    }

    @Test func `early slots admit genesis only`() throws {
        var world = try fundedWorld { $0.firstSlotHeight = 5 }
        world.submit(.register, registration(.sequencer), by: newcomer)
        try world.tick()
        try world.tick(until: .propose)
        #expect(world.ledger.slot?.slot == Slot(0))
        #expect(world.ledger.slot?.sequencers.count == 3)
        for _ in 0..<100 where world.ledger.slot?.slot != Slot(4) { try world.tick() }
        // Slot 4 admits what registered before slot 0 opened.
        #expect(world.ledger.slot?.sequencers.count == 4)
    }

    @Test func `a top-up counts after the same lag`() throws {
        var world = try fundedWorld { $0.firstSlotHeight = 1 }
        world.submit(.register, registration(.sequencer), by: newcomer)
        try world.tick()
        for _ in 0..<200 where world.ledger.slot?.sequencer(newcomer.key) == nil {
            try world.tick()
        }
        let joined = try #require(world.ledger.slot).slot
        world.submit(.register, registration(.sequencer, stake: 20), by: newcomer)
        try world.tick()
        var stakes: [UInt64: UInt64] = [:]
        for _ in 0..<60 {
            try world.tick()
            let slot = try #require(world.ledger.slot)
            stakes[slot.slot.number] = slot.sequencer(newcomer.key)?.stake.units
        }
        #expect(stakes[joined.number + 4] == 100 * ide)
        #expect(stakes[joined.number + 5] == 120 * ide)
    }

    @Test func `a stake below the ejection share is no longer admitted`() throws {
        // Each slot nobody reveals costs its leader 1 of 100 IDE; ejected below 50.
        var world = try LedgerWorld({ $0.lag = 0 }, genesis: { $0.sequencers.removeLast(2) })
        let only = LedgerWorld.sequencers[0]
        var slashes = 0
        for _ in 0..<60 {
            try world.tick(until: .propose)
            guard world.ledger.slot?.sequencer(only.key) != nil else { break }
            try world.race(world.header(), [only])
            while world.slashings.isEmpty { try world.tick() }
            slashes += 1
            world.events = []
        }
        #expect(slashes == 51)
        #expect(world.ledger.stake(of: only.key, role: .sequencer).units == 49 * ide)
        #expect(world.ledger.slot?.sequencers == [])
    }
}
