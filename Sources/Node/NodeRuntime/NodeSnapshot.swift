internal import Connection
package import Cryptography
internal import Ledger
internal import Mempool
internal import NetworkFile
package import NodeCore
internal import Payments
package import Peering
package import Primitives
internal import Sequencing
internal import TransportNIO

/// Where a node stands, for people and programs that look at it.
package struct NodeSnapshot: Sendable {
    package var networkName: String
    package var networkID: NetworkID
    package var policyHash: Digest
    package var key: OperatorKey
    package var peerID: String
    package var roles: NodeRoles
    package var listenAddresses: [String]
    /// Where peers are told that this node can be dialled.
    package var toldAddresses: [String]
    package var peers: [String]
    /// Who is connected, known and barred.
    package var peering: PeeringOverview
    /// Of the last folded log block; nil before the first.
    package var height: Height?
    package var ledgerRoot: Digest
    package var slot: SlotSnapshot?
    package var finalBlockCount: UInt64
    package var skippedSlotCount: UInt64
    package var minted: UInt128
    package var burned: UInt128
    package var balance: Amount
    package var stake: Amount
    package var pendingPaymentCount: Int
    /// Running proofs with the done fraction.
    package var proving: [(range: LeafRange, fraction: Double)]
    package var drops: [(name: String, count: UInt64)]
}

/// The open slot.
package struct SlotSnapshot: Sendable {
    package var slot: Slot
    package var openingHeight: Height
    package var phase: String
    package var leader: OperatorKey?
    package var blockID: BlockID?
    package var leafCount: Int
    /// Ascending by leaf range; empty before the election.
    package var nodes: [NodeProgress]
    /// The last height at which a root proof counts; nil before the election.
    package var provingDeadline: Height?
}

extension RunningNode {
    package func snapshot() -> NodeSnapshot {
        let ledger = machine.ledger
        let next = ledger.nextHeight.number
        return NodeSnapshot(
            networkName: configuration.network.name,
            networkID: configuration.network.networkID,
            policyHash: configuration.network.policyHash, key: key,
            peerID: host.localPeer.description, roles: configuration.roles,
            listenAddresses: host.listenAddresses.map(\.description),
            toldAddresses: host.toldAddresses.map(\.description),
            peers: host.connectedPeers.map(\.description), peering: host.overview,
            height: next == 0 ? nil : Height(next - 1), ledgerRoot: ledger.root,
            slot: slotSnapshot, finalBlockCount: ledger.finalBlockCount,
            skippedSlotCount: ledger.skippedSlotCount, minted: ledger.minted,
            burned: ledger.burned, balance: ledger.balance(of: key), stake: ownStake,
            pendingPaymentCount: machine.mempool.count,
            proving: activity.all,
            drops: counters.all
                + host.drops.total.sorted { $0.key < $1.key }.map {
                    (name: "transport.\($0.key)", count: UInt64(clamping: $0.value))
                })
    }

    private var slotSnapshot: SlotSnapshot? {
        guard let slot = machine.ledger.slot else { return nil }
        return SlotSnapshot(
            slot: slot.slot, openingHeight: slot.openingHeight,
            phase: machine.ledger.phase.map { "\($0)" } ?? "closed", leader: slot.leader,
            blockID: slot.reveal?.blockID, leafCount: slot.reveal?.header.leafCount ?? 0,
            nodes: machine.treeProgress, provingDeadline: slot.elected?.provingDeadline)
    }

    private var ownStake: Amount {
        let role: Role = configuration.roles.contains(.sequencer) ? .sequencer : .prover
        return machine.ledger.stake(of: key, role: role)
    }

    /// The account's balance, nonce and authentication key in the rollup after the last final
    /// block; nil where nobody opened it.
    package func rollupAccount(_ number: UInt32) -> RollupAccount? {
        machine.rollup.account(number).map {
            RollupAccount(
                number: number, balance: $0.balance, nonce: $0.nonce,
                nextKeyIndex: $0.nextKeyIndex, authenticationKey: $0.authenticationKey)
        }
    }
}

/// An account of the rollup as people look at it.
package struct RollupAccount: Hashable, Sendable {
    package let number: UInt32
    package let balance: Amount
    package let nonce: UInt64
    package let nextKeyIndex: UInt64
    package let authenticationKey: FieldDigest
}
