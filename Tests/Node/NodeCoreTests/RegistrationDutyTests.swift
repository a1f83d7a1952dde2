import Cryptography
import Ledger
import Messages
import NodeCore
import Primitives
import SansIO
import TestSupport
import Testing
import VRF

/// The duty alone: what it wants in each situation.
@Suite struct RegistrationDutyTests {
    private static let operatorKeys = TestOperator("joiner")
    private static let proof = operatorKeys.vrf.prove([1]).proof
    private static let stake = Amount(units: 100)
    private static let fees = Amount(units: 3)

    private var duty = RegistrationDuty(
        order: JoinOrder(
            role: .prover, vrfKey: Self.operatorKeys.vrf.publicKey, stake: Self.stake,
            rejoins: false))

    private func situation(
        _ standing: RegistrationDuty.Standing = .unknown, balance: UInt64 = 103, stay: UInt64 = 0
    ) -> RegistrationDuty.Situation {
        RegistrationDuty.Situation(
            standing: standing, balance: Amount(units: balance), fees: Self.fees, stay: stay)
    }

    private func registration(_ steps: [RegistrationDuty.Step]) -> String? {
        for case .register(let registration, let duty) in steps {
            #expect(registration.stake == Self.stake)
            #expect(registration.possession == Self.proof)
            return duty
        }
        return nil
    }

    @Test func `a key without stake and fees waits, and says so once for each balance`() {
        var duty = duty
        let needed = Amount(units: 103)
        #expect(
            duty.advance(situation(balance: 0))
                == [.report(.waitingForMoney(held: .zero, needed: needed))])
        #expect(duty.advance(situation(balance: 0)).isEmpty)
        #expect(
            duty.advance(situation(balance: 102))
                == [.report(.waitingForMoney(held: Amount(units: 102), needed: needed))])
    }

    @Test func `a key with stake and fees proves possession and registers once`() {
        var duty = duty
        #expect(duty.advance(situation()) == [.provePossession])
        #expect(duty.advance(situation()).isEmpty)
        duty.proved(Self.proof)
        let steps = duty.advance(situation())
        #expect(steps.first == .report(.submitted(stake: Self.stake)))
        #expect(registration(steps) == "register/3/0/0")
        #expect(duty.advance(situation()).isEmpty)
        #expect(duty.advance(situation(balance: 0)).isEmpty)
    }

    @Test func `what the log says of the registration is told once each`() {
        var duty = duty
        let from = Slot(6)
        #expect(
            duty.advance(situation(.waiting(from: from)))
                == [.report(.registered(admittedFrom: from))])
        #expect(duty.advance(situation(.waiting(from: from))).isEmpty)
        let admitted = situation(.admitted(stake: Self.stake))
        #expect(duty.advance(admitted) == [.report(.admitted(stake: Self.stake))])
        #expect(duty.advance(admitted).isEmpty)
        let left = Amount(units: 9)
        #expect(
            duty.advance(situation(.ejected(stake: left))) == [.report(.ejected(stake: left))])
    }

    @Test func `a refused registration is not tried again, but one without money is`() {
        var duty = duty
        duty.proved(Self.proof)
        #expect(registration(duty.advance(situation())) == "register/3/0/0")
        duty.refused("insufficientBalance", mayTryAgain: true)
        #expect(registration(duty.advance(situation())) == "register/3/0/1")
        duty.refused("vrfKeyTaken", mayTryAgain: false)
        #expect(
            duty.advance(situation()) == [.report(.refused(reason: "vrfKeyTaken"))])
        #expect(duty.advance(situation()).isEmpty)
    }

    @Test func `a log that refuses is asked again some times`() {
        var duty = duty
        duty.proved(Self.proof)
        for _ in 0...NodeParameters.maximumRegistrationRefusals {
            #expect(registration(duty.advance(situation())) == "register/3/0/0")
            duty.refusedByLog(duty: "register/3/0/0")
        }
        #expect(duty.advance(situation()).isEmpty)
    }

    @Test func `a key that has left stays out unless it is told to come back`() {
        var duty = duty
        duty.proved(Self.proof)
        #expect(duty.advance(situation(stay: 1)) == [.report(.left)])
        var other = RegistrationDuty(
            order: JoinOrder(
                role: .prover, vrfKey: Self.operatorKeys.vrf.publicKey, stake: Self.stake,
                rejoins: true))
        other.proved(Self.proof)
        #expect(registration(other.advance(situation(stay: 1))) == "register/3/1/0")
    }

    @Test func `a stake beyond all money is refused before it is put up`() {
        var duty = RegistrationDuty(
            order: JoinOrder(
                role: .prover, vrfKey: Self.operatorKeys.vrf.publicKey,
                stake: Amount(units: .max), rejoins: false))
        let steps = duty.advance(situation(balance: .max))
        #expect(steps == [.report(.refused(reason: "there is not so much money"))])
    }
}

@Suite struct SlotTempoTests {
    @Test func `a slot's opening is foreseen by the length of recent slots`() {
        var tempo = SlotTempo()
        #expect(tempo.ticks(untilSlotAhead: 3, from: Height(10)) == nil)
        for height in [UInt64(10), 30, 50] { tempo.opened(at: Height(height)) }
        #expect(tempo.ticks(untilSlotAhead: 3, from: Height(50)) == 60)
        #expect(tempo.ticks(untilSlotAhead: 1, from: Height(65)) == 5)
        #expect(tempo.ticks(untilSlotAhead: 1, from: Height(500)) == 0)
        #expect(tempo.ticks(untilSlotAhead: .max, from: Height(50)) == .max)
    }

