package import Cryptography
package import Primitives
package import Sequencing

/// The ledger: a pure fold over the settlement log.
///
/// Every node folds the log itself and comes to the same `root`. A log block is applied as a whole:
/// its transactions in log order, one key's in nonce order, then what its height ends (phases,
/// slots). A correctly signed transaction of an account with a nonce above the account's last one
/// uses that nonce, and its fee even if the body is refused; any other does nothing. After every transaction the money is
/// counted again, and a ledger that does not add up halts rather than goes on.
///
/// One slot is open at a time. It goes propose → open → reveal → proving, and ends with a final
/// block or is skipped; the next opens at the next height. Money lies in purses and moves only
/// through `Treasury`.
///
/// Bounds: `LedgerParameters`; memory is linear in accounts, registrations and the open slot.
/// Deviations: no two-step submission, backup race or pipelining. Source: `docs/protocol`, sections
/// 2 to 5 and 7; Fernet (Aztec, 2023).
package struct LedgerState: Hashable, Sendable {
    package let rules: LedgerRules
    /// Hash of the network's rules and genesis: peers compare it, and the log's first block names
    /// it as its previous hash.
    package let policyHash: Digest

    /// The height of the next log block.
    package internal(set) var nextHeight = Height(0)
    /// What the next log block must name.
    package internal(set) var previousHash: Digest
    /// Nil only before `rules.firstSlotHeight`. After a block that ended a slot, the next one, which
    /// opens at `nextHeight`.
    package internal(set) var slot: SlotState?
    /// The last final block, or the rollup's genesis.
    package internal(set) var parent: ParentBlock
    /// The newest final blocks, oldest first, at most `LedgerParameters.recentFinalBlocks`.
    package internal(set) var finalBlocks: [FinalBlock] = []
    package internal(set) var finalBlockCount: UInt64 = 0
    package internal(set) var skippedSlotCount: UInt64 = 0

    var treasury = Treasury()
    var nonces = SortedMap<OperatorKey, UInt64>()
    var registry = Registry()
    var intents = SortedMap<OperatorKey, Intent>()
    var beacons: BeaconChain
    /// When slots opened, as long as admission or evidence can ask for it.
    var openings = SortedMap<Slot, Height>()
    /// What acts have cost already, as long as evidence of them counts.
    var punishments = SortedMap<Act, BasisPoints>()
    /// The slot that ended last, whichever way.
    var lastEndedSlot: Slot?
    /// Chains every final block with its payouts, so that roots differ where payouts do.
    var finalityHash = Digest.zero
}

extension LedgerState {
    /// Applies the next log block. On a halt the state is as before.
    ///
    /// - Parameter verdicts: answers to `judgements(neededFor: block)` in this very state.
    package mutating func apply(
        _ block: LogBlock, verdicts: LedgerVerdicts
    ) throws(LedgerHalt) -> [LedgerEvent] {
        var next = self
        var fold = Fold(height: nextHeight, desk: .answering(verdicts))
        try next.fold(block, into: &fold)
        self = next
        return fold.events
    }

    /// What must be executed and verified before `block` can be applied. Empty for most blocks;
    /// where a cheaper rule refuses a reveal or root proof already, it is not asked for. Costs as
    /// much as applying a block with one of these in it, else nothing.
    package func judgements(neededFor block: LogBlock) -> [Judgement] {
        let asks = block.transactions.contains { $0.kind == .blockReveal || $0.kind == .rootProof }
        guard asks else { return [] }
        var next = self
        var fold = Fold(height: nextHeight, desk: .asking)
        // A halt here is met again, and reported, by `apply`.
        try? next.fold(block, into: &fold)
        return fold.needed
    }
}

extension LedgerState {
    package func balance(of key: OperatorKey) -> Amount { treasury.balance(of: .account(key)) }

    /// Stake after penalties, with what the admission lag still holds back.
    package func stake(of key: OperatorKey, role: Role) -> Amount {
        treasury.balance(of: .stake(role, key))
    }

    /// The highest that the key's account has used; 0 before its first.
    package func nonce(of key: OperatorKey) -> UInt64 { nonces[key] ?? 0 }

    /// By role, then key.
    package var registrants: [Registrant] { registry.registrants.values }

    package func registrant(_ role: Role, _ key: OperatorKey) -> Registrant? {
        registry.registrant(role, key)
    }

    package func intent(of key: OperatorKey) -> Intent? { intents[key] }

    /// Ever created, genesis included; base units.
    package var minted: UInt128 { treasury.minted }
    /// Base units.
    package var burned: UInt128 { treasury.burned }
    /// What the rollup's accounts hold in all.
    package var bridgeBalance: Amount { treasury.balance(of: .bridge) }
    /// Forfeited rewards that wait for the next block.
    package var carriedRewards: Amount { treasury.balance(of: .carried) }

    /// The phase of the transactions in the next log block; nil while no slot is open.
    package var phase: FernetPhase? { slot?.phase(at: nextHeight) }
}
