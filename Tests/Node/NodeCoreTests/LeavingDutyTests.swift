import Cryptography
import Ledger
import Messages
import NodeCore
import Primitives
import SansIO
import TestSupport
import Testing

/// The duty alone: what it wants in each situation.
@Suite struct LeavingDutyTests {
    private static let recipient = TestOperator.key(7)

    private func situation(
        _ admission: Admission?, stay: UInt64 = 0, balance: UInt64 = 50, isSending: Bool = false
    ) -> LeavingDuty.Situation {
        LeavingDuty.Situation(
            stay: stay,
            standings: admission.map { [.init(role: .prover, admission: $0)] } ?? [],
            balance: Amount(units: balance), exitFee: Amount(units: 2),
            transferFee: Amount(units: 3), isSending: isSending)
    }

    private let admitted = Admission.admitted(stake: Amount(units: 100))
    private let exiting = Admission.exiting(paidAt: Height(300))

    @Test func `without an order nothing is done`() {
        var duty = LeavingDuty()
        #expect(duty.advance(situation(admitted)).isEmpty)
        #expect(duty.advance(situation(nil)).isEmpty)
    }

    @Test func `an order to leave submits one exit, then tells when the stake is paid`() {
        var duty = LeavingDuty()
        duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: nil))
        #expect(
            duty.advance(situation(admitted))
                == [.report(.prover, .leaving), .exit(.prover, duty: "exit/3/0/0")])
        #expect(duty.advance(situation(admitted)).isEmpty)
        #expect(
            duty.advance(situation(exiting))
                == [.report(.prover, .exiting(paidAt: Height(300)))])
        #expect(duty.advance(situation(exiting)).isEmpty)
        #expect(duty.advance(situation(nil, stay: 1)).isEmpty)
    }

    @Test func `an exit that did nothing is submitted under another duty, a few times`() {
        var duty = LeavingDuty()
        duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: nil))
        var duties: [String] = []
        for _ in 0...NodeParameters.maximumRegistrationRefusals + 2 {
            for case .exit(_, let name) in duty.advance(situation(admitted)) {
                duties.append(name)
            }
            duty.failed()
        }
        #expect(
            duties == (0...NodeParameters.maximumRegistrationRefusals).map { "exit/3/0/\($0)" })
    }

    @Test func `an exit waits for its fee`() {
        var duty = LeavingDuty()
        duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: nil))
        #expect(
            duty.advance(situation(admitted, balance: 1)) == [
                .report(
                    .prover,
                    .waitingForMoney(held: Amount(units: 1), needed: Amount(units: 2)))
            ])
        #expect(duty.advance(situation(admitted, balance: 2)).count == 2)
    }

    @Test func `the balance is withdrawn once, when no stake is left`() {
        var duty = LeavingDuty()
        duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: nil))
        duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: Self.recipient))
        _ = duty.advance(situation(admitted))
        _ = duty.advance(situation(exiting))
        let transfer = Transfer(recipient: Self.recipient, amount: Amount(units: 147))
        #expect(
            duty.advance(situation(nil, stay: 1, balance: 150))
                == [.withdraw(transfer, duty: "withdraw/0/0")])
        #expect(duty.advance(situation(nil, stay: 1, balance: 150)).isEmpty)
        #expect(duty.withdrawal(inStay: 1)?.withdrawTo == Self.recipient)
        let others = duty.transferred(to: TestOperator.key(8), inStay: 1)
        let ours = duty.transferred(to: Self.recipient, inStay: 1)
        #expect([others, ours] == [false, true])
        #expect(duty.withdrawal(inStay: 1) == nil)
    }

    @Test func `a withdrawal ends the older order first, so that a replay tells two apart`() {
        let second = TestOperator.key(9)
        for recipient in [Self.recipient, second] {
            var duty = LeavingDuty()
            // Both are recalled before any block is folded.
            duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: Self.recipient))
            duty.add(LeaveOrder(stay: 1, exits: false, withdrawTo: recipient))
            #expect(duty.withdrawal(inStay: 1)?.stay == 0)
            let first = duty.transferred(to: Self.recipient, inStay: 1)
            #expect(first && duty.withdrawal(inStay: 1)?.stay == 1)
            let next = duty.transferred(to: recipient, inStay: 1)
            #expect(next && duty.withdrawal(inStay: 1) == nil)
        }
    }

    @Test func `an order of an earlier membership does not end a later one`() {
        var duty = LeavingDuty()
        duty.add(LeaveOrder(stay: 0, exits: true, withdrawTo: Self.recipient))
        #expect(duty.advance(situation(admitted, stay: 1)).isEmpty)
        #expect(!duty.isOrdered(inStay: 1))
    }

    @Test func `an order to withdraw alone never ends a membership`() {
        var duty = LeavingDuty()
        duty.add(LeaveOrder(stay: 1, exits: false, withdrawTo: Self.recipient))
        let transfer = Transfer(recipient: Self.recipient, amount: Amount(units: 47))
        #expect(
            duty.advance(situation(nil, stay: 1)) == [.withdraw(transfer, duty: "withdraw/1/0")])
        #expect(duty.advance(situation(admitted, stay: 1)).isEmpty)
        #expect(!duty.isOrdered(inStay: 1))
    }

    @Test func `orders are bounded`() {
        var duty = LeavingDuty()
        let limit = UInt64(NodeParameters.maximumLeaveOrders)
        for stay in 0...limit { duty.add(LeaveOrder(stay: stay, exits: true, withdrawTo: nil)) }
        #expect(duty.isOrdered(inStay: limit - 1))
        #expect(!duty.isOrdered(inStay: limit))
    }
}