    @Test func `old slots are forgotten`() {
        var tempo = SlotTempo()
        tempo.opened(at: Height(0))
        for index in 0..<UInt64(NodeParameters.rememberedOpenings) {
            tempo.opened(at: Height(1_000 + 10 * index))
        }
        let newest = Height(1_000 + 10 * UInt64(NodeParameters.rememberedOpenings - 1))
        #expect(tempo.ticks(untilSlotAhead: 1, from: newest) == 10)
    }
}

/// A node that joins, with the ledger and its log.
@Suite struct JoiningTests {
    /// Three fees besides the stake.
    private static let needed = Amount(units: NodeWorld.stake.units + 30)

    private static var order: JoinOrder {
        JoinOrder(
            role: .prover, vrfKey: NodeWorld.stranger.vrf.publicKey, stake: NodeWorld.stake,
            rejoins: false)
    }

    private func world() throws -> NodeWorld {
        try NodeWorld(roles: .prover, joining: Self.order)
    }

    private func reports(_ effects: [NodeEffect]) -> [RegistrationStep] {
        effects.compactMap { effect in
            guard case .report(.registration(.prover, let step, _)) = effect else { return nil }
            return step
        }
    }

    private func submitted(_ effects: [NodeEffect]) throws -> [(duty: Duty, body: LedgerBody)] {
        try effects.compactMap { effect in
            guard case .submit(let submission) = effect,
                case .body(let kind, let bytes) = submission.content
            else { return nil }
            return (submission.duty, try MessageCodec.decodeBody(kind, from: bytes))
        }
    }

    /// Two sequencers give the stranger what it needs.
    @inline(never)
    private func fund(_ world: inout NodeWorld) throws {
        let half = Amount(units: Self.needed.units / 2)
        for sequencer in NodeWorld.sequencers {
            world.submit(
                .transfer(Transfer(recipient: NodeWorld.stranger.key, amount: half)),
                by: sequencer)
        }
        try world.tick()
    }

    /// Answers the question for possession; what the node does then.
    @inline(never)
    private func prove(_ world: inout NodeWorld) throws -> [NodeEffect] {
        for case .proveVRF(let request) in world.effects where request.purpose == .register {
            let proof = NodeWorld.stranger.vrf.prove(request.input).proof
            return world.machine.handle(.vrfProved(request, proof), at: .origin)
        }
        return []
    }

    /// Up to the log block that holds the registration.
    @inline(never)
    private func register(_ world: inout NodeWorld) throws {
        while world.machine.ledger.slot == nil { try world.tick() }
        try fund(&world)
        let effects = try prove(&world)
        let (_, body) = try #require(try submitted(effects).first)
        world.submit(body, by: NodeWorld.stranger)
        try world.tick()
    }

    @Test func `a node without money waits for it, and registers with a proof of possession`()
        throws
    {
        var world = try world()
        try world.tick()
        #expect(
            reports(world.effects) == [.waitingForMoney(held: .zero, needed: Self.needed)])
        try fund(&world)
        let effects = try prove(&world)
        #expect(reports(effects) == [.submitted(stake: NodeWorld.stake)])
        let (duty, body) = try #require(try submitted(effects).first)
        #expect(duty.name == "register/3/0/0")
        world.submit(body, by: NodeWorld.stranger)
        try world.tick()
        #expect(
            world.machine.ledger.stake(of: NodeWorld.stranger.key, role: .prover)
                == NodeWorld.stake)
    }

    @Test func `the slot that is told is the first that admits the key`() throws {
        var world = try world()
        try register(&world)
        let told = try #require(
            reports(world.effects).compactMap { step -> Slot? in
                guard case .registered(let slot) = step else { return nil }
                return slot
            }.first)
        let key = NodeWorld.stranger.key
        while try world.slot.prover(key) == nil {
            #expect(try world.slot.slot < told)
            try world.tick()
        }
        #expect(try world.slot.slot == told)
        #expect(reports(world.effects) == [.admitted(stake: NodeWorld.stake)])
    }

    @Test func `a new prover offers its work before its first slot opens`() throws {
        var world = try world()
        try register(&world)
        var offers: [Intent] = []
        for effect in world.effects {
            guard case .publish(.intent, let bytes, _) = effect else { continue }
            let envelope = GossipEnvelope(
                networkID: NodeWorld.networkID, topic: .intent, bodyBytes: bytes,
                key: NodeWorld.stranger.key, signature: NodeWorld.stranger.signing.sign(bytes))
            guard case .intent(let intent) = try MessageCodec.decodeGossipMessage(of: envelope)
            else { continue }
            offers.append(intent)
        }
        let open = try world.slot.slot
        let offer = try #require(offers.first)
        #expect(offers.count == 1)
        #expect(offer.firstSlot <= open.advanced(by: 5))
        #expect(offer.lastSlot >= open.advanced(by: NodeParameters.intentRenewalSlots))
    }

    @Test func `a restart goes on where the log is, and registers nothing twice`() throws {
        var first = try world()
        try register(&first)
        var second = try world()
        for block in first.blocks { try second.fold(block) }
        #expect(try submitted(second.effects).isEmpty)
        #expect(reports(second.effects).count == 1)
        let key = NodeWorld.stranger.key
        while try second.slot.prover(key) == nil {
            try second.tick()
            #expect(
                try submitted(second.effects).allSatisfy { !$0.duty.name.hasPrefix("register") })
        }
        #expect(reports(second.effects) == [.admitted(stake: NodeWorld.stake)])
    }

    @Test func `a restart before the registration is on the log submits the same duty`() throws {
        var first = try world()
        while first.machine.ledger.slot == nil { try first.tick() }
        try fund(&first)
        let duty = try #require(try submitted(try prove(&first)).first).duty
        var second = try world()
        for block in first.blocks { try second.fold(block) }
        #expect(try submitted(try prove(&second)).first?.duty == duty)
    }
}
