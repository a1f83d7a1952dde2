package import NodeAPI
import Primitives

/// A node's status for people, one subject a line.
package struct StatusText {
    private let status: StatusAnswer

    package init(_ status: StatusAnswer) { self.status = status }

    package var text: String {
        let lines: [(String, String)?] = [
            ("network", "\(status.networkName), id \(Shown.short(status.networkId))"),
            ("node", node), ("height", height), slot.map { ("slot", $0) },
            ("ended", "\(status.finalBlockCount) final blocks, \(status.skippedSlotCount) skipped"),
            (
                "money",
                "balance \(Shown.amount(status.balanceUnits)), "
                    + "stake \(Shown.amount(status.stakeUnits))"
            ),
            ("waiting", "\(status.pendingPaymentCount) payments"),
            list("proving", status.proving.map(proof)),
            list("drops", status.drops.map { "\($0.name) \($0.count)" }),
        ]
        return lines.compactMap { $0 }.map { Shown.padded($0.0, to: 9) + $0.1 }
            .joined(separator: "\n")
    }

    private var node: String {
        let roles = status.roles.isEmpty ? "observer" : status.roles.joined(separator: ", ")
        return "\(Shown.short(status.key)), \(roles), \(status.peers.count) peers"
    }

    private var height: String {
        guard let height = status.height else { return "none yet" }
        return "\(height), ledger root \(Shown.short(status.ledgerRoot))"
    }

    private var slot: String? {
        guard let slot = status.slot else { return nil }
        var parts = ["\(slot.slot), \(slot.phase)"]
        if let leader = slot.leader { parts.append("leader \(Shown.short(leader))") }
        if let block = slot.blockId {
            parts.append("block \(Shown.short(block)) of \(slot.leafCount) leaves")
        }
        if let deadline = slot.provingDeadline {
            parts.append("root proof until height \(deadline)")
            parts.append(
                "\(slot.provenCount) nodes proven, \(slot.committedCount) committed, "
                    + "\(slot.provingCount) being proven, \(slot.waitingCount) waiting")
        }
        return parts.joined(separator: ", ")
    }

    private func proof(_ proof: StatusAnswer.RunningProof) -> String {
        "leaves \(Shown.range(proof.firstLeaf, proof.leafCount)) \(proof.percent) %"
    }

    private func list(_ name: String, _ parts: [String]) -> (String, String)? {
        parts.isEmpty ? nil : (name, parts.joined(separator: ", "))
    }
}

/// Keys, ranges and money as people read them.
package enum Shown {
    /// The first eight digits.
    package static func short(_ hex: String) -> String { String(hex.prefix(8)) }
    package static func amount(_ units: UInt64) -> String { "\(Amount(units: units))" }
    package static func range(_ first: Int, _ count: Int) -> String {
        "\(first)..<\(first + count)"
    }

    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
