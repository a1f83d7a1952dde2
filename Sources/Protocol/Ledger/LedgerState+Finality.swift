internal import Cryptography
internal import Primitives
internal import ProofTree
internal import ProverElection
internal import Sequencing

extension LedgerState {
    /// Ends the open slot with its revealed block and pays for it, to the last base unit.
    ///
    /// - Parameter contributions: nil for an empty block, which needs no proof and pays nothing.
    mutating func finalise(
        contributions: Contributions?, submitter: OperatorKey?, in fold: inout Fold
    ) throws(LedgerHalt) {
        guard let open = slot, let reveal = open.reveal, let leader = open.leader,
            let proposal = open.leaderProposal
        else { return }
        if let lastEndedSlot, lastEndedSlot >= open.slot {
            throw .slotSettledTwice(open.slot)
        }
        var paid = Paid()
        if let contributions, let elected = open.elected {
            let duties = try Self.duties(in: contributions, of: elected, slot: open.slot)
            paid = try pay(
                duties, sequencer: leader, header: reveal.header,
                feeShare: proposal.proposal.feeShare)
        }
        let final = FinalBlock(
            slot: open.slot, blockID: reveal.blockID, header: reveal.header, sequencer: leader,
            feeShare: proposal.proposal.feeShare, openingHeight: open.openingHeight,
            revealHeight: max(reveal.height, open.electionClaim?.height ?? reveal.height),
            height: fold.height,
            submitter: submitter, contributions: contributions, payouts: paid.payouts,
            forfeited: paid.forfeited)
        endSlot(with: final, output: proposal)
        report(final, in: &fold)
    }

    private mutating func endSlot(with final: FinalBlock, output proposal: OpenedProposal) {
        beacons.finalise(with: proposal.output)
        parent = ParentBlock(blockID: final.blockID, stateRoot: final.header.stateAfter)
        finalBlocks.append(final)
        if finalBlocks.count > LedgerParameters.recentFinalBlocks { finalBlocks.removeFirst() }
        finalBlockCount += 1
        finalityHash = final.hash(after: finalityHash)
        lastEndedSlot = final.slot
        slot = nil
    }

    private func report(_ final: FinalBlock, in fold: inout Fold) {
        fold.report(.finalised(final))
        for payout in final.payouts {
            let kind: RewardKind =
                payout.role == .sequencer ? .sequencer(final.slot) : .prover(final.slot)
            fold.report(.rewarded(key: payout.key, amount: payout.amount, kind))
        }
    }

    /// Each node of the tree with whom it was given to and who proved it, once.
    private static func duties(
        in contributions: Contributions, of elected: ElectedTree, slot: Slot
    ) throws(LedgerHalt) -> [ProverDuty] {
        var settled = SortedMap<LeafRange, Bool>()
        var duties: [ProverDuty] = []
        for (node, contributor) in contributions.byNode(of: elected.assignment.shape) {
            guard let assigned = elected.assignment.prover(of: node), settled[node] == nil else {
                throw .dutySettledTwice(slot, node)
            }
            settled[node] = true
            duties.append(
                ProverDuty(node: node, assigned: assigned, contributor: contributor))
        }
        return duties
    }

    private struct Paid {
        var payouts: [Payout] = []
        var forfeited = Amount.zero
    }

    /// Fees leave the bridge, the block reward is minted; the provers' share is
    /// `⌊(fees + reward)·feeShare⌋` with what earlier blocks forfeited, the rest is the
    /// sequencer's.
    private mutating func pay(
        _ duties: [ProverDuty], sequencer: OperatorKey, header: BlockHeader,
        feeShare: BasisPoints
    ) throws(LedgerHalt) -> Paid {
        try treasury.move(header.feeSum, from: .bridge, to: .settling)
        try treasury.mint(rules.blockReward, to: .settling)
        let income = treasury.balance(of: .settling)
        let proverShare = income.share(feeShare)
        let sequencerShare = Amount(units: income.units - proverShare.units)
        let carried = treasury.balance(of: .carried)
        try treasury.move(carried, from: .carried, to: .settling)
        try treasury.move(sequencerShare, from: .settling, to: .account(sequencer))

        let split = rules.reward.split(treasury.balance(of: .settling), among: duties)
        for payout in split.payouts {
            try treasury.move(payout.amount, from: .settling, to: .account(payout.key))
        }
        switch rules.reward.forfeit {
        case .burn: try treasury.burn(split.forfeited, from: .settling)
        case .nextBlock: try treasury.move(split.forfeited, from: .settling, to: .carried)
        }
        let left = treasury.balance(of: .settling)
        guard left == .zero else { throw .unsettled(left) }
        let sequencerPayout = Payout(
            key: sequencer, role: .sequencer, units: 0, amount: sequencerShare)
        return Paid(payouts: [sequencerPayout] + split.payouts, forfeited: split.forfeited)
    }
}

extension FinalBlock {
    /// One link of the chain of final blocks and what each paid.
    func hash(after previous: Digest) -> Digest {
        var fields: [HashField] = [
            .key(previous), .integer(slot.number), .bytes(blockID.bytes),
            .key(header.commitment), .integer(height.number), .key(sequencer),
            .integer(forfeited.units), .integer(UInt64(payouts.count)),
        ]
        for payout in payouts {
            fields += [
                .key(payout.key), .integer(UInt64(payout.role.rawValue)),
                .integer(UInt64(payout.units)), .integer(payout.amount.units),
            ]
        }
        return taggedHash("final-block", fields)
    }
}
