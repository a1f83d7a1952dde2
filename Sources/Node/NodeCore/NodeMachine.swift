package import Gossip
package import Ledger
package import Mempool
package import Payments
package import Primitives
package import SansIO

/// A whole node without its sockets, disk, clock and keys: events in, effects out.
///
/// The log is folded block by block: the shell delivers each in order, the ledger says what must
/// be judged first (bodies to execute, root proofs to verify), the shell answers, the ledger
/// applies, and what it did moves this node's duties on. Gossip is fast and advisory: it brings
/// payments, proof commitments and announcements before the log would, and nothing of it reaches
/// the ledger but through the log.
///
/// `NodeMachine+Routing.swift` is the switchboard; the duties are `SequencingDuty` and
/// `ProvingDuty`. The same machine runs in the node and in the simulator. Secrets never come here:
/// signing and VRF proofs are effects. Bounds: `NodeParameters`.
package struct NodeMachine: StateMachine {
    package let identity: NodeIdentity
    let parameters: NodeParameters
    package internal(set) var ledger: LedgerState
    /// The rollup after the last final block.
    package internal(set) var rollup: RollupState
    package internal(set) var mempool: PaymentPool
    var router: GossipRouter
    var follower = LogFollower()
    var sequencing: SequencingDuty?
    var proving: ProvingDuty?
    /// The last slot of which own proofs were looked up.
    var recalledSlot: Slot?
    /// The leader's block of the open slot, executed.
    var revealed: ExecutedBlock?
    var early = EarlyMessages()
    var slotGossip = SlotGossip()
    var refusedPayments = RefusedPayments()
    var archive = GossipArchive()
    var roots = RootComparison()
    /// What this node's key did and was paid.
    package internal(set) var books: OperatorBooks
    var membership: Membership
    /// Money that its operator ordered to be sent.
    var sending = SendingDuty()
    var lookout: EquivocationLookout
    /// In the order in which they were found: what this node reports when its turn has come.
    var dueReports: [(finding: EquivocationLookout.Finding, dueHeight: Height)] = []
    /// When this prover last offered its work.
    var lastIntentHeight: Height?
    var signedHashes = RecentHashes()
    let settlementAuthority: OperatorKey
    /// A node that halted does nothing any more.
    package internal(set) var haltReason: String?

    package init(
        identity: NodeIdentity, parameters: NodeParameters, ledger: LedgerState,
        settlementAuthority: OperatorKey, rollupGenesis: RollupState, router: GossipRouter,
        mempool: PaymentPool
    ) {
        self.identity = identity
        self.parameters = parameters
        self.ledger = ledger
        lookout = EquivocationLookout(
            networkID: identity.networkID, expiryTicks: ledger.rules.evidenceExpiryTicks)
        if let slot = ledger.slot {
            lookout.opened(
                slot.slot, at: slot.openingHeight, sequencers: slot.sequencers.map(\.key))
        }
        self.settlementAuthority = settlementAuthority
        rollup = rollupGenesis
        self.mempool = mempool
        self.router = router
        books = OperatorBooks(
            key: identity.key, balance: ledger.balance(of: identity.key))
        membership = Membership(
            joining: parameters.joining,
            isMember: [Role.sequencer, .prover].contains {
                ledger.registrant($0, identity.key) != nil
            })
    }

    package var nextDeadline: Instant? { haltReason == nil ? router.nextDeadline : nil }

    package mutating func handle(_ event: NodeEvent, at now: Instant) -> [NodeEffect] {
        guard haltReason == nil else { return [] }
        suspendProving()
        return route(event, at: now)
    }

    /// Whether everything that is known of the log is folded. A node that is not should not
    /// listen to gossip: it would judge it by an old ledger, and hear nothing twice.
    package var isLive: Bool { follower.isLive }

    /// Payments of the last block that was revealed in this slot; 0 where none was.
    package var revealedPaymentCount: Int {
        revealed?.leaves.reduce(0) { $0 + $1.transitions.count } ?? 0
    }

    /// The proof tree of the open slot as this node sees it; empty outside the proving phase.
    package var treeProgress: [NodeProgress] { proving?.snapshot ?? [] }
}

/// Who this node is. Its secrets stay with the shell.
package struct NodeIdentity: Hashable, Sendable {
    package let networkID: NetworkID
    package let key: OperatorKey
    /// The peer id under which this node serves its proofs.
    package let peer: GossipPeer
    package let roles: NodeRoles

    package init(networkID: NetworkID, key: OperatorKey, peer: GossipPeer, roles: NodeRoles) {
        self.networkID = networkID
        self.key = key
        self.peer = peer
        self.roles = roles
    }
}

package struct NodeRoles: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let sequencer = NodeRoles(rawValue: 1)
    package static let prover = NodeRoles(rawValue: 2)
    package static let observer: NodeRoles = []
}
