internal import Ledger
package import NetworkFile

/// The numbers of a network for development: short phases, small stakes, cheap proofs. They are the
/// defaults of `grove network new` and of nothing else; what a file says is all that counts.
package struct DevelopmentNetwork: Sendable {
    package var name = "devnet"
    package var settlementURL = "http://127.0.0.1:7000"
    package var faucetURL: String?
    package var tickMilliseconds: UInt64 = 1_000
    package var profile = ProofProfileName.proven100
    package var accountTreeDepth = 24
    package var keyTreeHeight = 10
    /// The most that fit the rows of `fast` at this depth and height; `proven100` has room for 50.
    package var leafCapacity = 25
    package var maximumLeaves = 16
    package var firstSlotHeight: UInt64 = 10
    package var lag: UInt64 = 2
    package var evidenceExpiryTicks: UInt64 = 250
    package var proposeTicks: UInt64 = 2
    package var openTicks: UInt64 = 2
    package var revealTicks: UInt64 = 3
    package var provingTicks: UInt64 = 90
    package var leafTicks: UInt64 = 20
    package var mergeTicks: UInt64 = 12
    package var stepTicks: UInt64 = 4
    package var score = "literal"
    package var feeShareWeight: UInt32 = 0
    package var weighting = "uniform"
    package var forfeit = "burn"
    package var leafWeight: UInt32 = 1
    package var mergeWeight: UInt32 = 1
    /// In base units, as all money here.
    package var blockReward: UInt64 = 128_000_000_000
    package var minimumStake: UInt64 = 100_000_000_000
    /// What each operator holds beside its stake, for fees.
    package var operatorBalance: UInt64 = 1_000_000_000_000
    package var transactionFee: UInt64 = 1_000_000
    /// For opening an account: so much that nobody fills the ledger's room for them by the way.
    package var accountFee: UInt64 = 100_000_000
    /// Nil: the least that the other rules allow, but no less than 250.
    package var exitDelayTicks: UInt64?
    /// A prover's genesis offer.
    package var offeredLeaves: UInt64 = 64
    /// The last slot of a genesis offer: provers that live renew theirs before.
    package var offeredSlots: UInt64 = 63

    package init() {}

    /// The document of a network with these rules, whose blocks circuits of these keys prove.
    package func document(
        genesisNonce: String, beacon: String, authority: String, bootstrap: [String],
        accounts: [NetworkDocument.Rollup.Account], proofs: NetworkDocument.Proofs,
        operators: [Operator], ledgerAccounts: [NetworkDocument.Genesis.Account]
    ) -> NetworkDocument {
        NetworkDocument(
            format: NetworkDocument.format, name: name, genesisNonce: genesisNonce,
            settlement: .init(
                url: settlementURL, authority: authority, tickMilliseconds: tickMilliseconds),
            bootstrap: bootstrap, faucet: faucetURL,
            rollup: .init(
                accountTreeDepth: accountTreeDepth, keyTreeHeight: keyTreeHeight,
                leafCapacity: leafCapacity, maxLeaves: maximumLeaves, accounts: accounts),
            proofs: proofs,
            slots: .init(
                firstSlotHeight: firstSlotHeight, lag: lag,
                evidenceExpiryTicks: evidenceExpiryTicks),
            fernet: .init(
                proposeTicks: proposeTicks, openTicks: openTicks, revealTicks: revealTicks,
                provingTicks: provingTicks, score: score, feeShareWeight: feeShareWeight),
            election: .init(
                weighting: weighting, leafTicks: leafTicks, mergeTicks: mergeTicks,
                stepTicks: stepTicks),
            rewards: .init(
                blockReward: blockReward, leafWeight: leafWeight, mergeWeight: mergeWeight,
                forfeit: forfeit),
            penalties: .init(equivocation: 1_000, noReveal: 100, reporterShare: 500),
            fees: .init(
                transfer: transactionFee, register: transactionFee, intents: transactionFee,
                proofCommitment: transactionFee, rootProof: transactionFee,
                evidence: transactionFee, exit: transactionFee, account: accountFee),
            stakes: .init(
                sequencerMinimum: minimumStake, builderMinimum: minimumStake,
                proverMinimum: minimumStake, ejection: 5_000,
                exitDelayTicks: exitDelayTicks ?? usualExitDelayTicks),
            genesis: genesis(
                beacon: beacon, operators: operators, ledgerAccounts: ledgerAccounts))
    }

    /// As long as evidence counts, and two longest slots.
    private var usualExitDelayTicks: UInt64 {
        let phases = [proposeTicks, openTicks, revealTicks, provingTicks]
        let limit = LedgerParameters.maximumTicks
        // Phases out of range are refused with the file.
        let longest = phases.reduce(0) { min(limit, $0 + min(limit, $1)) }
        return max(250, evidenceExpiryTicks, 2 * longest)
    }

    /// One who is registered from the start.
    package struct Operator: Hashable, Sendable {
        /// `sequencer` or `prover`.
        package var role: String
        package var key: String
        package var vrfKey: String

        package init(role: String, key: String, vrfKey: String) {
            self.role = role
            self.key = key
            self.vrfKey = vrfKey
        }
    }

    private func genesis(
        beacon: String, operators: [Operator],
        ledgerAccounts: [NetworkDocument.Genesis.Account]
    ) -> NetworkDocument.Genesis {
        var accounts = ledgerAccounts
        for entry in operators
        where !accounts.contains(where: { $0.key == entry.key }) {
            accounts.append(.init(key: entry.key, balance: operatorBalance))
        }
        return NetworkDocument.Genesis(
            beacon: beacon, accounts: accounts,
            registrants: operators.map {
                .init(role: $0.role, key: $0.key, vrfKey: $0.vrfKey, stake: minimumStake)
            },
            offers: operators.filter { $0.role == "prover" }.map {
                .init(
                    key: $0.key, sequence: 1, firstSlot: 0, lastSlot: offeredSlots,
                    capacity: offeredLeaves, minFeePerUnit: 0)
            })
    }
}
