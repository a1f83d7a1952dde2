import Cryptography
import Ledger
import NodeCore
import Primitives
import Testing
import grove

@Suite struct JoinTaleTests {
    private static let key = OperatorKey(Bytes32(words: 1, 1, 1, 1))
    private static let stake = Amount(units: 100 * Amount.unitsPerIDE)

    private func tale() -> JoinTale {
        JoinTale(key: Self.key, role: .prover, tickMilliseconds: 500) { _, height in height }
    }

    private func leads(_ slot: UInt64, at height: UInt64) -> NodeReport {
        .folded(
            Height(height),
            events: [
                .leaderElected(Slot(slot), key: Self.key, feeShare: .zero, candidates: 2)
            ])
    }

    private func level(
        _ height: UInt64, _ step: RegistrationStep?, inTicks: UInt64? = nil
    ) -> NodeReport {
        .level(
            LevelStanding(
                height: Height(height), balance: Amount(units: 1_500_000_000),
                registrations: step.map {
                    [.init(role: .prover, step: $0, inTicks: inTicks)]
                } ?? []))
    }

    /// What a person reads.
    private func lines(_ tale: inout JoinTale, _ reports: [NodeReport]) -> [String] {
        var lines: [String] = []
        for report in reports {
            lines += tale.steps(of: report).filter { !$0.isRepeated }.map(\.text)
        }
        return lines
    }

    @Test func `what was folded before the node is level is not told, what follows is`() {
        var tale = tale()
        #expect(
            lines(
                &tale,
                [
                    leads(1, at: 5),
                    .registration(.prover, .exited(amount: Self.stake), inTicks: nil),
                    .registration(
                        .prover, .withdrawn(amount: Self.stake, to: Self.key), inTicks: nil),
                    leads(2, at: 9), level(9, .admitted(stake: Self.stake)), leads(3, at: 10),
                ]) == [
                    "level with the log at height 9: admitted as prover with a stake of 100 IDE; the "
                        + "account holds 1.5 IDE",
                    "leads slot 3",
                ])
    }

    @Test func `after an outage old events are history again`() {
        var tale = tale()
        _ = lines(&tale, [level(9, .admitted(stake: Self.stake))])
        #expect(
            lines(
                &tale,
                [
                    .behind(Height(9), head: Height(80)), leads(3, at: 10),
                    .registration(.prover, .exited(amount: Self.stake), inTicks: nil),
                    level(80, nil), .registration(.prover, .left, inTicks: nil),
                ]) == [
                    "level with the log at height 80: not registered as prover; the account holds "
                        + "1.5 IDE",
                    "this key has left the network; --rejoin registers it again",
                ])
    }

    @Test(arguments: [
        (
            RegistrationStep.registered(admittedFrom: Slot(6)), 140 as UInt64?,
            "registered as prover, admitted from slot 6, in about 70 s"
        ),
        (.admitted(stake: stake), nil, "admitted as prover with a stake of 100 IDE"),
        (
            .ejected(stake: stake), nil,
            "penalties have left 100 IDE of the stake: too little to be admitted"
        ),
        (
            .exiting(paidAt: Height(90)), 20,
            "out of the registry as prover, the stake is paid at height 90, in about 10 s"
        ),
    ])
    func `where the operator stands is one line, and programs get the registration besides`(
        step: RegistrationStep, inTicks: UInt64?, words: String
    ) {
        var tale = tale()
        #expect(tale.steps(of: .registration(.prover, step, inTicks: inTicks)).isEmpty)
        let steps = tale.steps(of: level(7, step, inTicks: inTicks))
        #expect(steps.count == 2)
        #expect(
            steps[0].text
                == "level with the log at height 7: \(words); the account holds 1.5 IDE")
        #expect(!steps[0].isRepeated)
        #expect(steps[1].isRepeated)
    }

    @Test func `money is asked for once the node is level, not by an old balance`() {
        var tale = tale()
        let needed = Amount(units: 2 * Self.stake.units)
        let waits = NodeReport.registration(
            .prover, .waitingForMoney(held: Self.stake, needed: needed), inTicks: nil)
        #expect(lines(&tale, [waits]) == [])
        #expect(tale.takeMissing() == nil)
        #expect(
            lines(&tale, [level(9, nil)]).last
                == "the account holds 100 IDE, stake and fees are 200 IDE")
        #expect(tale.takeMissing() == Self.stake)
        #expect(tale.takeMissing() == nil)
    }

    @Test func `reasons and offences are told in words`() {
        var tale = tale()
        let slashing = Slashing(
            role: .prover, key: Self.key, slot: Slot(4), offence: .noReveal, amount: Self.stake,
            reporter: nil)
        let refused = RegistrationStep.refused(reason: "vrfKeyTaken")
        #expect(
            lines(
                &tale,
                [
                    level(9, nil), .folded(Height(10), events: [.slashed(slashing)]),
                    .registration(.prover, refused, inTicks: nil),
                ]
            ).dropFirst() == [
                "loses 100 IDE of the stake in slot 4: it led and did not reveal its block",
                "the ledger refuses the registration: another operator has this VRF key",
            ])
    }
}
