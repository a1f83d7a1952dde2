import Cryptography
import Ledger
import Primitives
import ProverElection
import Sequencing
import TestSupport
import Testing

/// What a network starts from, and the hash by which peers know it.
@Suite struct GenesisTests {
    @Test func `genesis money is minted, the rollup's supply is locked in the bridge`() throws {
        let ledger = try LedgerWorld().ledger
        let accounts: UInt128 = 5 * 1_000 * UInt128(LedgerWorld.ide)
        let stakes: UInt128 = 7 * 100 * UInt128(LedgerWorld.ide)
        #expect(ledger.minted == accounts + stakes + 1_000_000 && ledger.burned == 0)
        #expect(ledger.bridgeBalance == Amount(units: 1_000_000))
        #expect(ledger.nextHeight == Height(0) && ledger.slot == nil)
        #expect(ledger.registrants.count == 7)
    }

    @Test func `a slot can open with the first log block`() throws {
        let ledger = try LedgerWorld { $0.firstSlotHeight = 0 }.ledger
        #expect(ledger.slot?.openingHeight == Height(0) && ledger.phase == .propose)
    }

    @Test func `a genesis that cannot work is refused`() throws {
        let rules = try TestRules().rules()
        let good = TestGenesis().genesis
        func genesis(
            accounts: [Genesis.Account]? = nil, registrants: [Genesis.Registrant]? = nil,
            offers: [Genesis.Offer]? = nil, supply: Amount = .zero
        ) -> Genesis {
            Genesis(
                accounts: accounts ?? good.accounts, registrants: registrants ?? good.registrants,
                offers: offers ?? good.offers, beacon: good.beacon,
                rollupBlockID: good.rollupBlockID, rollupStateRoot: good.rollupStateRoot,
                rollupSupply: supply, settlementAuthority: good.settlementAuthority)
        }
        let twice = good.accounts[0]
        #expect(throws: GenesisError.notAscending(twice.key)) {
            try LedgerState(genesis: genesis(accounts: [twice, twice]), rules: rules)
        }
        let reversed = Array(good.registrants.reversed())
        #expect(throws: GenesisError.self) {
            try LedgerState(genesis: genesis(registrants: reversed), rules: rules)
        }
        let first = good.registrants[0]
        let poor = Genesis.Registrant(
            role: first.role, key: first.key, vrfKey: first.vrfKey, stake: Amount(units: 1))
        let minimum = Amount(units: 100 * LedgerWorld.ide)
        #expect(throws: GenesisError.stake(first.key, minimum: minimum, found: poor.stake)) {
            try LedgerState(genesis: genesis(registrants: [poor]), rules: rules)
        }
        let second = good.registrants[1]
        let shared = Genesis.Registrant(
            role: second.role, key: second.key, vrfKey: first.vrfKey, stake: second.stake)
        #expect(throws: GenesisError.vrfKeyTaken(second.key)) {
            try LedgerState(genesis: genesis(registrants: [first, shared]), rules: rules)
        }
        let offer = Genesis.Offer(key: LedgerWorld.stranger.key, intent: good.offers[0].intent)
        #expect(throws: GenesisError.offer(offer.key)) {
            try LedgerState(genesis: genesis(offers: [offer]), rules: rules)
        }
        #expect(throws: GenesisError.supply) {
            try LedgerState(genesis: genesis(supply: Amount(units: .max)), rules: rules)
        }
    }

    @Test func `a ladder longer than the proving phase is refused`() throws {
        // 4 + 3·2 + 5·2 ticks for 8 leaves.
        #expect(throws: LedgerRulesError.self) {
            try TestRules(provingTicks: 19).rules()
        }
        #expect(throws: Never.self) { try TestRules(provingTicks: 20).rules() }
    }

    @Test func `the policy hash changes with every rule and with genesis`() throws {
        let changes: [(inout TestRules) -> Void] = [
            { _ in }, { $0.scoreRule = .exponentialRace(feeShareWeight: 1) },
            { $0.weighting = .stake }, { $0.leafWeight = 2 }, { $0.mergeWeight = 2 },
            { $0.forfeit = .nextBlock }, { $0.firstSlotHeight = 2 }, { $0.lag = 3 },
            { $0.blockReward = .zero }, { $0.minimumStake = Amount(units: 1) },
            { $0.fee = .zero }, { $0.accountFee = Amount(units: 1) }, { $0.exitDelayTicks = 101 },
            { $0.evidenceExpiryTicks = 99 }, { $0.provingTicks = 41 },
            { $0.maximumLeaves = 7 }, { $0.otherRules = Digest(LedgerWorld.networkID.rawBytes) },
        ]
        var hashes = try changes.map { try LedgerWorld($0).ledger.policyHash }
        let genesisChanges: [(inout TestGenesis) -> Void] = [
            { $0.stake = Amount(units: 101 * LedgerWorld.ide) }, { $0.hasOffers = false },
            { $0.rollupSupply = .zero }, { $0.balance = .zero },
            { $0.sequencers.removeLast() },
        ]
        hashes += try genesisChanges.map {
            try LedgerWorld({ _ in }, genesis: $0).ledger.policyHash
        }
        let sorted = hashes.sorted()
        for (hash, next) in zip(sorted, sorted.dropFirst()) { #expect(hash != next) }
    }

    @Test func `the root changes with what a transaction changes`() throws {
        var quiet = try LedgerWorld()
        var busy = quiet
        #expect(quiet.ledger.root == busy.ledger.root)
        let transfer = Transfer(recipient: LedgerWorld.stranger.key, amount: Amount(units: 1))
        busy.submit(.transfer, .transfer(transfer), by: LedgerWorld.faucet)
        try quiet.tick()
        try busy.tick()
        #expect(quiet.ledger.root != busy.ledger.root)
    }
}
