import Cryptography
import Mempool
import NetworkFile
import NodeCore
package import NodeRuntime
package import Payments
package import Primitives

extension RunningNode: NodeSource {
    package nonisolated var rollupParameters: RollupParameters { configuration.network.rollup }

    package func status() async -> StatusAnswer { StatusAnswer(snapshot()) }

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

extension StatusAnswer {
    init(_ node: NodeSnapshot) {
        self.init(
            networkName: node.networkName, networkId: node.networkID.hex,
            policyHash: node.policyHash.hex, key: node.key.hex, peerId: node.peerID,
            roles: node.roles.names, listenAddresses: node.listenAddresses, peers: node.peers,
            height: node.height?.number, ledgerRoot: node.ledgerRoot.hex,
            slot: node.slot.map { SlotAnswer($0) }, finalBlockCount: node.finalBlockCount,
            skippedSlotCount: node.skippedSlotCount, mintedUnits: UInt64(clamping: node.minted),
            burnedUnits: UInt64(clamping: node.burned), balanceUnits: node.balance.units,
            stakeUnits: node.stake.units, pendingPaymentCount: node.pendingPaymentCount,
            proving: node.proving.map { proof in
                RunningProof(
                    firstLeaf: proof.range.first, leafCount: proof.range.count,
                    percent: Int(min(max(proof.fraction, 0), 1) * 100))
            },
            drops: node.drops.map { DropCount(name: $0.name, count: $0.count) })
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

extension NodeRoles {
    /// As the settings name them.
    fileprivate var names: [String] {
        var names: [String] = []
        if contains(.sequencer) { names.append("sequencer") }
        if contains(.prover) { names.append("prover") }
        return names
    }
}
