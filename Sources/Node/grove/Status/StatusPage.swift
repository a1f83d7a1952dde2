package import NodeAPI
import Primitives

/// A node's status on one screen: who it is and whether it is well, where the network stands, what
/// it owes now, what it earned, whom it talks to.
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
        let groups = [heading, network, own, duties, recent, peers, drops]
        return Array(groups.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    package var text: String { lines.joined(separator: "\n") }

    /// `lines` cut to so many columns and rows: a terminal must neither wrap nor scroll.
    package static func clip(_ lines: [String], columns: Int, rows: Int) -> [String] {
        var shown = lines.prefix(rows).map { clip($0, columns: columns) }
        if lines.count > rows, rows > 0 {
            shown[rows - 1] = clip(
                "… \(lines.count - rows + 1) more lines: a higher terminal shows them",
                columns: columns)
        }
        return shown
    }

    /// Escape sequences take no column.
    private static func clip(_ line: String, columns: Int) -> String {
        var shown = ""
        var width = 0
        var isEscape = false
        var isPainted = false
        for character in line {
            if character == "\u{1B}" {
                isEscape = true
                isPainted = true
            } else if !isEscape {
                guard width < columns else { break }
                width += 1
            }
            shown.append(character)
            if isEscape, character == "m" { isEscape = false }
        }
        return isPainted && shown.count < line.count ? shown + "\u{1B}[0m" : shown
    }
}

// MARK: - Who and whether

