package import Cryptography
package import Gossip
package import Primitives

/// Who committed to, announced and delivered which proof of one slot.
///
/// An announcement counts only beside a commitment of the same prover to the same hash: commit
/// comes before reveal, so a proof that was seen cannot be claimed.
package struct ProofBook: Sendable {
    package struct Candidate: Sendable {
        package let prover: OperatorKey
        package let announcement: ProofAnnouncement
        /// Who passed it on to us.
        package let teller: GossipPeer?
    }

    /// What became of a candidate. It says nothing about another prover's with the same hash: that
    /// one may be the owner.
    private struct Standing: Sendable {
        var isRefused = false
        /// Nobody served it at this height; it is asked for again only at a later one.
        var lastFailure: Height?
    }

    private struct Entry: Sendable {
        /// In the order of arrival.
        var commitments: [(prover: OperatorKey, commitment: Digest)] = []
        var candidates: [Candidate] = []
        /// `[candidate]`.
        var standings: [Standing] = []
        var accepted: [(prover: OperatorKey, hash: Digest)] = []
        /// The candidate that is being pulled.
        var asked: Int?

        /// Candidates that count and were not refused.
        func usable(_ isAllowed: (OperatorKey) -> Bool) -> [Int] {
            candidates.indices.filter { index in
                let candidate = candidates[index]
                let expected = ProofCommitment.commitment(
                    proofHash: candidate.announcement.proofHash, prover: candidate.prover)
                return isAllowed(candidate.prover) && !standings[index].isRefused
                    && commitments.contains { $0 == (candidate.prover, expected) }
            }
        }

        /// Smaller is better: whoever's proofs came before whoever has some that did not; then what
        /// never failed before what did, the longest ago first; among equals the preferred
        /// prover's, then the order of arrival.
        func rank(_ index: Int, _ preferred: OperatorKey?) -> (Int, UInt64, Int, Int) {
            let prover = candidates[index].prover
            let failure = standings[index].lastFailure.map { $0.number + 1 } ?? 0
            return (misses(of: prover), failure, prover == preferred ? 0 : 1, index)
        }

        /// How many proofs of `prover` were false, or did not come.
        func misses(of prover: OperatorKey) -> Int {
            zip(candidates, standings).count {
                $0.prover == prover && ($1.isRefused || $1.lastFailure != nil)
            }
        }
    }

    private var entries: [LeafRange: Entry] = [:]
    /// Whoever committed to anything.
    private var committers: Set<OperatorKey> = []
    private let nodeCount: Int

    /// `nodeCount` bounds the book together with `NodeParameters`.
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
        guard store(entry, commitment.range) else { return false }
        committers.insert(prover)
        return true
    }

    package mutating func record(
        _ announcement: ProofAnnouncement, by prover: OperatorKey, from teller: GossipPeer? = nil
    ) -> Bool {
        var entry = entries[announcement.range] ?? Entry()
        let own = entry.candidates.filter { $0.prover == prover }
        guard own.count < NodeParameters.maximumCommitmentsPerProverAndNode,
            !own.contains(where: { $0.announcement.proofHash == announcement.proofHash })
        else { return false }
        entry.candidates.append(
            Candidate(prover: prover, announcement: announcement, teller: teller))
        entry.standings.append(Standing())
        return store(entry, announcement.range)
    }

    /// The best announced and committed proof that `isAllowed`, was not refused, and did not fail
    /// to come at this height; nil while one is being pulled. Marks it as being pulled.
    ///
    /// A prover that announces what it never serves holds up the others' proofs once, however much it
    /// announces.
    package mutating func nextCandidate(
        of range: LeafRange, at height: Height, preferring preferred: OperatorKey?,
        isAllowed: (OperatorKey) -> Bool
    ) -> Candidate? {
        guard var entry = entries[range], entry.asked == nil else { return nil }
        let open = entry.usable(isAllowed).filter { entry.standings[$0].lastFailure != height }
        guard let best = open.min(by: { entry.rank($0, preferred) < entry.rank($1, preferred) })
        else { return nil }
        entry.asked = best
        entries[range] = entry
        return entry.candidates[best]
    }

    package mutating func settle(
        _ request: ProofRequest, _ availability: ProofAvailability, at height: Height
    ) {
        guard var entry = entries[request.range] else { return }
        entry.asked = nil
        let index = entry.candidates.firstIndex {
            $0.prover == request.prover && $0.announcement.proofHash == request.proofHash
        }
        switch availability {
        case .valid: entry.accepted.append((request.prover, request.proofHash))
        case .invalid: if let index { entry.standings[index].isRefused = true }
        case .unavailable: if let index { entry.standings[index].lastFailure = height }
        }
        entries[request.range] = entry
    }

    /// Whether a proof of `range` is being pulled or can be asked for, of a prover whose proofs never
    /// failed to come: else a liar with many would be waited for many times.
    package func isObtainable(_ range: LeafRange, isAllowed: (OperatorKey) -> Bool) -> Bool {
        guard let entry = entries[range] else { return false }
        return (entry.usable(isAllowed) + [entry.asked].compactMap(\.self)).contains {
            entry.misses(of: entry.candidates[$0].prover) == 0
        }
    }

    /// Whether somebody committed whose proof `isAllowed`.
    package func hasCommitment(
        of range: LeafRange, isAllowed: (OperatorKey) -> Bool
    ) -> Bool {
        entries[range]?.commitments.contains { isAllowed($0.prover) } == true
    }

    /// Whether `prover` committed to a proof of any node.
    package func hasCommitment(by prover: OperatorKey) -> Bool { committers.contains(prover) }

    package func firstCommitter(of range: LeafRange) -> OperatorKey? {
        entries[range]?.commitments.first?.prover
    }

    /// Whether somebody announced a proof that `isAllowed`.
    package func hasAnnouncement(
        of range: LeafRange, isAllowed: (OperatorKey) -> Bool = { _ in true }
    ) -> Bool {
        entries[range]?.candidates.contains { isAllowed($0.prover) } == true
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
