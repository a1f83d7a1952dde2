internal import Gossip
internal import NodeCore
internal import Peering
internal import Synchronization

/// What a node counts besides drops: by name.
package enum NodeCount: String, CaseIterable, Hashable, Sendable {
    /// A peer that was not asked where it stands, or did not say.
    case notGreeted
    case statusNotTold
    /// A peer whose network file has other rules.
    case otherNetworkRules
    /// A proof or block was asked for while as many as may be are being served.
    case servingBusy
    /// The peer book could not be written.
    case peerBookNotKept
    /// The log seems to have less than it said.
    case logHeadInDoubt
    /// The log did not answer as it must.
    case logContact
    case ledgerRootDiffers
    /// The log has not included what it gave a receipt for.
    case brokenReceipt
    case invalidProof
    case proofServerStalled
    case proofServerNotConnected
}

/// What was dropped or refused, by name, since the start.
package final class NodeCounters: Sendable {
    private let counts = Mutex<[String: UInt64]>([:])

    func count(_ event: NodeCount) { count(event.rawValue) }
    func count(_ fault: PeerFaultKind) { count("fault.\(fault.rawValue)") }
    func count(_ drop: NodeDrop) { count("node.\(drop.rawValue)") }
    func count(_ drop: GossipDrop) { count("gossip.\(drop.rawValue)") }

    private func count(_ name: String) {
        counts.withLock { $0[name, default: 0] += 1 }
    }

    /// Sorted by name.
    package var all: [(name: String, count: UInt64)] {
        counts.withLock { counts in
            counts.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
        }
    }
}
