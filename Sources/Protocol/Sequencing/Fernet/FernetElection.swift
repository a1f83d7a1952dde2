internal import Cryptography
package import Primitives
package import VRF

/// Who leads a Fernet slot.
///
/// Each admitted sequencer that opened its sealed proposal stands with the VRF output β of its key
/// over the slot's beacon and with the fee share it leaves to the provers. `u` is the first eight
/// bytes of β. The rule ranks them; ties fall to the lower `H("tie", β, key)`, then to the lower
/// key. Everything is integers, so that all nodes name the same leader.
///
/// Source: Fernet (Aztec, 2023); `literal` is its cooperative-proving variant. Deviation:
/// proposals are sealed first, otherwise the last to speak outbids the others.
package enum FernetElection {
    /// What a sequencer's VRF key signs for a slot: nothing in it is its to choose.
    package static func vrfInput(networkID: NetworkID, slot: Slot, beacon: Beacon) -> [UInt8] {
        VRFInput.draw(
            .fernet, networkID: networkID, slot: slot.number, beacon: Digest(beacon.rawBytes))
    }

    /// Nil where nobody stands.
    package static func leader(
        among candidates: [FernetCandidate], rule: FernetScoreRule
    ) -> FernetCandidate? {
        ranking(of: candidates, rule: rule).first
    }

    /// Best first; the same for every order of `candidates`. O(n log n).
    package static func ranking(
        of candidates: [FernetCandidate], rule: FernetScoreRule
    ) -> [FernetCandidate] {
        let standings = candidates.map { Standing(candidate: $0, rule: rule) }
        return standings.sorted { $0.precedes($1) }.map(\.candidate)
    }
}

/// An admitted sequencer with a valid opened proposal.
package struct FernetCandidate: Hashable, Sendable {
    package let key: OperatorKey
    package let output: VRFOutput
    package let feeShare: BasisPoints
    package let stake: Amount

    package init(key: OperatorKey, output: VRFOutput, feeShare: BasisPoints, stake: Amount) {
        self.key = key
        self.output = output
        self.feeShare = feeShare
        self.stake = stake
    }

    /// The score of the `literal` rule.
    package var literalScore: UInt128 {
        UInt128(output.leadingWord) * UInt128(BasisPoints.whole + feeShare.value)
    }
}

/// A candidate with its score and tie-break computed once.
private struct Standing {
    enum Score {
        case literal(UInt128)
        case race(ExponentialRace)
    }

    let candidate: FernetCandidate
    let score: Score
    let tie: Digest

    init(candidate: FernetCandidate, rule: FernetScoreRule) {
        self.candidate = candidate
        tie = taggedHash("tie", .bytes(candidate.output.bytes), .key(candidate.key))
        switch rule {
        case .literal:
            score = .literal(candidate.literalScore)
        case .exponentialRace(let feeShareWeight):
            let factor = BasisPoints.whole + UInt64(feeShareWeight) * candidate.feeShare.value
            score = .race(
                ExponentialRace(
                    draw: candidate.output.leadingWord,
                    weight: UInt128(candidate.stake.units) * UInt128(factor)))
        }
    }

    func precedes(_ other: Standing) -> Bool {
        switch (score, other.score) {
        case (.literal(let mine), .literal(let theirs)) where mine != theirs:
            return mine > theirs
        case (.race(let mine), .race(let theirs)):
            if mine.precedes(theirs) { return true }
            if theirs.precedes(mine) { return false }
        default:
            break
        }
        return (tie, candidate.key) < (other.tie, other.candidate.key)
    }
}
