internal import Cryptography
internal import Ledger
internal import Payments
internal import Primitives
internal import Sequencing
internal import VRF

extension NetworkDocument {
    func rollupGenesis(_ parameters: RollupParameters) throws(NetworkFileError) -> RollupState {
        var accounts: [Payments.Account] = []
        for (index, written) in rollup.accounts.enumerated() {
            guard let key = FieldDigest(hex: written.authenticationKey) else {
                throw .value(
                    field: "rollup.accounts[\(index)].authenticationKey",
                    expected: "four canonical field elements in hexadecimal",
                    found: written.authenticationKey)
            }
            accounts.append(
                Payments.Account(openedBy: key, balance: Amount(units: written.balance)))
        }
        do {
            return try RollupState(accounts: accounts, parameters: parameters)
        } catch {
            throw .contradiction("rollup.accounts: \(RuleWords.payment(error))")
        }
    }

    func ledgerGenesis(rollupGenesis: RollupState) throws(NetworkFileError) -> Ledger.Genesis {
        let supply = rollup.accounts.reduce(UInt64(0)) { $0 + $1.balance }
        let accounts = try genesisAccounts()
        let registrants = try genesisRegistrants()
        let offers = try genesisOffers(registrants)
        return Ledger.Genesis(
            accounts: accounts, registrants: registrants, offers: offers,
            beacon: try Reading.key(genesis.beacon, as: Beacon.self, field: "genesis.beacon"),
            rollupBlockID: BlockID(.zero), rollupStateRoot: rollupGenesis.root,
            rollupSupply: Amount(units: supply),
            settlementAuthority: try Reading.key(
                settlement.authority, as: OperatorKey.self, field: "settlement.authority"))
    }

    private func genesisAccounts() throws(NetworkFileError) -> [Ledger.Genesis.Account] {
        var accounts: [Ledger.Genesis.Account] = []
        for (index, written) in genesis.accounts.enumerated() {
            let key = try Reading.key(
                written.key, as: OperatorKey.self, field: "genesis.accounts[\(index)].key")
            accounts.append(.init(key: key, balance: Amount(units: written.balance)))
        }
        accounts.sort { $0.key < $1.key }
        if let twice = firstRepeated(accounts.map(\.key)) {
            throw .contradiction("genesis.accounts names \(twice) twice")
        }
        return accounts
    }

    private func genesisRegistrants() throws(NetworkFileError) -> [Ledger.Genesis.Registrant] {
        var registrants: [Ledger.Genesis.Registrant] = []
        for (index, written) in genesis.registrants.enumerated() {
            let field = "genesis.registrants[\(index)]"
            registrants.append(
                .init(
                    role: try role(written.role, field: "\(field).role"),
                    key: try Reading.key(
                        written.key, as: OperatorKey.self, field: "\(field).key"),
                    vrfKey: try Reading.key(
                        written.vrfKey, as: VRFPublicKey.self, field: "\(field).vrfKey"),
                    stake: Amount(units: written.stake)))
        }
        registrants.sort { ($0.role.rawValue, $0.key) < ($1.role.rawValue, $1.key) }
        for (one, next) in zip(registrants, registrants.dropFirst())
        where one.role == next.role && one.key == next.key {
            throw .contradiction("genesis.registrants names \(one.key) twice in one role")
        }
        let vrfKeys = registrants.map(\.vrfKey).sorted()
        if let twice = firstRepeated(vrfKeys) {
            throw .contradiction("genesis.registrants uses the VRF key \(twice) twice")
        }
        for registrant in registrants
        where !Ed25519.isValidKey(registrant.key) || !ECVRF.isValidKey(registrant.vrfKey) {
            throw .contradiction(
                "genesis.registrants: \(registrant.key) or its VRF key is no valid key")
        }
        return registrants
    }

    private func genesisOffers(
        _ registrants: [Ledger.Genesis.Registrant]
    ) throws(NetworkFileError) -> [Ledger.Genesis.Offer] {
        var offers: [Ledger.Genesis.Offer] = []
        for (index, written) in genesis.offers.enumerated() {
            let key = try Reading.key(
                written.key, as: OperatorKey.self, field: "genesis.offers[\(index)].key")
            guard registrants.contains(where: { $0.role == .prover && $0.key == key }) else {
                throw .contradiction("genesis.offers: \(key) is no genesis prover")
            }
            offers.append(
                .init(
                    key: key,
                    intent: Intent(
                        sequence: written.sequence, firstSlot: Slot(written.firstSlot),
                        lastSlot: Slot(written.lastSlot), capacity: written.capacity,
                        minFeePerUnit: Amount(units: written.minFeePerUnit))))
        }
        offers.sort { $0.key < $1.key }
        if let twice = firstRepeated(offers.map(\.key)) {
            throw .contradiction("genesis.offers names \(twice) twice")
        }
        return offers
    }

    private func role(_ written: String, field: String) throws(NetworkFileError) -> Role {
        switch written {
        case "sequencer": .sequencer
        case "builder": .builder
        case "prover": .prover
        default:
            throw .value(
                field: field, expected: "sequencer, builder or prover", found: written)
        }
    }

    private func firstRepeated<Key: Equatable>(_ sorted: [Key]) -> Key? {
        zip(sorted, sorted.dropFirst()).first { $0 == $1 }?.0
    }
}
