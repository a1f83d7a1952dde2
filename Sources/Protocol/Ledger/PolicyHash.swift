package import Cryptography
internal import Primitives
internal import ProverElection
internal import Sequencing

/// The hash of everything in a network file but addresses. Peers compare it, and it is the first
/// log block's previous hash.
package enum PolicyHash {
    package static func hash(rules: LedgerRules, genesis: Genesis) -> Digest {
        taggedHash("policy", rules.fields + genesis.fields)
    }
}

extension LedgerRules {
    fileprivate var fields: [HashField] {
        var fields: [HashField] = [.key(networkID)]
        fields += sequencing.fields + assignment.fields + reward.fields
        fields += [
            .integer(penalties.equivocation.value), .integer(penalties.noReveal.value),
            .integer(penalties.reporterShare.value),
        ]
        fields += TransactionKind.allCases.map { .integer(fees.fee(for: $0).units) }
        fields += [
            .integer(stakes.sequencerMinimum.units), .integer(stakes.builderMinimum.units),
            .integer(stakes.proverMinimum.units), .integer(stakes.ejection.value),
            .integer(stakes.exitDelayTicks), .integer(fees.account.units),
            .integer(firstSlotHeight.number), .integer(lag), .integer(blockReward.units),
            .integer(UInt64(leafCapacity)), .integer(UInt64(maximumLeaves)),
            .integer(evidenceExpiryTicks), .key(otherRules),
        ]
        return fields
    }
}

extension FernetSequencing {
    fileprivate var fields: [HashField] {
        let phases: [HashField] = [
            .text("fernet"), .integer(parameters.proposeTicks), .integer(parameters.openTicks),
            .integer(parameters.revealTicks), .integer(parameters.provingTicks),
        ]
        switch scoreRule {
        case .literal:
            return phases + [.text("literal")]
        case .exponentialRace(let feeShareWeight):
            return phases + [.text("exponentialRace"), .integer(UInt64(feeShareWeight))]
        }
    }
}

extension TreeAssignmentRule {
    fileprivate var fields: [HashField] {
        let weighting: String =
            switch election.weighting {
            case .uniform: "uniform"
            case .stake: "stake"
            }
        return [
            .text("tree"), .text(weighting), .integer(ladder.leafTicks),
            .integer(ladder.mergeTicks), .integer(ladder.stepTicks),
            .integer(UInt64(LadderParameters.stepCount)),
        ]
    }
}

extension UnitReward {
    fileprivate var fields: [HashField] {
        [
            .text("units"), .integer(UInt64(leafWeight)), .integer(UInt64(mergeWeight)),
            .integer(UInt64(forfeit.rawValue)),
        ]
    }
}

extension Genesis {
    fileprivate var fields: [HashField] {
        var fields: [HashField] = [.integer(UInt64(accounts.count))]
        fields += accounts.flatMap { [.key($0.key), .integer($0.balance.units)] }
        fields.append(.integer(UInt64(registrants.count)))
        fields += registrants.flatMap { registrant -> [HashField] in
            [
                .integer(UInt64(registrant.role.rawValue)), .key(registrant.key),
                .key(registrant.vrfKey), .integer(registrant.stake.units),
            ]
        }
        fields.append(.integer(UInt64(offers.count)))
        fields += offers.flatMap { [.key($0.key)] + $0.intent.fields }
        fields += [
            .key(beacon), .bytes(rollupBlockID.bytes), .bytes(rollupStateRoot.bytes),
            .integer(rollupSupply.units), .key(settlementAuthority),
        ]
        return fields
    }
}
