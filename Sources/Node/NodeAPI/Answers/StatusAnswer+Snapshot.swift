import Connection
import Cryptography
package import Ledger
import NodeCore
package import NodeRuntime
import Peering
package import Primitives

extension StatusAnswer {
    package init(_ node: NodeSnapshot) {
        self.init(
            version: node.version, networkName: node.networkName, networkId: node.networkID.hex,
            policyHash: node.policyHash.hex, key: node.key.hex, peerId: node.peerID,
            roles: node.roles.names, listenAddresses: node.listenAddresses,
            toldAddresses: node.toldAddresses,
            dataDirectory: node.dataDirectory, uptimeSeconds: node.uptime.wholeSeconds,
            health: HealthAnswer(node.health), log: LogAnswer(node.log),
            peers: node.connections.map { PeerAnswer($0) }, peerBook: PeerBookAnswer(node.peering),
            height: node.height?.number, ledgerRoot: node.ledgerRoot.hex,
            slot: node.slot.map { SlotAnswer($0) }, finalBlockCount: node.finalBlockCount,
            skippedSlotCount: node.skippedSlotCount, mintedUnits: UInt64(clamping: node.minted),
            burnedUnits: UInt64(clamping: node.burned), balanceUnits: node.balance.units,
            stakeUnits: node.stake.units,
            memberships: node.memberships.map {
                MembershipAnswer($0.role, $0.stake, $0.admission)
            },
            duties: DutiesAnswer(node), earnings: .init(node.totals),
            recentSlots: node.bookedSlots.map { .init($0) },
            pendingPaymentCount: node.pendingPaymentCount, machine: MachineAnswer(node),
            drops: node.drops.map { DropCount(name: $0.name, count: $0.count) })
    }
}

extension HealthAnswer {
    package init(_ health: NodeHealth) {
        self.init(
            health: health.isOK ? "ok" : "unwell", reason: health.isOK ? nil : "\(health)")
    }
}

extension StatusAnswer.LogAnswer {
    init(_ log: LogSnapshot) {
        self.init(
            url: log.url, tickMilliseconds: UInt64(log.tick / .milliseconds(1)),
            head: log.head.number, behind: log.behind,
            secondsSinceBlock: log.silence.map { ($0 / .milliseconds(100)).rounded() / 10 })
    }
}

extension StatusAnswer.PeerAnswer {
    init(_ peer: PeerSnapshot) {
        let connection = peer.connection
        self.init(
            id: "\(connection.peer)", host: connection.host,
            addresses: connection.addresses.map(\.description),
            direction: connection.isOutbound ? "out" : "in",
            connectedSeconds: connection.connectedFor.wholeSeconds, agent: connection.agent,
            isOfNetwork: connection.isApproved,
            score: peer.score, meshTopics: peer.meshCount,
            receivedBytes: peer.traffic.receivedByteCount,
            sentBytes: peer.traffic.sentByteCount, faults: connection.faultPoints)
    }
}

extension StatusAnswer.PeerBookAnswer {
    init(_ peering: PeeringOverview) {
        self.init(
            known: peering.knownCount, reached: peering.reachedCount,
            barred: peering.barred.map {
                Barred(id: "\($0.peer)", reason: "\($0.reason)", secondsLeft: $0.secondsLeft)
            },
            barredHosts: peering.barredHosts)
    }
}

extension StatusAnswer.SlotAnswer {
    init(_ slot: SlotSnapshot) {
        func count(_ state: NodeProgress.State) -> Int {
            slot.nodes.count { $0.state == state }
        }
        self.init(
            slot: slot.slot.number, openingHeight: slot.openingHeight.number, phase: slot.phase,
            leader: slot.leader?.hex, blockId: slot.blockID?.hex, leafCount: slot.leafCount,
            waitingCount: count(.waiting), provingCount: count(.proving),
            committedCount: count(.committed), provenCount: count(.proven),
            provingDeadline: slot.provingDeadline?.number)
    }
}

extension StatusAnswer.MembershipAnswer {
    package init(_ role: Role, _ stake: Amount, _ admission: Admission?) {
        self.init(role: role.name, state: "notRegistered", stakeUnits: stake.units)
        switch admission {
        case nil: break
        case .from(let slot):
            state = "waiting"
            admittedFrom = slot.number
        case .admitted: state = "admitted"
        case .ejected(_, let minimum):
            state = "ejected"
            minimumUnits = minimum.units
        case .exiting(let height):
            state = "exiting"
            paidAt = height.number
        }
    }
}

extension StatusAnswer.MachineAnswer {
    init(_ node: NodeSnapshot) {
        self.init(
            kernels: node.instructions, provingThreads: node.provingThreadCount,
            leafProofs: node.proofCounts.leafCount, mergeProofs: node.proofCounts.mergeCount,
            failedProofs: node.proofCounts.failureCount)
    }
}

extension NodeRoles {
    /// As the settings name them.
    fileprivate var names: [String] {
        var names: [String] = []
        if contains(.sequencer) { names.append("sequencer") }
        if contains(.prover) { names.append("prover") }
        return names
    }
}

extension Duration {
    fileprivate var wholeSeconds: Int { Int(components.seconds) }
}
