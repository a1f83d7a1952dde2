package import NodeAPI
import Primitives

/// A node's status on one screen, what matters most first: who it is and whether it is well, what it
/// owes now and until when, whether it follows the log and is admitted, what it earned, where the slot
/// stands, whom it talks to.
package struct StatusPage {
    private let status: StatusAnswer
    private let palette: Palette
    private static let maximumPeers = 12
    private static let maximumDuties = 16
    private static let maximumSlots = 5
    private static let nameWidth = 10

    package init(_ status: StatusAnswer, palette: Palette) {
        self.status = status
        self.palette = palette
    }

    package var lines: [String] {
        let groups = sections.map { $0.lines(within: .max) }.filter { !$0.isEmpty }
        return Array(groups.joined(separator: [""]))
    }

    package var text: String { lines.joined(separator: "\n") }

    /// The page on a terminal: neither wrapped nor scrolled. Where it is too small lists are
    /// shortened, then the last sections are named only.
    package func lines(columns: Int, rows: Int) -> [String] {
        StatusLayout(sections, rows: rows).lines.map { StatusLayout.clip($0, columns: columns) }
    }

    private var sections: [StatusSection] {
        [
            StatusSection("", always: [title]),
            StatusSection("duties", items: duties, least: 4, most: Self.maximumDuties),
            StatusSection("health", always: [row("log", log)] + memberships),
            StatusSection("earnings", always: money, items: recent),
            StatusSection("slot", always: slotRows),
            StatusSection(
                "peers", always: [row("peers", peerSum)], items: peers, most: Self.maximumPeers),
            StatusSection("drops", items: drops, least: 2),
            StatusSection("machine", always: machineRows),
        ]
    }
}

// MARK: - Who and whether

extension StatusPage {
    private var title: String {
        let roles = status.roles.isEmpty ? "observer" : status.roles.joined(separator: ", ")
        let title = palette.paint("\(roles) \(Shown.short(status.key))", .title)
        let health =
            status.health.isOK
            ? palette.paint("ok", .good)
            : palette.paint("unwell: \(status.health.reason ?? "no reason given")", .bad)
        return "\(title)  \(status.networkName) \(Shown.short(status.networkId))  \(health)"
    }

    private var machineRows: [String] {
        [
            row("version", "\(status.version), up \(Shown.time(seconds: status.uptimeSeconds))"),
            row("data", status.dataDirectory), row("machine", machine),
        ]
    }

    private var machine: String {
        let machine = status.machine
        guard status.roles.contains("prover") else { return "\(machine.kernels) kernels" }
        var made =
            "\(Shown.count(machine.leafProofs, "leaf proof")) and "
            + "\(Shown.count(machine.mergeProofs, "merge")) made"
        if machine.failedProofs > 0 {
            made += ", " + palette.paint("\(machine.failedProofs) failed", .bad)
        }
        return "\(machine.kernels) kernels, "
            + "\(Shown.count(machine.provingThreads, "proving thread")), \(made)"
    }

    private var slotRows: [String] {
        [status.slot.map { row("slot", slot($0)) }, tree].compactMap { $0 }
            + [
                row(
                    "ended",
                    "\(Shown.count(status.finalBlockCount, "final block")), "
                        + "\(status.skippedSlotCount) skipped"),
                row("payments", "\(status.pendingPaymentCount) wait for a block"),
            ]
    }

    private var log: String {
        var parts = ["height \(status.height.map { "\($0)" } ?? "none yet")"]
        if status.log.behind > 0 {
            parts.append(
                palette.paint("\(Shown.count(status.log.behind, "block")) behind", .warning))
        }
        if let seconds = status.log.secondsSinceBlock {
            let tick = Double(status.log.tickMilliseconds) / 1_000
            let age = "last block \(seconds) s ago"
            parts.append(seconds > max(5, 3 * tick) ? palette.paint(age, .warning) : age)
        } else {
            parts.append(palette.paint("no block has come since the start", .warning))
        }
        parts.append(status.log.url)
        return parts.joined(separator: ", ")
    }

