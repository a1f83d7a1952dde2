import Cryptography
import Ledger
import Mempool
import NetworkFile
import NodeCore
package import NodeRuntime
package import Payments
package import Primitives

extension RunningNode: NodeSource {
    package nonisolated var rollupParameters: RollupParameters { configuration.network.rollup }

    package func status() async -> StatusAnswer { StatusAnswer(snapshot()) }

    package func health() async -> HealthAnswer { HealthAnswer(currentHealth) }

    package func earnings(limit: Int) async -> EarningsAnswer {
        EarningsAnswer(
            key: key.hex, balanceUnits: machine.ledger.balance(of: key).units,
            totals: .init(ownTotals), slots: bookedSlots(limit: limit).map { .init($0) })
    }

    package func tree(of slot: Slot?) async -> TreeAnswer? {
        if let open = snapshot().slot, slot == nil || slot == open.slot {
            return TreeAnswer(open: open)
        }
        guard let slot else { return nil }
        return finalRecords.last { $0.slot == slot }.map { entry in
            switch entry {
            case .final(let record): TreeAnswer(record)
            case .skipped(let slot, let reason, _): TreeAnswer(skipped: slot, reason)
            }
        }
    }

    package func endedSlots(limit: Int) async -> [EndedSlot] {
        finalRecords.suffix(limit).map { EndedSlot($0) }
    }

    package func account(_ number: UInt32) async -> AccountAnswer? {
        rollupAccount(number).map { account in
            AccountAnswer(
                number: number, balanceUnits: account.balance.units, nonce: account.nonce,
                nextNonce: machine.mempool.nextNonce(
                    account: number, accountNonce: account.nonce),
                nextKeyIndex: account.nextKeyIndex,
                authenticationKey: account.authenticationKey.hex)
        }
    }
}
