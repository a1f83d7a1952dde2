internal import Cryptography
package import Primitives
internal import Sequencing
internal import VRF

extension LedgerState {
    /// The ledger before the first log block.
    package init(genesis: Genesis, rules: LedgerRules) throws(GenesisError) {
        try genesis.check(against: rules)
        guard let beacons = BeaconChain(genesis: genesis.beacon, lag: rules.lag) else {
            throw .lag(found: rules.lag, maximum: BeaconChain.maximumLag)
        }
        let policyHash = PolicyHash.hash(rules: rules, genesis: genesis)
        self.rules = rules
        self.policyHash = policyHash
        self.beacons = beacons
        previousHash = policyHash
        parent = ParentBlock(
            blockID: genesis.rollupBlockID, stateRoot: genesis.rollupStateRoot)
        do {
            try endow(genesis)
        } catch {
            throw .supply
        }
        for registrant in genesis.registrants {
            registry.add(
                Registrant(
                    role: registrant.role, key: registrant.key, vrfKey: registrant.vrfKey,
                    registeredAt: nil))
        }
        for offer in genesis.offers { intents[offer.key] = offer.intent }
        if nextHeight >= rules.firstSlotHeight { openSlot() }
    }

    private mutating func endow(_ genesis: Genesis) throws(LedgerHalt) {
        for account in genesis.accounts {
            try treasury.mint(account.balance, to: .account(account.key))
        }
        for registrant in genesis.registrants {
            try treasury.mint(registrant.stake, to: .stake(registrant.role, registrant.key))
            try treasury.mint(.zero, to: .account(registrant.key))
        }
        try treasury.mint(genesis.rollupSupply, to: .bridge)
        try treasury.checkSupply()
    }
}

extension Genesis {
    /// So that no purse can overflow for as long as anybody cares.
    package static let maximumSupplyUnits: UInt128 = 1 << 62

    func check(against rules: LedgerRules) throws(GenesisError) {
        try Self.requireAscending(accounts.map(\.key))
        try Self.requireAscending(offers.map(\.key))
        let names = registrants.map { Registry.Name(role: $0.role, key: $0.key) }
        for (name, next) in zip(names, names.dropFirst()) where !(name < next) {
            throw .notAscending(next.key)
        }
        var vrfOwners = SortedMap<VRFPublicKey, OperatorKey>()
        for registrant in registrants {
            let minimum = rules.stakes.minimum(for: registrant.role)
            guard registrant.stake >= minimum else {
                throw .stake(registrant.key, minimum: minimum, found: registrant.stake)
            }
            let owner = vrfOwners[registrant.vrfKey]
            guard owner == nil || owner == registrant.key else {
                throw .vrfKeyTaken(registrant.key)
            }
            vrfOwners[registrant.vrfKey] = registrant.key
        }
        for offer in offers {
            let isProver = registrants.contains { $0.key == offer.key && $0.role == .prover }
            guard isProver, offer.intent.firstSlot <= offer.intent.lastSlot else {
                throw .offer(offer.key)
            }
        }
        try checkBounds()
    }

    private func checkBounds() throws(GenesisError) {
        guard accounts.count + registrants.count <= LedgerParameters.maximumAccounts,
            registrants.count <= LedgerParameters.maximumRegistrations
        else { throw .tooManyKeys }
        let amounts = accounts.map(\.balance) + registrants.map(\.stake) + [rollupSupply]
        let supply = amounts.reduce(UInt128(0)) { $0 + UInt128($1.units) }
        guard supply <= Self.maximumSupplyUnits else { throw .supply }
    }

    private static func requireAscending(_ keys: [OperatorKey]) throws(GenesisError) {
        for (key, next) in zip(keys, keys.dropFirst()) where !(key < next) {
            throw .notAscending(next)
        }
    }
}

/// A network file that cannot work: ours, or its author's.
package enum GenesisError: Error, Hashable, Sendable {
    case lag(found: UInt64, maximum: UInt64)
    /// A list is out of order or names this key twice.
    case notAscending(OperatorKey)
    case stake(OperatorKey, minimum: Amount, found: Amount)
    case vrfKeyTaken(OperatorKey)
    /// The offer's key is no prover, or its slots are no range.
    case offer(OperatorKey)
    case tooManyKeys
    /// More than `Genesis.maximumSupplyUnits`.
    case supply
}