    private func slot(_ slot: StatusAnswer.SlotAnswer) -> String {
        var parts = ["\(slot.slot): \(Words.phase(slot.phase))"]
        if let deadline = slot.provingDeadline {
            let ticks = Int64(clamping: deadline) - Int64(clamping: status.height ?? 0)
            parts.append("root due in \(left(ticks))")
        }
        if slot.blockId != nil { parts.append(Shown.count(slot.leafCount, "leaf proof")) }
        if let leader = slot.leader {
            parts.append("led by " + (leader == status.key ? "this node" : Shown.short(leader)))
        }
        return parts.joined(separator: ", ")
    }

    /// As far as this node has heard.
    private var tree: String? {
        guard let slot = status.slot, slot.provingDeadline != nil else { return nil }
        return row(
            "tree",
            "\(slot.provenCount) nodes proven, \(slot.committedCount) committed, "
                + "\(slot.provingCount) in the making here, \(slot.waitingCount) waiting")
    }

    /// `12 ticks (6 s)`
    private func left(_ ticks: Int64) -> String {
        let seconds = Double(max(0, ticks)) * Double(status.log.tickMilliseconds) / 1_000
        return "\(Shown.count(ticks, "tick")) (\(Shown.time(seconds: Int(seconds.rounded()))))"
    }
}

// MARK: - Own money and work

extension StatusPage {
    private var memberships: [String] {
        status.memberships.map { row($0.role, membership($0)) }
    }

    private var money: [String] {
        guard !status.roles.isEmpty else { return [] }
        let earned = status.earnings
        var ledger = ["balance \(Shown.amount(status.balanceUnits))"]
        if earned.slashedUnits > 0 {
            ledger.append(palette.paint("slashed \(Shown.amount(earned.slashedUnits))", .bad))
        }
        if earned.feeUnits > 0 { ledger.append("fees \(Shown.amount(earned.feeUnits))") }
        return [row("account", ledger.joined(separator: ", ")), row("earned", earnings)]
    }

    private func membership(_ membership: StatusAnswer.MembershipAnswer) -> String {
        let words = Words.membership(membership.state)
        var parts = ["stake \(Shown.amount(membership.stakeUnits))"]
        switch membership.state {
        case "admitted": return palette.paint(words, .good) + ", \(parts[0])"
        case "waiting":
            if let slot = membership.admittedFrom { parts.insert("from slot \(slot)", at: 0) }
        case "ejected":
            if let needed = membership.minimumUnits {
                parts.append("needs \(Shown.amount(needed))")
            }
            return palette.paint(words, .bad) + ", " + parts.joined(separator: ", ")
        case "exiting":
            if let height = membership.paidAt { parts.append("paid at height \(height)") }
        case "notRegistered": parts = []
        default: break
        }
        return ([palette.paint(words, .warning)] + parts).joined(separator: ", ")
    }

    private var earnings: String {
        let totals = status.earnings
        var parts = [Shown.amount(totals.paidUnits)]
        let missed = totals.missedUnits + totals.missedReveals + totals.missedOpenings
        if missed > 0 {
            let noun = missed == 1 ? "duty" : "duties"
            parts.append(palette.paint("\(missed) \(noun) missed", .bad))
        }
        if status.roles.contains("sequencer") {
            parts.append(
                "\(Shown.count(totals.won, "slot")) won of \(totals.led) led "
                    + "and \(totals.proposed) proposed")
        }
        if status.roles.contains("prover") {
            parts.append("\(Shown.count(totals.provenUnits, "node")) proven in final trees")
            if totals.helpedUnits > 0 { parts.append("\(totals.helpedUnits) helped") }
        }
        return parts.joined(separator: ", ")
    }

    private var duties: [String] {
        let duties = status.duties
        var texts: [String] = []
        if let sequencing = duties.sequencing {
            let words = Words.sequencing(sequencing.stage)
            texts.append(
                sequencing.due.map {
                    due(in: $0.ticksLeft) + palette.paint(words, .title)
                } ?? words)
        }
        texts += duties.proving.sorted { rank($0) < rank($1) }.map(duty)
        if texts.isEmpty, status.slot != nil, !status.roles.isEmpty {
            texts = [palette.paint("none in this slot so far", .quiet)]
        }
        return list("duties", texts)
    }

    /// What is still to be done first, by its deadline.
    private func rank(_ duty: DutiesAnswer.Proving) -> (Int, Int64) {
        (duty.state == "announced" ? 1 : 0, duty.due.ticksLeft)
    }

