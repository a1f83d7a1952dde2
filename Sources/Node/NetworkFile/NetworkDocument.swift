/// The network file as it is written: JSON, every field but `faucet` required, no field unknown.
///
/// Amounts are base units (`1 IDE = 10⁹`), keys hexadecimal, times ticks of the settlement log.
/// `docs/protocol/network-file.md` explains each field.
package struct NetworkDocument: Codable, Hashable, Sendable {
    package static let format = 2

    package var format: Int
    package var name: String
    /// 32 random bytes; `networkId = H("network", genesisNonce)`.
    package var genesisNonce: String
    package var settlement: Settlement
    /// Where peers are found first: `/ip4/…/tcp/…/p2p/…`.
    package var bootstrap: [String]
    /// Where whoever joins asks for a stake, `http://host:port`; nil or absent where there is none.
    package var faucet: String?
    package var rollup: Rollup
    package var proofs: Proofs
    package var slots: Slots
    package var fernet: Fernet
    package var election: Election
    package var rewards: Rewards
    package var penalties: Penalties
    package var fees: Fees
    package var stakes: Stakes
    package var genesis: Genesis

    package init(
        format: Int, name: String, genesisNonce: String, settlement: Settlement,
        bootstrap: [String], faucet: String? = nil, rollup: Rollup, proofs: Proofs,
        slots: Slots, fernet: Fernet, election: Election,
        rewards: Rewards, penalties: Penalties, fees: Fees, stakes: Stakes, genesis: Genesis
    ) {
        self.format = format
        self.name = name
        self.genesisNonce = genesisNonce
        self.settlement = settlement
        self.bootstrap = bootstrap
        self.faucet = faucet
        self.rollup = rollup
        self.proofs = proofs
        self.slots = slots
        self.fernet = fernet
        self.election = election
        self.rewards = rewards
        self.penalties = penalties
        self.fees = fees
        self.stakes = stakes
        self.genesis = genesis
    }
}

extension NetworkDocument {
    package struct Settlement: Codable, Hashable, Sendable {
        /// Where the embedded log listens; an address, not a rule.
        package var url: String
        /// The key that signs headers and receipts.
        package var authority: String
        package var tickMilliseconds: UInt64

        package init(url: String, authority: String, tickMilliseconds: UInt64) {
            self.url = url
            self.authority = authority
            self.tickMilliseconds = tickMilliseconds
        }
    }

    package struct Rollup: Codable, Hashable, Sendable {
        package var accountTreeDepth: Int
        package var keyTreeHeight: Int
        package var leafCapacity: Int
        package var maxLeaves: Int
        /// Account n is the n-th entry.
        package var accounts: [Account]

        package init(
            accountTreeDepth: Int, keyTreeHeight: Int, leafCapacity: Int, maxLeaves: Int,
            accounts: [Account]
        ) {
            self.accountTreeDepth = accountTreeDepth
            self.keyTreeHeight = keyTreeHeight
            self.leafCapacity = leafCapacity
            self.maxLeaves = maxLeaves
            self.accounts = accounts
        }

        package struct Account: Codable, Hashable, Sendable {
            package var authenticationKey: String
            package var balance: UInt64

            package init(authenticationKey: String, balance: UInt64) {
                self.authenticationKey = authenticationKey
                self.balance = balance
            }
        }
    }

    /// What proves a block: two circuits of one profile, by their verifying keys.
    package struct Proofs: Codable, Hashable, Sendable {
        /// `fast` or `proven100`.
        package var profile: String
        /// Of the leaf circuit and of the merge circuit, as the profile has it.
        package var rows: Int
        /// `VerifyingKey.bytes` in hexadecimal, as the next.
        package var leafKey: String
        package var mergeKey: String

        package init(profile: String, rows: Int, leafKey: String, mergeKey: String) {
            self.profile = profile
            self.rows = rows
            self.leafKey = leafKey
            self.mergeKey = mergeKey
        }
    }

    package struct Slots: Codable, Hashable, Sendable {
        package var firstSlotHeight: UInt64
        package var lag: UInt64
        package var evidenceExpiryTicks: UInt64

        package init(firstSlotHeight: UInt64, lag: UInt64, evidenceExpiryTicks: UInt64) {
            self.firstSlotHeight = firstSlotHeight
            self.lag = lag
            self.evidenceExpiryTicks = evidenceExpiryTicks
        }
    }

    package struct Fernet: Codable, Hashable, Sendable {
        package var proposeTicks: UInt64
        package var openTicks: UInt64
        package var revealTicks: UInt64
        package var provingTicks: UInt64
        /// `literal` or `exponentialRace`.
        package var score: String
        /// φ of the exponential race; 0 with `literal`.
        package var feeShareWeight: UInt32

        package init(
            proposeTicks: UInt64, openTicks: UInt64, revealTicks: UInt64, provingTicks: UInt64,
            score: String, feeShareWeight: UInt32
        ) {
            self.proposeTicks = proposeTicks
            self.openTicks = openTicks
            self.revealTicks = revealTicks
            self.provingTicks = provingTicks
            self.score = score
            self.feeShareWeight = feeShareWeight
        }
    }

    package struct Election: Codable, Hashable, Sendable {
        /// `uniform` or `stake`.
        package var weighting: String
        package var leafTicks: UInt64
        package var mergeTicks: UInt64
        package var stepTicks: UInt64

        package init(weighting: String, leafTicks: UInt64, mergeTicks: UInt64, stepTicks: UInt64) {
            self.weighting = weighting
            self.leafTicks = leafTicks
            self.mergeTicks = mergeTicks
            self.stepTicks = stepTicks
        }
    }
}
