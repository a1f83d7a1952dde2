package import Cryptography
package import Payments
package import Primitives

/// What the shell must find out before it can apply a log block.
///
/// Executing payments and verifying proofs is long work that the ledger does not do itself; it
/// asks for it with `LedgerState.judgements(neededFor:)`, and only where everything cheaper holds.
package enum Judgement: Hashable, Sendable {
    /// Does `reveal.body` decode canonically, and does executing it on the state whose root is
    /// `reveal.header.stateBefore` give each field of the header?
    case reveal(transactionID: Digest, reveal: BlockReveal)
    /// Is `rootProof.proof` a valid proof, and of which statement?
    case rootProof(transactionID: Digest, rootProof: RootProof, header: BlockHeader)

    package var transactionID: Digest {
        switch self {
        case .reveal(let id, _), .rootProof(let id, _, _): id
        }
    }
}

package enum RevealVerdict: Hashable, Sendable {
    case executes
    /// The reason is shown to people; nothing depends on it.
    case refused(String)
}

package enum RootProofVerdict: Hashable, Sendable {
    /// The proof verifies, and these are its public inputs. The ledger compares them.
    case valid(NodeStatement)
    /// The reason is shown to people; nothing depends on it.
    case invalid(String)
}

/// The shell's answers, by transaction id. One that is missing halts the ledger.
package struct LedgerVerdicts: Hashable, Sendable {
    package var reveals: [Digest: RevealVerdict]
    package var rootProofs: [Digest: RootProofVerdict]

    package static let none = LedgerVerdicts(reveals: [:], rootProofs: [:])

    package init(reveals: [Digest: RevealVerdict], rootProofs: [Digest: RootProofVerdict]) {
        self.reveals = reveals
        self.rootProofs = rootProofs
    }
}
