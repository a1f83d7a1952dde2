internal import Cryptography
package import Primitives

/// What evidence shows without any ledger: that one key signed two different statements for one
/// duty. Whether it still counts, and what it costs, only the ledger knows.
package struct Contradiction: Hashable, Sendable {
    /// Who contradicts itself.
    package let key: OperatorKey
    package let slot: Slot

    /// Nil unless both statements are of this network, of the same key, duty and slot, say
    /// different things, and are signed. The signatures come last: they are what costs.
    package init?(shownBy evidence: Evidence, networkID: NetworkID) {
        let statements = [evidence.first, evidence.second]
        guard statements.allSatisfy({ $0.networkID == networkID }),
            evidence.first.key == evidence.second.key,
            let first = Statement(evidence.first), let second = Statement(evidence.second),
            first.duty == second.duty, first.slot == second.slot, first != second,
            statements.allSatisfy({
                Ed25519.verify($0.signature, message: $0.signedBytes, key: $0.key)
            })
        else { return nil }
        key = evidence.first.key
        slot = first.slot
    }
}