    private func duty(_ duty: DutiesAnswer.Proving) -> String {
        let node = Shown.node(duty.firstLeaf, duty.leafCount)
        let words = Words.node(duty.state)
        guard duty.state != "announced" else { return "\(node): \(palette.paint(words, .good))" }
        var text = "\(node): \(words)"
        if let percent = duty.percent { text += " \(percent) %" }
        if let phase = duty.phase { text += ", \(Words.proving(phase))" }
        if duty.isHelper { text += ", instead of \(Shown.short(duty.elected))" }
        guard duty.isLate else { return due(in: duty.due.ticksLeft) + text }
        return palette.paint(Self.padded("late by \(left(-duty.due.ticksLeft))"), .bad) + text
    }

    /// The deadline comes first: a small terminal must not cut it off.
    private func due(in ticks: Int64) -> String { Self.padded("due in \(left(ticks))") }
    private static func padded(_ deadline: String) -> String { Shown.padded(deadline, to: 24) }

    private var recent: [String] {
        guard !status.roles.isEmpty else { return [] }
        let past = status.recentSlots.filter { $0.outcome != "open" }
        return list("recent", past.suffix(Self.maximumSlots).reversed().map { ended($0) })
    }

    private func ended(_ slot: EarningsAnswer.SlotEntry) -> String {
        let outcome = slot.reason.map { "skipped: \(Words.skip($0))" } ?? slot.outcome
        let lead = Shown.padded("slot \(slot.slot)", to: 10) + "\(outcome), "
        var parts: [String] = []
        if slot.isLeader {
            parts.append("led")
        } else if slot.isProposed {
            parts.append("proposed")
        }
        if slot.electedUnits > 0 {
            parts.append("proved \(slot.provenUnits) of \(slot.electedUnits) nodes")
        }
        if slot.helpedUnits > 0 { parts.append("helped with \(slot.helpedUnits)") }
        let paid = slot.paidAsSequencerUnits + slot.paidAsProverUnits
        if paid > 0 { parts.append(palette.paint("+\(Shown.amount(paid))", .good)) }
        if slot.slashedUnits > 0 {
            parts.append(palette.paint("slashed \(Shown.amount(slot.slashedUnits))", .bad))
        }
        return lead
            + (parts.isEmpty
                ? palette.paint("no part in it", .quiet)
                : parts.joined(separator: ", "))
    }
}

// MARK: - Others

extension StatusPage {
    private var peerSum: String {
        let all = status.peers
        guard !all.isEmpty else { return palette.paint("none: nobody is connected", .warning) }
        let outbound = all.count { $0.direction == "out" }
        let book = status.peerBook
        var sum = "\(all.count) connected, \(outbound) dialled by this node, \(book.known) known"
        if !book.barred.isEmpty {
            sum += palette.paint(", \(book.barred.count) barred", .warning)
        }
        return sum
    }

    private var peers: [String] {
        list("", status.peers.map(peer))
    }

    private func peer(_ peer: StatusAnswer.PeerAnswer) -> String {
        var parts = [
            Shown.padded(Shown.peer(peer.id), to: 15) + Shown.padded(peer.direction, to: 4)
                + Shown.padded(peer.host, to: 16)
                + Shown.padded(Shown.time(seconds: peer.connectedSeconds), to: 13)
                + Shown.padded("\(Shown.bytes(peer.receivedBytes)) in", to: 13)
                + Shown.padded("\(Shown.bytes(peer.sentBytes)) out", to: 14)
                + Shown.padded(peer.agent ?? "", to: 13)
        ]
        if !peer.isOfNetwork { parts.append(palette.paint("not approved yet", .quiet)) }
        if peer.score < 0 { parts.append(palette.paint("score \(peer.score)", .warning)) }
        if peer.faults > 0 { parts.append(palette.paint("faults \(peer.faults)", .bad)) }
        let line = parts.joined(separator: " ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// The most frequent first.
    private var drops: [String] {
        let sorted = status.drops.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        return list("drops", sorted.map { "\($0.count) × \(Words.drop($0.name))" })
    }

    private func row(_ name: String, _ text: String) -> String {
        palette.paint(Shown.padded(name, to: Self.nameWidth), .quiet) + text
    }

    /// The first text beside the name, the others below it.
    private func list(_ name: String, _ texts: [String]) -> [String] {
        texts.enumerated().map { row($0.offset == 0 ? name : "", $0.element) }
    }
}
