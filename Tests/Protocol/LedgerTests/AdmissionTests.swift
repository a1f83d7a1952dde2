import Cryptography
import Ledger
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

/// What a node tells its operator of its own admission.
@Suite struct AdmissionTests {
    let newcomer = LedgerWorld.stranger
    let ide = LedgerWorld.ide

    func registration(_ stake: UInt64) -> LedgerBody {
        let input = VRFInput.registration(
            networkID: LedgerWorld.networkID, operatorKey: newcomer.key)
        return .register(
            Registration(
                role: .sequencer, vrfKey: newcomer.vrfKey, stake: Amount(units: stake * ide),
                possession: newcomer.vrf.prove(input).proof))
    }

    @Test(arguments: [0, 1, 2, 3] as [UInt64], [1, 3, 9] as [UInt64])
    func `the first slot that can admit a newcomer is known at once`(
        lag: UInt64, firstSlotHeight: UInt64
    ) throws {
        for wait in [0, 1, 2, 7] {
            var world = try LedgerWorld {
                $0.lag = lag
                $0.firstSlotHeight = firstSlotHeight
            }
            let gift = Transfer(recipient: newcomer.key, amount: Amount(units: 250 * ide))
            world.submit(.transfer, .transfer(gift), by: LedgerWorld.faucet)
            for _ in 0...wait { try world.tick() }
            #expect(world.ledger.admission(of: .sequencer, key: newcomer.key) == nil)
            world.submit(.register, registration(100), by: newcomer)
            try world.tick()
            let foreseen = world.ledger.admission(of: .sequencer, key: newcomer.key)
            guard case .from(let slot) = foreseen else {
                // Without a lag a slot that opens with the next block admits it already.
                if lag == 0, world.ledger.slot?.openingHeight == world.ledger.nextHeight {
                    continue
                }
                Issue.record("\(String(describing: foreseen))")
                return
            }
            // Nobody commits, so slots are skipped and go on one by one.
            while world.ledger.slot?.sequencer(newcomer.key) == nil {
                #expect(world.ledger.admission(of: .sequencer, key: newcomer.key) == foreseen)
                try world.tick()
                guard (world.ledger.slot?.slot ?? Slot(0)) <= slot else { break }
            }
            #expect(world.ledger.slot?.slot == slot)
            let stake = Amount(units: 100 * ide)
            #expect(
                world.ledger.admission(of: .sequencer, key: newcomer.key)
                    == .admitted(stake: stake))
        }
    }

    @Test func `a key that was slashed too far is told so, and from when its top-up counts`() throws
    {
        var world = try LedgerWorld({ $0.lag = 1 }, genesis: { $0.sequencers.removeLast(2) })
        let only = LedgerWorld.sequencers[0]
        let gift = Transfer(recipient: only.key, amount: Amount(units: 50 * ide))
        world.submit(.transfer, .transfer(gift), by: LedgerWorld.faucet)
        try world.tick()
        for _ in 0..<60 {
            try world.tick(until: .propose)
            guard world.ledger.slot?.sequencer(only.key) != nil else { break }
            try world.race(world.header(), [only])
            while world.slashings.isEmpty { try world.tick() }
            world.events = []
        }
        let minimum = Amount(units: 50 * ide)
        #expect(
            world.ledger.admission(of: .sequencer, key: only.key)
                == .ejected(stake: Amount(units: 49 * ide), minimum: minimum))
        let input = VRFInput.registration(networkID: LedgerWorld.networkID, operatorKey: only.key)
        let more = Registration(
            role: .sequencer, vrfKey: only.vrfKey, stake: Amount(units: 2 * ide),
            possession: only.vrf.prove(input).proof)
        world.submit(.register, .register(more), by: only)
        try world.tick()
        let slot = try #require(world.ledger.slot).slot
        #expect(
            world.ledger.admission(of: .sequencer, key: only.key)
                == .from(slot: slot.advanced(by: 3)))
        while world.ledger.slot?.sequencer(only.key) == nil { try world.tick() }
        #expect(world.ledger.slot?.slot == slot.advanced(by: 3))
    }

    @Test func `a key that leaves is told when it is paid`() throws {
        var world = try LedgerWorld()
        let prover = LedgerWorld.provers[0]
        world.submit(.exit, .exit(Exit(role: .prover)), by: prover)
        try world.tick()
        #expect(
            world.ledger.admission(of: .prover, key: prover.key)
                == .exiting(paidAt: Height(100)))
        #expect(world.ledger.admission(of: .sequencer, key: prover.key) == nil)
    }
}
