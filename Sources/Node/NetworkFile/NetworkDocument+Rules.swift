internal import Circuit
internal import Cryptography
internal import Foundation
internal import Hash
internal import Ledger
internal import Payments
internal import Primitives
internal import ProverElection
internal import Sequencing

extension NetworkDocument {
    func rollupParameters(networkID: NetworkID) throws(NetworkFileError) -> RollupParameters {
        do {
            return try RollupParameters(
                networkID: networkID, accountTreeDepth: rollup.accountTreeDepth,
                keyTreeHeight: rollup.keyTreeHeight, leafCapacity: rollup.leafCapacity,
                maximumLeafCount: rollup.maxLeaves)
        } catch {
            throw .contradiction("rollup.\(RuleWords.payment(error))")
        }
    }

    func ledgerRules(
        networkID: NetworkID, proofs: ProofRules
    ) throws(NetworkFileError) -> LedgerRules {
        do {
            return try LedgerRules(
                networkID: networkID, sequencing: sequencingRule(),
                assignment: assignmentRule(), reward: rewardRule(), penalties: penaltyTable(),
                fees: feeSchedule, stakes: stakeRules(),
                firstSlotHeight: Height(slots.firstSlotHeight), lag: slots.lag,
                blockReward: Amount(units: rewards.blockReward),
                leafCapacity: rollup.leafCapacity, maximumLeaves: rollup.maxLeaves,
                evidenceExpiryTicks: slots.evidenceExpiryTicks, otherRules: otherRules(proofs))
        } catch let error as NetworkFileError {
            throw error
        } catch {
            throw .contradiction(RuleWords.text(error))
        }
    }

    private func otherRules(_ proofs: ProofRules) -> Digest {
        taggedHash(
            "other-rules", .text(proofs.profile.rawValue),
            .bytes(FieldDigest(proofs.leafKey.digest).bytes),
            .bytes(FieldDigest(proofs.mergeKey.digest).bytes),
            .integer(UInt64(rollup.accountTreeDepth)),
            .integer(UInt64(rollup.keyTreeHeight)), .integer(settlement.tickMilliseconds))
    }

    private func sequencingRule() throws -> FernetSequencing {
        let parameters = try FernetParameters(
            proposeTicks: fernet.proposeTicks, openTicks: fernet.openTicks,
            revealTicks: fernet.revealTicks, provingTicks: fernet.provingTicks)
        let score: FernetScoreRule
        switch (fernet.score, fernet.feeShareWeight) {
        case ("literal", 0): score = .literal
        case ("exponentialRace", let weight): score = .exponentialRace(feeShareWeight: weight)
        case ("literal", let weight):
            throw NetworkFileError.contradiction(
                "fernet.feeShareWeight is \(weight), but the literal score has no such weight")
        default:
            throw NetworkFileError.value(
                field: "fernet.score", expected: "literal or exponentialRace",
                found: fernet.score)
        }
        return FernetSequencing(parameters: parameters, scoreRule: score)
    }

    private func assignmentRule() throws -> TreeAssignmentRule {
        let weighting: LeafWeighting =
            switch election.weighting {
            case "uniform": .uniform
            case "stake": .stake
            default:
                throw NetworkFileError.value(
                    field: "election.weighting", expected: "uniform or stake",
                    found: election.weighting)
            }
        let ladder = try LadderParameters(
            leafTicks: election.leafTicks, mergeTicks: election.mergeTicks,
            stepTicks: election.stepTicks, provingTicks: fernet.provingTicks,
            maximumLeafCount: rollup.maxLeaves)
        return TreeAssignmentRule(
            election: TreeElectionParameters(weighting: weighting), ladder: ladder)
    }

    private func rewardRule() throws -> UnitReward {
        let forfeit: UnitReward.Forfeit =
            switch rewards.forfeit {
            case "burn": .burn
            case "nextBlock": .nextBlock
            default:
                throw NetworkFileError.value(
                    field: "rewards.forfeit", expected: "burn or nextBlock",
                    found: rewards.forfeit)
            }
        guard
            let rule = UnitReward(
                leafWeight: rewards.leafWeight, mergeWeight: rewards.mergeWeight,
                forfeit: forfeit)
        else {
            throw NetworkFileError.value(
                field: "rewards", expected: "positive leafWeight and mergeWeight",
                found: "\(rewards.leafWeight) and \(rewards.mergeWeight)")
        }
        return rule
    }

    private func penaltyTable() throws(NetworkFileError) -> PenaltyTable {
        PenaltyTable(
            equivocation: try Reading.basisPoints(
                penalties.equivocation, field: "penalties.equivocation"),
            noReveal: try Reading.basisPoints(penalties.noReveal, field: "penalties.noReveal"),
            reporterShare: try Reading.basisPoints(
                penalties.reporterShare, field: "penalties.reporterShare"))
    }

    private var feeSchedule: FeeSchedule {
        FeeSchedule(
            transfer: Amount(units: fees.transfer), register: Amount(units: fees.register),
            intents: Amount(units: fees.intents),
            proofCommitment: Amount(units: fees.proofCommitment),
            rootProof: Amount(units: fees.rootProof), evidence: Amount(units: fees.evidence),
            exit: Amount(units: fees.exit), account: Amount(units: fees.account))
    }

    private func stakeRules() throws(NetworkFileError) -> StakeRules {
        StakeRules(
            sequencerMinimum: Amount(units: stakes.sequencerMinimum),
            builderMinimum: Amount(units: stakes.builderMinimum),
            proverMinimum: Amount(units: stakes.proverMinimum),
            ejection: try Reading.basisPoints(stakes.ejection, field: "stakes.ejection"),
            exitDelayTicks: stakes.exitDelayTicks)
    }

    /// A terminal shows it.
    func checkName() throws(NetworkFileError) {
        let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isPlain, name.utf8.count <= 128 else {
            throw .value(
                field: "name", expected: "at most 128 bytes without control characters",
                found: "\(name.utf8.count) bytes")
        }
    }

    func checkAddresses() throws(NetworkFileError) {
        guard let url = URL(string: settlement.url), url.scheme == "http",
            let host = url.host(), !host.isEmpty, (1...65_535).contains(url.port ?? 80)
        else {
            throw .value(
                field: "settlement.url", expected: "http://host:port", found: settlement.url)
        }
        if let faucet {
            guard let url = URL(string: faucet), url.scheme == "http", url.host() != nil else {
                throw .value(field: "faucet", expected: "http://host:port", found: faucet)
            }
        }
        guard (10...3_600_000).contains(settlement.tickMilliseconds) else {
            throw .value(
                field: "settlement.tickMilliseconds", expected: "10...3600000",
                found: String(settlement.tickMilliseconds))
        }
    }
}
