/// One event of `GET /events`: what happened (`event`, also the name of the server-sent event) and
/// those of the other fields that it has.
package struct EventAnswer: Codable, Hashable, Sendable {
    package enum Name: String, Codable, CaseIterable, Sendable {
        // From the log.
        case folded, slotOpened, commit, proposal, leader, revealed, elected, proofCommitted, final
        case skipped, slashed, rewarded, registered, exiting, exited, transferred, intent, refused
        case dropped
        // From this node and its peers.
        case proving, proven, committed, obtained, helping, ledgerRootDiffers, equivocation
        case submissionRefused, registration
    }

    package var event: Name
    package var height: UInt64?
    package var slot: UInt64?
    /// Whose act it is.
    package var key: String?
    /// The other one: the recipient of a transfer, the prover that is helped, the reporter.
    package var otherKey: String?
    package var role: String?
    package var blockId: String?
    package var firstLeaf: Int?
    package var leafCount: Int?
    package var feeShareBasisPoints: UInt64?
    package var amountUnits: UInt64?
    package var lastSlot: UInt64?
    package var kind: String?
    package var reason: String?
    /// Of a final block.
    package var payouts: [PayoutAnswer]?

    package init(_ event: Name) { self.event = event }
}
