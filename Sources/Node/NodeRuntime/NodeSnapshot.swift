internal import Connection
package import Cryptography
internal import Field
internal import Gossip
package import Ledger
internal import Mempool
internal import NetworkFile
package import NodeCore
package import NodeProofs
internal import Payments
package import Peering
package import Primitives
internal import SansIO
internal import Sequencing
internal import TransportNIO

/// Where a node stands, for people and programs that look at it.
package struct NodeSnapshot: Sendable {
    package var version: String
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
    /// Ascending by peer.
    package var connections: [PeerSnapshot]
    /// Who is connected, known and barred.
    package var peering: PeeringOverview
    package var dataDirectory: String
    package var uptime: Duration
    /// The instructions that the proving kernels use.
    package var instructions: String
    package var provingThreadCount: Int
    package var proofCounts: ProofCounts
    package var health: NodeHealth
    package var log: LogSnapshot
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
    /// Of each role that this node has; no admission where its key is not registered.
    package var memberships: [(role: Role, stake: Amount, admission: Admission?)]
    package var duties: OwnDuties
    package var totals: OperatorTotals
    /// The newest ended slots, oldest first, then the open one.
    package var bookedSlots: [BookedSlot]
    package var pendingPaymentCount: Int
    /// Running proofs and how far they are.
    package var proving: [(slot: Slot, range: LeafRange, progress: ProofProgress)]
    package var drops: [(name: String, count: UInt64)]
}

/// The settlement log as this node follows it.
package struct LogSnapshot: Sendable {
    package var url: String
    package var tick: Duration
    /// The newest height that it is known to have.
    package var head: Height
    /// How many blocks of it are not folded here.
    package var behind: UInt64
    /// Since a block came over the wire; nil where none has since the start.
    package var silence: Duration?
}

/// A connected peer.
package struct PeerSnapshot: Sendable {
    package var connection: PeeringOverview.Peer
    /// Of gossip.
    package var traffic: PeerTraffic.Count
    /// Of the gossip router, at most 0.
    package var score: Int
    /// Topics on which messages are pushed to it.
    package var meshCount: Int
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
        let peering = host.overview
        return NodeSnapshot(
            version: configuration.agentVersion,
            networkName: configuration.network.name,
            networkID: configuration.network.networkID,
            policyHash: configuration.network.policyHash, key: key,
            peerID: host.localPeer.description, roles: configuration.roles,
            listenAddresses: host.listenAddresses.map(\.description),
            toldAddresses: host.toldAddresses.map(\.description),
            peers: host.connectedPeers.map(\.description),
            connections: connections(peering), peering: peering,
            dataDirectory: configuration.dataDirectory,
            uptime: now - .origin, instructions: "\(InstructionSet.inUse)",
            provingThreadCount: configuration.provingThreadCount, proofCounts: proofCounts,
            health: currentHealth, log: logSnapshot,
            height: next == 0 ? nil : Height(next - 1), ledgerRoot: ledger.root,
            slot: slotSnapshot, finalBlockCount: ledger.finalBlockCount,
            skippedSlotCount: ledger.skippedSlotCount, minted: ledger.minted,
            burned: ledger.burned, balance: ledger.balance(of: key), stake: ownStake,
            memberships: ownRoles.map {
                ($0, ledger.stake(of: key, role: $0), ledger.admission(of: $0, key: key))
            },
            duties: machine.duties, totals: machine.books.totals,
            bookedSlots: bookedSlots(limit: NodeRuntimeParameters.shownSlotCount),
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

    private var ownRoles: [Role] {
        var roles: [Role] = []
        if configuration.roles.contains(.sequencer) { roles.append(.sequencer) }
        if configuration.roles.contains(.prover) { roles.append(.prover) }
        return roles
    }

    /// The newest `limit` ended slots, oldest first, then the open one.
    package func bookedSlots(limit: Int) -> [BookedSlot] {
        machine.books.slots.suffix(limit) + [machine.books.open].compactMap { $0 }
    }

    package var ownTotals: OperatorTotals { machine.books.totals }

    private var logSnapshot: LogSnapshot {
        let head = machine.logHead
        // The height of the next block to fold is one above the last.
        let next = machine.ledger.nextHeight
        let known = head.advanced(by: 1).number
        return LogSnapshot(
            url: "http://\(configuration.settlementHost):\(configuration.settlementPort)",
            tick: tick, head: head, behind: known > next.number ? known - next.number : 0,
            silence: lastBlockAt.map { now - $0 })
    }

    private var tick: Duration {
        .milliseconds(Int64(clamping: configuration.network.tickMilliseconds))
    }

    package var currentHealth: NodeHealth {
        let log = logSnapshot
        return NodeHealth(
            foldedAny: machine.ledger.nextHeight > Height(0), behind: log.behind,
            silence: log.silence ?? (now - .origin), tick: tick,
            haltReason: haltReason ?? machine.haltReason)
    }

    private func connections(_ peering: PeeringOverview) -> [PeerSnapshot] {
        let meshes = machine.gossipMeshes
        return peering.connected.map { connection in
            let peer = GossipPeer(bytes: connection.peer.bytes)
            return PeerSnapshot(
                connection: connection,
                traffic: peerTraffic[connection.peer] ?? PeerTraffic.Count(),
                score: machine.gossipScore(of: peer),
                meshCount: meshes.count { $0.contains(peer) })
        }
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
