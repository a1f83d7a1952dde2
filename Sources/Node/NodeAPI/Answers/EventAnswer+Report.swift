import Cryptography
package import Ledger
package import NodeCore
import Primitives
import ProofTree
import ProverElection

extension EventAnswer {
    /// A report as events: a folded log block is its own and one for each thing that it did.
    package static func events(of report: NodeReport) -> [EventAnswer] {
        switch report {
        case .folded(let height, let events):
            [EventAnswer(.folded).at(height)] + events.map { EventAnswer($0) }
        case .proving(let slot, let range):
            [EventAnswer(.proving).of(slot, range)]
        case .proven(let slot, let range):
            [EventAnswer(.proven).of(slot, range)]
        case .committed(let slot, let range, let prover):
            [EventAnswer(.committed).of(slot, range).by(prover)]
        case .obtained(let slot, let range, let prover):
            [EventAnswer(.obtained).of(slot, range).by(prover)]
        case .helping(let slot, let range, let elected):
            [EventAnswer(.helping).of(slot, range).with(\.otherKey, elected.hex)]
        case .ledgerRootDiffers(let height, let key):
            [EventAnswer(.ledgerRootDiffers).at(height).by(key)]
        case .equivocation(let slot, let key):
            [EventAnswer(.equivocation).of(slot).by(key)]
        case .submissionRefused(let duty, let reason):
            [
                EventAnswer(.submissionRefused).with(\.kind, duty.name)
                    .with(\.reason, reason)
            ]
        case .registration(let role, let step, _):
            [EventAnswer(.registration).with(\.role, role.name).at(step)]
        // The status says it.
        case .level, .behind:
            []
        }
    }

    /// The step's name is the event's `kind`.
    private func at(_ step: RegistrationStep) -> EventAnswer {
        switch step {
        case .waitingForMoney(let held, let needed):
            with(\.kind, "waitingForMoney")
                .with(\.amountUnits, needed.units - min(needed.units, held.units))
        case .submitted(let stake):
            with(\.kind, "submitted").with(\.amountUnits, stake.units)
        case .registered(let slot): with(\.kind, "registered").of(slot)
        case .admitted(let stake): with(\.kind, "admitted").with(\.amountUnits, stake.units)
        case .ejected(let stake): with(\.kind, "ejected").with(\.amountUnits, stake.units)
        case .refused(let reason): with(\.kind, "refused").with(\.reason, reason)
        case .left: with(\.kind, "left")
        case .leaving: with(\.kind, "leaving")
        case .exiting(let height): with(\.kind, "exiting").at(height)
        case .exited(let amount): with(\.kind, "exited").with(\.amountUnits, amount.units)
        case .withdrawn(let amount, let recipient):
            with(\.kind, "withdrawn").with(\.amountUnits, amount.units)
                .with(\.otherKey, recipient.hex)
        }
    }

    package init(_ event: LedgerEvent) {
        switch event {
        case .slotOpened(let slot, let height, _):
            self = EventAnswer(.slotOpened).of(slot).at(height)
        case .committed(let slot, let key):
            self = EventAnswer(.commit).of(slot).by(key)
        case .proposed(let slot, let key, let feeShare):
            self = EventAnswer(.proposal).of(slot).by(key)
                .with(\.feeShareBasisPoints, feeShare.value)
        case .leaderElected(let slot, let key, let feeShare, _):
            self = EventAnswer(.leader).of(slot).by(key)
                .with(\.feeShareBasisPoints, feeShare.value)
        case .revealed(let slot, let blockID, let header):
            self = EventAnswer(.revealed).of(slot).with(\.blockId, blockID.hex)
                .with(\.leafCount, header.leafCount)
        case .elected(let slot, let blockID, let assignment):
            self = EventAnswer(.elected).of(slot).with(\.blockId, blockID.hex)
                .with(\.leafCount, assignment.shape.leafCount)
        case .proofCommitted(let slot, let range, let key, let height):
            self = EventAnswer(.proofCommitted).of(slot, range).by(key).at(height)
        case .finalised(let block):
            self.init(final: block)
        case .skipped(let slot, let reason, let height):
            self = EventAnswer(.skipped).of(slot).at(height).with(\.reason, reason.name)
        default:
            self.init(aboutKeys: event)
        }
    }

