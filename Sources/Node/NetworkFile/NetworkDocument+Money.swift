extension NetworkDocument {
    package struct Rewards: Codable, Hashable, Sendable {
        package var blockReward: UInt64
        package var leafWeight: UInt32
        package var mergeWeight: UInt32
        /// `burn` or `nextBlock`: what becomes of units whose assigned prover was replaced.
        package var forfeit: String

        package init(blockReward: UInt64, leafWeight: UInt32, mergeWeight: UInt32, forfeit: String)
        {
            self.blockReward = blockReward
            self.leafWeight = leafWeight
            self.mergeWeight = mergeWeight
            self.forfeit = forfeit
        }
    }

    /// Basis points of the role's minimum stake; `reporterShare` of the penalty itself.
    package struct Penalties: Codable, Hashable, Sendable {
        package var equivocation: UInt64
        package var noReveal: UInt64
        package var reporterShare: UInt64

        package init(equivocation: UInt64, noReveal: UInt64, reporterShare: UInt64) {
            self.equivocation = equivocation
            self.noReveal = noReveal
            self.reporterShare = reporterShare
        }
    }

    package struct Fees: Codable, Hashable, Sendable {
        package var transfer: UInt64
        package var register: UInt64
        package var intents: UInt64
        package var proofCommitment: UInt64
        package var rootProof: UInt64
        package var evidence: UInt64
        package var exit: UInt64
        /// On top of a transfer's own fee, where it opens an account.
        package var account: UInt64

        package init(
            transfer: UInt64, register: UInt64, intents: UInt64, proofCommitment: UInt64,
            rootProof: UInt64, evidence: UInt64, exit: UInt64, account: UInt64
        ) {
            self.transfer = transfer
            self.register = register
            self.intents = intents
            self.proofCommitment = proofCommitment
            self.rootProof = rootProof
            self.evidence = evidence
            self.exit = exit
            self.account = account
        }
    }

    package struct Stakes: Codable, Hashable, Sendable {
        package var sequencerMinimum: UInt64
        package var builderMinimum: UInt64
        package var proverMinimum: UInt64
        /// Basis points of the minimum below which a registered key is no longer admitted.
        package var ejection: UInt64
        /// From an exit to the height with whose end the stake is paid out.
        package var exitDelayTicks: UInt64

        package init(
            sequencerMinimum: UInt64, builderMinimum: UInt64, proverMinimum: UInt64,
            ejection: UInt64, exitDelayTicks: UInt64
        ) {
            self.sequencerMinimum = sequencerMinimum
            self.builderMinimum = builderMinimum
            self.proverMinimum = proverMinimum
            self.ejection = ejection
            self.exitDelayTicks = exitDelayTicks
        }
    }

    package struct Genesis: Codable, Hashable, Sendable {
        package var beacon: String
        package var accounts: [Account]
        package var registrants: [Registrant]
        package var offers: [Offer]

        package init(
            beacon: String, accounts: [Account], registrants: [Registrant], offers: [Offer]
        ) {
            self.beacon = beacon
            self.accounts = accounts
            self.registrants = registrants
            self.offers = offers
        }

        package struct Account: Codable, Hashable, Sendable {
            package var key: String
            package var balance: UInt64

            package init(key: String, balance: UInt64) {
                self.key = key
                self.balance = balance
            }
        }

        package struct Registrant: Codable, Hashable, Sendable {
            /// `sequencer`, `builder` or `prover`.
            package var role: String
            package var key: String
            package var vrfKey: String
            package var stake: UInt64

            package init(role: String, key: String, vrfKey: String, stake: UInt64) {
                self.role = role
                self.key = key
                self.vrfKey = vrfKey
                self.stake = stake
            }
        }

        package struct Offer: Codable, Hashable, Sendable {
            package var key: String
            package var sequence: UInt64
            package var firstSlot: UInt64
            package var lastSlot: UInt64
            package var capacity: UInt64
            package var minFeePerUnit: UInt64

            package init(
                key: String, sequence: UInt64, firstSlot: UInt64, lastSlot: UInt64,
                capacity: UInt64, minFeePerUnit: UInt64
            ) {
                self.key = key
                self.sequence = sequence
                self.firstSlot = firstSlot
                self.lastSlot = lastSlot
                self.capacity = capacity
                self.minFeePerUnit = minFeePerUnit
            }
        }
    }
}