/// A node that leaves, with the ledger and its log.
@Suite struct LeavingTests {
    private static let recipient = TestOperator("safe")

    private func steps(_ effects: [NodeEffect]) -> [RegistrationStep] {
        effects.compactMap { effect in
            guard case .report(.registration(_, let step, _)) = effect else { return nil }
            return step
        }
    }

    /// Every transaction that the node wants on the log.
    private func submitted(_ effects: [NodeEffect]) throws -> [LedgerBody] {
        try effects.compactMap { effect in
            guard case .submit(let submission) = effect,
                case .body(let kind, let bytes) = submission.content
            else { return nil }
            return try MessageCodec.decodeBody(kind, from: bytes)
        }
    }

    /// The node is a genesis prover's.
    private func world() throws -> NodeWorld {
        try NodeWorld(roles: .prover, owner: NodeWorld.provers[0])
    }

    @inline(never)
    private func leave(_ world: inout NodeWorld) throws -> [NodeEffect] {
        while world.machine.ledger.slot == nil { try world.tick() }
        let effects = world.machine.handle(
            .leaveOrdered(LeaveOrder(stay: 0, exits: true, withdrawTo: Self.recipient.key)),
            at: .origin)
        for body in try submitted(effects) { world.submit(body, by: NodeWorld.provers[0]) }
        return effects
    }

    @Test func `a node that is told to leave exits, is paid out and withdraws`() throws {
        var world = try world()
        let prover = NodeWorld.provers[0].key
        let effects = try leave(&world)
        #expect(try submitted(effects) == [.exit(Exit(role: .prover))])
        try world.tick()
        guard case .exiting(let paidAt) = world.machine.ledger.admission(of: .prover, key: prover)
        else {
            Issue.record("not exiting")
            return
        }
        #expect(steps(world.effects) == [.exiting(paidAt: paidAt)])
        var seen: [RegistrationStep] = []
        while world.machine.ledger.registrant(.prover, prover) != nil {
            try world.tick()
            seen += steps(world.effects)
            #expect(
                !world.effects.contains {
                    if case .publish(.intent, _, _) = $0 { return true }
                    return false
                })
        }
        #expect(seen == [.exited(amount: NodeWorld.stake)])
        let balance = world.machine.ledger.balance(of: prover)
        let fees = Amount(units: 20)
        let transfer = Transfer(
            recipient: Self.recipient.key, amount: try balance.subtracting(fees))
        #expect(try submitted(world.effects) == [.transfer(transfer)])
        world.submit(.transfer(transfer), by: NodeWorld.provers[0])
        try world.tick()
        #expect(
            steps(world.effects)
                == [.withdrawn(amount: transfer.amount, to: Self.recipient.key)])
        #expect(world.machine.ledger.balance(of: prover) == .zero)
        #expect(world.machine.ledger.balance(of: Self.recipient.key) == transfer.amount)
    }

    @Test func `a restart goes on leaving and exits once`() throws {
        var first = try world()
        _ = try leave(&first)
        try first.tick()
        var second = try world()
        _ = second.machine.handle(
            .leaveOrdered(LeaveOrder(stay: 0, exits: true, withdrawTo: nil)), at: .origin)
        for block in first.blocks { try second.fold(block) }
        try second.tick()
        #expect(try submitted(second.effects).isEmpty)
        #expect(second.machine.leaveStay == 0)
    }

    @Test func `an order counts for the present membership alone`() throws {
        var world = try world()
        _ = try leave(&world)
        try world.tick()
        let prover = NodeWorld.provers[0].key
        while world.machine.ledger.registrant(.prover, prover) != nil { try world.tick() }
        #expect(world.machine.leaveStay == 1)
    }
}

@Suite struct LeaveRequestTests {
    private let key = TestOperator("leaver")
    private let networkID = NodeWorld.networkID

    private func request(
        height: UInt64 = 5, withdrawTo: OperatorKey? = nil, signedFor other: OperatorKey? = nil
    ) -> LeaveRequest {
        LeaveRequest(
            height: Height(height), withdrawTo: withdrawTo,
            signature: key.signing.sign(
                LeaveRequest.signedBytes(
                    networkID: networkID, key: key.key, height: Height(5), withdrawTo: other)))
    }

    @Test func `an order is the operator's own, for one height and one recipient`() {
        #expect(request().isSigned(by: key.key, networkID: networkID))
        #expect(!request(height: 6).isSigned(by: key.key, networkID: networkID))
        #expect(
            !request(withdrawTo: TestOperator.key(1)).isSigned(by: key.key, networkID: networkID))
        #expect(
            request(withdrawTo: TestOperator.key(1), signedFor: TestOperator.key(1))
                .isSigned(by: key.key, networkID: networkID))
        #expect(!request().isSigned(by: NodeWorld.stranger.key, networkID: networkID))
        #expect(!request().isSigned(by: key.key, networkID: NetworkID(genesisNonce: [1])))
    }
}
