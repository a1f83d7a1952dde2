internal import Cryptography
internal import Primitives

/// What one log block's application carries along: where it is, what it asks, what it tells.
struct Fold {
    /// Who answers the long questions.
    enum Desk {
        case answering(LedgerVerdicts)
        /// Nobody: each question is noted and answered with no, which lets later ones be met.
        case asking
    }

    let height: Height
    let desk: Desk
    private(set) var events: [LedgerEvent] = []
    private(set) var needed: [Judgement] = []

    init(height: Height, desk: Desk) {
        self.height = height
        self.desk = desk
    }

    mutating func report(_ event: LedgerEvent) { events.append(event) }

    mutating func verdict(
        on reveal: BlockReveal, transactionID: Digest
    ) throws(LedgerHalt) -> RevealVerdict {
        switch desk {
        case .answering(let verdicts):
            guard let verdict = verdicts.reveals[transactionID] else {
                throw .missingVerdict(transactionID: transactionID)
            }
            return verdict
        case .asking:
            note(.reveal(transactionID: transactionID, reveal: reveal))
            return .refused("not judged yet")
        }
    }

    mutating func verdict(
        on rootProof: RootProof, header: BlockHeader, transactionID: Digest
    ) throws(LedgerHalt) -> RootProofVerdict {
        switch desk {
        case .answering(let verdicts):
            guard let verdict = verdicts.rootProofs[transactionID] else {
                throw .missingVerdict(transactionID: transactionID)
            }
            return verdict
        case .asking:
            note(.rootProof(transactionID: transactionID, rootProof: rootProof, header: header))
            return .invalid("not judged yet")
        }
    }

    private mutating func note(_ judgement: Judgement) { needed.append(judgement) }
}