extension StatusPage {
    private var heading: [String] {
        let roles = status.roles.isEmpty ? "observer" : status.roles.joined(separator: ", ")
        let title = palette.paint("\(roles) \(Shown.short(status.key))", .title)
        let health =
            status.health.isOK
            ? palette.paint("ok", .good)
            : palette.paint("unwell: \(status.health.reason ?? "no reason given")", .bad)
        return [
            "\(title)  \(status.networkName) \(Shown.short(status.networkId))  \(health)",
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

    private var network: [String] {
        [row("log", log), status.slot.map { row("slot", slot($0)) }, tree].compactMap { $0 }
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
        var parts = ["\(slot.slot) \(slot.phase)"]
        if let leader = slot.leader {
            parts.append("led by " + (leader == status.key ? "this node" : Shown.short(leader)))
        }
        if slot.blockId != nil { parts.append(Shown.count(slot.leafCount, "leaf proof")) }
        if let deadline = slot.provingDeadline {
            let ticks = Int64(clamping: deadline) - Int64(clamping: status.height ?? 0)
            parts.append("root due in \(left(ticks))")
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
    private var own: [String] {
        guard !status.roles.isEmpty else { return [] }
        let earned = status.earnings
        var ledger = ["balance \(Shown.amount(status.balanceUnits))"]
        if earned.feeUnits > 0 { ledger.append("fees \(Shown.amount(earned.feeUnits))") }
        if earned.slashedUnits > 0 {
            ledger.append(palette.paint("slashed \(Shown.amount(earned.slashedUnits))", .bad))
        }
        return status.memberships.map { row($0.role, membership($0)) }
            + [row("account", ledger.joined(separator: ", ")), row("earned", earnings)]
    }

    private func membership(_ membership: StatusAnswer.MembershipAnswer) -> String {
        let stake = "stake \(Shown.amount(membership.stakeUnits))"
        switch membership.state {
        case "admitted": return palette.paint("admitted", .good) + ", \(stake)"
        case "waiting":
            let slot = membership.admittedFrom.map { " from slot \($0)" } ?? " later"
            return palette.paint("registered, admitted\(slot)", .warning) + ", \(stake)"
        case "ejected":
            let needed = membership.minimumUnits.map { ", needs \(Shown.amount($0))" } ?? ""
            return palette.paint("ejected: too little at stake", .bad) + ", \(stake)\(needed)"
        case "exiting":
            let height = membership.paidAt.map { " at height \($0)" } ?? ""
            return palette.paint("exiting", .warning) + ", \(stake) is paid out\(height)"
        case "notRegistered":
            return palette.paint("not registered: no duties and no pay", .warning)
        default: return "\(membership.state), \(stake)"
        }
    }

    private var earnings: String {
        let totals = status.earnings
        var parts = [Shown.amount(totals.paidUnits)]
        if status.roles.contains("sequencer") {
            parts.append(
                "\(Shown.count(totals.won, "slot")) won of \(totals.led) led "
                    + "and \(totals.proposed) proposed")
        }
        if status.roles.contains("prover") {
            parts.append("\(Shown.count(totals.provenUnits, "node")) proven in final trees")
            if totals.helpedUnits > 0 { parts.append("\(totals.helpedUnits) helped") }
        }
        let missed = totals.missedUnits + totals.missedReveals + totals.missedOpenings
        if missed > 0 {
            let noun = missed == 1 ? "duty" : "duties"
            parts.append(palette.paint("\(missed) \(noun) missed", .bad))
        }
        return parts.joined(separator: ", ")
    }

    private var duties: [String] {
        let duties = status.duties
        var texts: [String] = []
        if let sequencing = duties.sequencing {
            let due = sequencing.due.map { ", due in \(left($0.ticksLeft))" } ?? ""
            let words = SequencingWords.text(of: sequencing.stage)
            let shown = sequencing.due == nil ? words : palette.paint(words, .title)
            texts.append(shown + due)
        }
        texts += duties.proving.prefix(Self.maximumDuties).map(duty)
        let more = duties.proving.count - Self.maximumDuties
        if more > 0 { texts.append("and \(more) more nodes of the tree") }
        if texts.isEmpty, status.slot != nil, !status.roles.isEmpty {
            texts = [palette.paint("none in this slot so far", .quiet)]
        }
        return list("duties", texts)
    }

    private func duty(_ duty: DutiesAnswer.Proving) -> String {
        let range = Shown.padded("leaves \(Shown.range(duty.firstLeaf, duty.leafCount))", to: 16)
        let percent = duty.percent.map { " \($0) %" } ?? ""
        var parts = [range + Shown.padded(duty.state + percent, to: 13)]
        if duty.state == "announced" {
            parts[0] = range + palette.paint("announced", .good)
        } else if duty.isLate {
            parts.append(palette.paint("late by \(left(-duty.due.ticksLeft))", .bad))
        } else {
            parts.append("due in \(left(duty.due.ticksLeft))")
        }
        if let phase = duty.phase { parts.append("· \(phase)") }
        if duty.isHelper { parts.append("instead of \(Shown.short(duty.elected))") }
        return parts.joined(separator: " ")
    }

    private var recent: [String] {
        guard !status.roles.isEmpty else { return [] }
        let past = status.recentSlots.filter { $0.outcome != "open" }
        return list("recent", past.suffix(Self.maximumSlots).reversed().map { ended($0) })
    }

    private func ended(_ slot: EarningsAnswer.SlotEntry) -> String {
        let outcome = slot.reason.map { "skipped: \($0)" } ?? slot.outcome
        let lead = Shown.padded("slot \(slot.slot)", to: 10) + Shown.padded(outcome, to: 22)
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
    private var peers: [String] {
        let all = status.peers
        guard !all.isEmpty else {
            return [row("peers", palette.paint("none: nobody is connected", .warning))]
        }
        let outbound = all.count { $0.direction == "out" }
        let book = status.peerBook
        var first = "\(all.count) connected, \(outbound) dialled by this node, \(book.known) known"
        if !book.barred.isEmpty {
            first += palette.paint(", \(book.barred.count) barred", .warning)
        }
        var texts = [first]
        texts += all.prefix(Self.maximumPeers).map(peer)
        if all.count > Self.maximumPeers {
            texts.append("and \(all.count - Self.maximumPeers) more")
        }
        return list("peers", texts)
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

    private var drops: [String] {
        guard !status.drops.isEmpty else { return [] }
        return [row("drops", status.drops.map { "\($0.name) \($0.count)" }.joined(separator: ", "))]
    }

    private func row(_ name: String, _ text: String) -> String {
        palette.paint(Shown.padded(name, to: Self.nameWidth), .quiet) + text
    }

    /// The first text beside the name, the others below it.
    private func list(_ name: String, _ texts: [String]) -> [String] {
        texts.enumerated().map { row($0.offset == 0 ? name : "", $0.element) }
    }
}

/// A sequencer's stage of a slot for people.
enum SequencingWords {
    static func text(of stage: String) -> String {
        switch stage {
        case "mustSeal": "seal a proposal"
        case "sealed": "sealed a proposal, waits for the open phase"
        case "mustOpen": "open the sealed proposal"
        case "opened": "opened its proposal, waits for the leader"
        case "mustReveal": "leads: reveal the block"
        case "mustElect": "leads: elect the provers"
        case "led": "leads, its block is being proven"
        case "follows": "proposed, another sequencer leads"
        case "missed": "took no part in this slot in time"
        default: stage
        }
    }
}
