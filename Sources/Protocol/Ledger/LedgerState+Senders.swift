package import Primitives
internal import Sequencing

/// What the settlement log asks before it takes a transaction
/// (`docs/decisions/0017-the-log-asks-its-ledger.md`).
///
/// The log refuses only what cannot pay its fee and what the ledger would refuse: whoever has money
/// or a duty notices nothing of it.
extension LedgerState {
    /// Throws where the key has no account, cannot be sure to pay the fee, or sends for nothing
    /// what only a key with a duty in the open slot may send.
    ///
    /// - Parameter spent: base units that other transactions of the key, which this ledger has not
    ///   folded, can take at most (`LedgerRules.spending`).
    package func checkSender(
        of transaction: LedgerTransaction, spent: UInt128
    ) throws(SenderRefusal) {
        let key = transaction.key
        guard hasAccount(key) else { throw .unknownKey }
        let fee = rules.fees.fee(for: transaction.kind)
        let held = balance(of: key)
        guard UInt128(held.units) >= spent + UInt128(fee.units) else {
            throw .feeUncovered(fee: fee, held: held, spent: spent)
        }
        guard hasDuty(key, transaction.kind) else { throw .noDuty }
    }

    /// Of the kinds that cost nothing, and of the largest one. Whoever is in time for a duty has
    /// folded what gives it.
    private func hasDuty(_ key: OperatorKey, _ kind: TransactionKind) -> Bool {
        switch kind {
        case .fernetCommit: slot?.sequencer(key) != nil
        case .fernetProposal: slot?.seals.contains(key) == true
        case .blockReveal, .election: slot.map { $0.leader == key } == true
        case .rootProof: slot?.elected != nil
        case .transfer, .register, .intents, .proofCommitment, .evidence, .exit: true
        }
    }
}

extension LedgerRules {
    /// The most that a transaction can take from its key's account, in base units, whatever the
    /// ledger says of it: the fee, and what its body moves.
    package func spending(of transaction: LedgerTransaction) -> UInt128 {
        let fee = UInt128(fees.fee(for: transaction.kind).units)
        return switch transaction.body {
        case .transfer(let transfer):
            fee + UInt128(transfer.amount.units) + UInt128(fees.account.units)
        case .register(let registration): fee + UInt128(registration.stake.units)
        default: fee
        }
    }
}

/// Why a log need not take a transaction. None says that it never will.
package enum SenderRefusal: Error, Hashable, Sendable {
    /// The key has no account: money must come first.
    case unknownKey
    /// What the account holds does not cover the fee beside what else waits to be spent.
    case feeUncovered(fee: Amount, held: Amount, spent: UInt128)
    /// The key has nothing to say of this kind in the open slot.
    case noDuty
}
