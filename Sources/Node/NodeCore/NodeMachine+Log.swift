internal import Cryptography
internal import Ledger
internal import Messages
internal import Payments
internal import Primitives
internal import SansIO

/// From log blocks to the ledger, and from what the ledger did to the duties.
extension NodeMachine {
    /// Whoever hears that the log is where it is already goes on at once.
    mutating func sawLogHead(_ height: Height) -> [NodeEffect] {
        let wasLive = follower.isLive
        follower.heard(height)
        suspendProving()
        guard !wasLive, follower.isLive, ledger.nextHeight > Height(0) else { return [] }
        return advanceDuties(after: Height(ledger.nextHeight.number - 1))
    }

    mutating func receive(_ block: LogBlock) -> [NodeEffect] {
        guard follower.enqueue(block) else { return [.count(.logQueueFull)] }
        return judgeNext()
    }

    /// Asks for what the next block needs; most need nothing and are judged at once by the shell.
    private mutating func judgeNext() -> [NodeEffect] {
        guard let block = follower.next() else { return [] }
        return [
            .judge(
                block, judgements: ledger.judgements(neededFor: block), parentState: rollup)
        ]
    }

    mutating func judged(
        _ height: Height, _ judgement: LogJudgement, at now: Instant
    ) -> [NodeEffect] {
        guard let block = follower.finish(height) else { return [] }
        suspendProving()
        let events: [LedgerEvent]
        do throws(LedgerHalt) {
            events = try ledger.apply(block, verdicts: judgement.verdicts)
        } catch {
            return halt("the ledger cannot apply log block \(height): \(error)")
        }
        books.record(
            block, events: events, balance: ledger.balance(of: identity.key))
        signedHashes.record(ledger.previousHash, at: height)
        var effects: [NodeEffect] = [.report(.folded(height, events: events))]
        effects += noteMembership(events, at: height)
        sending.folded(events, nonce: ledger.nonce(of: identity.key), at: height)
        effects += lookThrough(block)
        for event in events { effects += follow(event, judgement, at: now) }
        effects += afterBlock(height, at: now)
        return effects + judgeNext()
    }

    private mutating func follow(
        _ event: LedgerEvent, _ judgement: LogJudgement, at now: Instant
    ) -> [NodeEffect] {
        switch event {
        case .slotOpened(let slot, _, _):
            return openSlot(slot)
        case .leaderElected(let slot, let key, _, _):
            lookout.elected(key, in: slot)
            return []
        case .revealed(_, _, let header):
            revealed = judgement.executed[header.commitment]
            return []
        case .elected:
            return startProving(at: now)
        case .finalised(let block):
            return finalise(block, at: now)
        case .skipped(let slot, _, _):
            return endSlot(slot, at: now)
        default:
            return []
        }
    }

    private mutating func openSlot(_ slot: Slot) -> [NodeEffect] {
        proving = nil
        revealed = nil
        sequencing = nil
        slotGossip = SlotGossip()
        if let open = ledger.slot, open.slot == slot {
            lookout.opened(
                slot, at: open.openingHeight, sequencers: open.sequencers.map(\.key))
        }
        guard identity.roles.contains(.sequencer),
            let open = ledger.slot, open.sequencer(identity.key) != nil
        else { return [] }
        sequencing = SequencingDuty(
            key: identity.key, networkID: identity.networkID, slot: slot,
            parent: open.parent.blockID, feeShare: parameters.feeShare)
        return []
    }

    private mutating func finalise(_ block: FinalBlock, at now: Instant) -> [NodeEffect] {
        if block.header.stateAfter != rollup.root {
            guard let revealed, revealed.after.root == block.header.stateAfter else {
                return halt("slot \(block.slot) is final with a state that was not executed here")
            }
            rollup = revealed.after
            dropStalePayments()
        }
        return endSlot(block.slot, at: now)
    }

    private mutating func endSlot(_ slot: Slot, at now: Instant) -> [NodeEffect] {
        proving = nil
        revealed = nil
        sequencing = nil
        archive.endSlot()
        return [.cancelProving(through: slot)] + releaseEarlyMessages(at: now)
    }

    /// What every folded block moves on: deadlines of duties, intents, the signed ledger root.
    private mutating func afterBlock(_ height: Height, at now: Instant) -> [NodeEffect] {
        let found = recordRoot(at: height)
        guard follower.isLive, haltReason == nil else { return found }
        return found + advanceDuties(after: height) + stateLedgerRoot(height)
    }

    private mutating func advanceDuties(after height: Height) -> [NodeEffect] {
        advanceSequencing() + recallProofs() + advanceProving(to: height) + renewIntent()
            + reportFindings(at: height) + advanceSending() + advanceMembership()
    }

    private func stateLedgerRoot(_ height: Height) -> [NodeEffect] {
        guard let root = roots.root(at: height),
            stakes.contains(where: { $0.key == identity.key })
        else { return [] }
        let statement = LedgerRootStatement(height: height, ledgerRoot: root)
        return [publish(.ledgerRoot(statement), duty: Duty("ledger-root/\(height)"))]
    }

    /// All keys of the open slot with what they have at stake, ascending.
    var stakes: [AdmittedStake] {
        guard let slot = ledger.slot else { return [] }
        return (slot.sequencers + slot.provers).map {
            AdmittedStake(key: $0.key, stake: $0.stake)
        }
    }

    mutating func halt(_ reason: String) -> [NodeEffect] {
        haltReason = reason
        return [.halt(reason: reason)]
    }
}
