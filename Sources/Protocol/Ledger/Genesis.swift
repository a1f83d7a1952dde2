package import Primitives
package import Sequencing
package import VRF

/// What a ledger starts from. Every list is in ascending order of its keys and names none twice.
package struct Genesis: Hashable, Sendable {
    package struct Account: Hashable, Sendable {
        package let key: OperatorKey
        package let balance: Amount

        package init(key: OperatorKey, balance: Amount) {
            self.key = key
            self.balance = balance
        }
    }

    /// A key that is registered from the first slot on. Its possession of the VRF key is vouched
    /// for by whoever wrote the network file.
    package struct Registrant: Hashable, Sendable {
        package let role: Role
        package let key: OperatorKey
        package let vrfKey: VRFPublicKey
        package let stake: Amount

        package init(role: Role, key: OperatorKey, vrfKey: VRFPublicKey, stake: Amount) {
            self.role = role
            self.key = key
            self.vrfKey = vrfKey
            self.stake = stake
        }
    }

    /// An offer that stands from the first slot on, however far it reaches.
    package struct Offer: Hashable, Sendable {
        package let key: OperatorKey
        package let intent: Intent

        package init(key: OperatorKey, intent: Intent) {
            self.key = key
            self.intent = intent
        }
    }

    package let accounts: [Account]
    /// Ordered by role, then key.
    package let registrants: [Registrant]
    package let offers: [Offer]
    package let beacon: Beacon
    /// Parent of the first block.
    package let rollupBlockID: BlockID
    package let rollupStateRoot: FieldDigest
    /// What the rollup's accounts hold in all: locked in the ledger's bridge.
    package let rollupSupply: Amount
    /// Signs the log's headers and receipts; whoever receives a log block checks it.
    package let settlementAuthority: OperatorKey

    package init(
        accounts: [Account], registrants: [Registrant], offers: [Offer], beacon: Beacon,
        rollupBlockID: BlockID, rollupStateRoot: FieldDigest, rollupSupply: Amount,
        settlementAuthority: OperatorKey
    ) {
        self.accounts = accounts
        self.registrants = registrants
        self.offers = offers
        self.beacon = beacon
        self.rollupBlockID = rollupBlockID
        self.rollupStateRoot = rollupStateRoot
        self.rollupSupply = rollupSupply
        self.settlementAuthority = settlementAuthority
    }
}
