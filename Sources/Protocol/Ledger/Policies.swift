package import Primitives
package import ProverElection
package import Sequencing
package import VRF

/// Who orders payments, and until when it may. A pure function of what the log shows.
package protocol SequencingPolicy: Hashable, Sendable {
    associatedtype Candidate: Sendable
    associatedtype Phases: Sendable

    func phases(openedAt height: Height) -> Phases
    /// Nil where nobody stands.
    func leader(among candidates: [Candidate]) -> Candidate?
}

/// Who proves which node of a block's tree.
package protocol AssignmentPolicy: Hashable, Sendable {
    func assign(
        seed: VRFOutput, pool: [PoolMember], leafCount: Int
    ) throws(TreeElectionError) -> TreeAssignment
    /// When helpers may step in for a block revealed at `height`.
    func ladder(revealedAt height: Height) -> Ladder
}

/// How the provers' share of a block is split.
package protocol RewardPolicy: Hashable, Sendable {
    /// The weight of all nodes of a tree.
    func weight(ofTreeWith leafCount: Int) -> UInt64
    /// Splits `pool` among duties; what is paid and forfeited sums to it exactly.
    func split(_ pool: Amount, among duties: [ProverDuty]) -> ProverSplit
}

/// What an offence costs, in basis points of the role's minimum stake.
package protocol PenaltyPolicy: Hashable, Sendable {
    func penalty(for offence: OffenceKind) -> BasisPoints
    /// What of a penalty goes to who reported it; the rest is burned.
    var reporterShare: BasisPoints { get }
}

/// Sealed proposals, ranked by VRF output and fee share.
package struct FernetSequencing: SequencingPolicy {
    package let parameters: FernetParameters
    package let scoreRule: FernetScoreRule

    package init(parameters: FernetParameters, scoreRule: FernetScoreRule) {
        self.parameters = parameters
        self.scoreRule = scoreRule
    }

    package func phases(openedAt height: Height) -> FernetPhases {
        FernetPhases(parameters: parameters, openingHeight: height)
    }

    package func leader(among candidates: [FernetCandidate]) -> FernetCandidate? {
        FernetElection.leader(among: candidates, rule: scoreRule)
    }
}

/// One prover per tree node by VRF, and a ladder of helpers.
package struct TreeAssignmentRule: AssignmentPolicy {
    package let election: TreeElectionParameters
    package let ladder: LadderParameters

    package init(election: TreeElectionParameters, ladder: LadderParameters) {
        self.election = election
        self.ladder = ladder
    }

    package func assign(
        seed: VRFOutput, pool: [PoolMember], leafCount: Int
    ) throws(TreeElectionError) -> TreeAssignment {
        try TreeElection.assign(
            seed: seed, pool: pool, leafCount: leafCount, parameters: election)
    }

    package func ladder(revealedAt height: Height) -> Ladder {
        Ladder(parameters: ladder, revealHeight: height)
    }
}

/// Penalties from the network file.
package struct PenaltyTable: PenaltyPolicy {
    package let equivocation: BasisPoints
    package let noReveal: BasisPoints
    package let reporterShare: BasisPoints

    package init(
        equivocation: BasisPoints, noReveal: BasisPoints, reporterShare: BasisPoints
    ) {
        self.equivocation = equivocation
        self.noReveal = noReveal
        self.reporterShare = reporterShare
    }

    package func penalty(for offence: OffenceKind) -> BasisPoints {
        switch offence {
        case .equivocation: equivocation
        case .noReveal: noReveal
        }
    }
}
