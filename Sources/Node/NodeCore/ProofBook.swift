package import Cryptography
package import Primitives

/// Who committed to, announced and delivered which proof of one slot.
///
/// An announcement counts only beside a commitment of the same prover to the same hash: commit
/// comes before reveal, so a proof that was seen cannot be claimed.
package struct ProofBook: Sendable {
    package struct Candidate: Sendable {
        package let prover: OperatorKey
        package let announcement: ProofAnnouncement
    }

    private struct Entry: Sendable {
        /// In the order of arrival.
        var commitments: [(prover: OperatorKey, commitment: Digest)] = []
        var candidates: [Candidate] = []
        var accepted: [(prover: OperatorKey, hash: Digest)] = []
        var refused: [Digest] = []
        var asking = false
        /// Proofs that nobody served are asked for again only at a later height.
        var lastFailure: Height?

        func isUsable(_ candidate: Candidate, _ isAllowed: (OperatorKey) -> Bool) -> Bool {
            let expected = ProofCommitment.commitment(
                proofHash: candidate.announcement.proofHash, prover: candidate.prover)
            return isAllowed(candidate.prover)
                && !refused.contains(candidate.announcement.proofHash)
                && commitments.contains { $0 == (candidate.prover, expected) }
        }
    }

    private var entries: [LeafRange: Entry] = [:]
    private let nodeCount: Int

    /// `nodeCount` bounds the book together with `ProverParameters`.
    package init(nodeCount: Int) {
        self.nodeCount = nodeCount
    }

    package mutating func record(_ commitment: ProofCommitment, by prover: OperatorKey) -> Bool {
        var entry = entries[commitment.range] ?? Entry()
        let own = entry.commitments.filter { $0.prover == prover }
        guard own.count < NodeParameters.maximumCommitmentsPerProverAndNode,
            !own.contains(where: { $0.commitment == commitment.commitment })
        else { return false }
        entry.commitments.append((prover, commitment.commitment))
        return store(entry, commitment.range)
    }

    package mutating func record(_ announcement: ProofAnnouncement, by prover: OperatorKey) -> Bool
    {
        var entry = entries[announcement.range] ?? Entry()
        let own = entry.candidates.filter { $0.prover == prover }
        guard own.count < NodeParameters.maximumCommitmentsPerProverAndNode,
            !own.contains(where: { $0.announcement.proofHash == announcement.proofHash })
        else { return false }
        entry.candidates.append(Candidate(prover: prover, announcement: announcement))
        return store(entry, announcement.range)
    }

    /// The first announced and committed proof that `isAllowed`, was not refused, and is not being
    /// pulled already; marks it as being pulled.
    package mutating func nextCandidate(
        of range: LeafRange, at height: Height, isAllowed: (OperatorKey) -> Bool
    ) -> Candidate? {
        guard var entry = entries[range], !entry.asking, entry.lastFailure != height,
            let candidate = entry.candidates.first(where: { entry.isUsable($0, isAllowed) })
        else { return nil }
        entry.asking = true
        entries[range] = entry
        return candidate
    }

    package mutating func settle(
        _ request: ProofRequest, _ availability: ProofAvailability, at height: Height
    ) {
        guard var entry = entries[request.range] else { return }
        entry.asking = false
        switch availability {
        case .valid: entry.accepted.append((request.prover, request.proofHash))
        case .invalid: entry.refused.append(request.proofHash)
        case .unavailable: entry.lastFailure = height
        }
        entries[request.range] = entry
    }

    /// Whether a proof of `range` is being pulled or can be asked for and never failed to come.
    package func isObtainable(_ range: LeafRange, isAllowed: (OperatorKey) -> Bool) -> Bool {
        guard let entry = entries[range] else { return false }
        if entry.asking { return true }
        return entry.lastFailure == nil
            && entry.candidates.contains { entry.isUsable($0, isAllowed) }
    }

    package func hasCommitment(of range: LeafRange) -> Bool { firstCommitter(of: range) != nil }

    package func firstCommitter(of range: LeafRange) -> OperatorKey? {
        entries[range]?.commitments.first?.prover
    }

    package func hasAnnouncement(of range: LeafRange) -> Bool {
        entries[range]?.candidates.isEmpty == false
    }

    package func acceptedHash(of range: LeafRange) -> Digest? {
        entries[range]?.accepted.first?.hash
    }

    package func acceptedHash(of range: LeafRange, by prover: OperatorKey?) -> Digest? {
        entries[range]?.accepted.first { $0.prover == prover }?.hash
    }

    private mutating func store(_ entry: Entry, _ range: LeafRange) -> Bool {
        guard entries[range] != nil || entries.count < nodeCount else { return false }
        entries[range] = entry
        return true
    }
}