    private init(final block: FinalBlock) {
        self = EventAnswer(.final).of(block.slot).at(block.height).by(block.sequencer)
            .with(\.blockId, block.blockID.hex).with(\.leafCount, block.leafCount)
            .with(\.payouts, block.payouts.map { PayoutAnswer($0) })
    }

    /// Money, stakes and transactions.
    private init(aboutKeys event: LedgerEvent) {
        switch event {
        case .slashed(let slashing):
            self = EventAnswer(.slashed).of(slashing.slot).by(slashing.key)
                .with(\.role, slashing.role.name).with(\.amountUnits, slashing.amount.units)
                .with(\.reason, "\(slashing.offence)")
                .with(\.otherKey, slashing.reporter?.hex)
        case .rewarded(let key, let amount, let kind):
            self = EventAnswer(.rewarded).by(key).with(\.amountUnits, amount.units)
            switch kind {
            case .sequencer(let slot): self = of(slot).with(\.role, Role.sequencer.name)
            case .prover(let slot): self = of(slot).with(\.role, Role.prover.name)
            case .report: self = with(\.kind, "report")
            }
        case .registered(let role, let key, let stake):
            self = EventAnswer(.registered).by(key).with(\.role, role.name)
                .with(\.amountUnits, stake.units)
        case .exiting(let role, let key, let height):
            self = EventAnswer(.exiting).by(key).at(height).with(\.role, role.name)
        case .exited(let role, let key, let amount):
            self = EventAnswer(.exited).by(key).with(\.role, role.name)
                .with(\.amountUnits, amount.units)
        case .transferred(_, let sender, let recipient, let amount):
            self = EventAnswer(.transferred).by(sender).with(\.otherKey, recipient.hex)
                .with(\.amountUnits, amount.units)
        case .intentLogged(let key, let intent):
            self = EventAnswer(.intent).of(intent.firstSlot).by(key)
                .with(\.lastSlot, intent.lastSlot.number)
        case .refused(_, let key, let kind, let refusal):
            self = EventAnswer(.refused).by(key).with(\.kind, "\(kind)")
                .with(\.reason, "\(refusal)")
        case .dropped(_, let key, let kind, let drop):
            self = EventAnswer(.dropped).by(key).with(\.kind, "\(kind)")
                .with(\.reason, "\(drop)")
        default:
            preconditionFailure("\(event) is not about keys")
        }
    }

    private func at(_ height: Height) -> EventAnswer { with(\.height, height.number) }
    private func of(_ slot: Slot) -> EventAnswer { with(\.slot, slot.number) }
    private func by(_ key: OperatorKey) -> EventAnswer { with(\.key, key.hex) }

    private func of(_ slot: Slot, _ range: LeafRange) -> EventAnswer {
        of(slot).with(\.firstLeaf, range.first).with(\.leafCount, range.count)
    }

    private func with<Value>(
        _ field: WritableKeyPath<EventAnswer, Value>, _ value: Value
    ) -> EventAnswer {
        var copy = self
        copy[keyPath: field] = value
        return copy
    }
}

extension Role {
    var name: String { "\(self)" }
}

extension SkipReason {
    /// For programs; who is to blame is told by the `slashed` event.
    package var name: String {
        switch self {
        case .emptyPool: "emptyPool"
        case .noCommit: "noCommit"
        case .noProposal: "noProposal"
        case .noReveal: "noReveal"
        case .noRootProof: "noRootProof"
        }
    }
}

extension PayoutAnswer {
    package init(_ payout: Payout) {
        self.init(
            key: payout.key.hex, role: payout.role.name, units: payout.units,
            amountUnits: payout.amount.units)
    }
}
