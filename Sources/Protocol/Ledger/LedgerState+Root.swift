package import Cryptography
internal import Primitives
internal import ProofSubmission
internal import Sequencing
internal import VRF

extension LedgerState {
    /// The hash of everything that later rules can depend on, in one canonical order: nodes that
    /// folded the same log have the same root. O(state).
    package var root: Digest {
        var fields: [HashField] = [
            .key(policyHash), .integer(nextHeight.number), .key(previousHash),
            .bytes(parent.blockID.bytes), .bytes(parent.stateRoot.bytes), .key(finalityHash),
            .integer(finalBlockCount), .integer(skippedSlotCount),
            .integer(lastEndedSlot.map { $0.number + 1 } ?? 0),
            .integer(beacons.currentSlot.number), .key(beacons.newest), .key(beacons.current),
        ]
        fields += treasury.fields
        fields += section(nonces) { [.key($0), .integer($1)] }
        fields += section(registry.registrants) { $1.fields }
        fields += section(intents) { [.key($0)] + $1.fields }
        fields += section(openings) { [.integer($0.number), .integer($1.number)] }
        fields += section(punishments) { act, penalty in
            [
                .integer(act.slot.number), .key(act.key), .integer(UInt64(act.duty.rawValue)),
                .integer(penalty.value),
            ]
        }
        fields += slot.map { [.integer(1)] + $0.fields } ?? [.integer(0)]
        return taggedHash("ledger-root", fields)
    }
}

/// The fields of a map, each entry by itself, after how many there are.
private func section<Key, Value>(
    _ map: SortedMap<Key, Value>, _ fields: (Key, Value) -> [HashField]
) -> [HashField] {
    [.integer(UInt64(map.count))] + map.elements.flatMap { fields($0.key, $0.value) }
}

/// As `section`, for lists.
private func section<Element>(
    _ list: [Element], _ fields: (Element) -> [HashField]
) -> [HashField] {
    [.integer(UInt64(list.count))] + list.flatMap(fields)
}

extension Treasury {
    fileprivate var fields: [HashField] {
        let totals = [minted, burned].flatMap { total -> [HashField] in
            [
                .integer(UInt64(truncatingIfNeeded: total >> 64)),
                .integer(UInt64(truncatingIfNeeded: total)),
            ]
        }
        return totals + section(purses) { [.bytes($0.bytes), .integer($1.units)] }
    }
}

extension Registrant {
    fileprivate var fields: [HashField] {
        let date = registeredAt.map { [HashField.integer(1), .integer($0.number)] }
        return [.integer(UInt64(role.rawValue)), .key(key), .key(vrfKey)]
            + (date ?? [.integer(0)])
            + (exitsAt.map { [HashField.integer(1), .integer($0.number)] } ?? [.integer(0)])
            + section(pendingTopUps) { [.integer($0.height.number), .integer($0.amount.units)] }
    }
}

extension Intent {
    var fields: [HashField] {
        [
            .integer(sequence), .integer(firstSlot.number), .integer(lastSlot.number),
            .integer(capacity), .integer(minFeePerUnit.units),
        ]
    }
}

extension SlotState {
    /// Phases and assignment follow from the rest.
    fileprivate var fields: [HashField] {
        var fields: [HashField] = [
            .integer(slot.number), .integer(openingHeight.number), .key(beacon),
        ]
        fields += section(sequencers) { $0.fields }
        fields += section(provers) { $0.fields }
        fields += section(seals) { [.key($0), .key($1)] }
        fields += section(proposals) { [.key($0)] + $1.fields }
        fields += offers.map { [.integer(1)] + section($0) { $0.fields } } ?? [.integer(0)]
        fields += leader.map { [.integer(1), .key($0)] } ?? [.integer(0)]
        fields +=
            reveal.map {
                [.integer(1), .bytes($0.blockID.bytes), .key($0.header.commitment)]
                    + [.integer($0.height.number)]
            } ?? [.integer(0)]
        fields +=
            electionClaim.map {
                [.integer(1), .bytes($0.blockID.bytes), .bytes($0.seed.bytes)]
                    + [.integer($0.height.number)]
            } ?? [.integer(0)]
        fields.append(.integer(isRevealRefused ? 1 : 0))
        fields += section(failedRootProofs) { [.key($0), .integer(UInt64($1))] }
        fields += elected.map { [.integer(1), .integer($0.revealHeight.number)] } ?? [.integer(0)]
        fields += section(proofCommitments.entries) { entry in
            [
                .integer(UInt64(entry.node.first)), .integer(UInt64(entry.node.count)),
                .key(entry.prover), .key(entry.commitment), .integer(entry.height.number),
            ]
        }
        return fields
    }
}

extension AdmittedKey {
    fileprivate var fields: [HashField] { [.key(key), .key(vrfKey), .integer(stake.units)] }
}

extension PoolOffer {
    fileprivate var fields: [HashField] {
        [
            .key(key), .integer(stake.units), .integer(capacity),
            .integer(minFeePerUnit.units),
        ]
    }
}

extension OpenedProposal {
    fileprivate var fields: [HashField] {
        [
            .bytes(proposal.parent.bytes), .key(proposal.blockCommitment),
            .integer(proposal.feeShare.value), .bytes(output.bytes), .integer(stake.units),
            .integer(height.number),
        ]
    }
}
