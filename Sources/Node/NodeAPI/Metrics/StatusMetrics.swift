/// A node's status as metrics.
package enum StatusMetrics {
    package static func families(_ status: StatusAnswer) -> [MetricFamily] {
        about(status) + log(status) + money(status.earnings, status) + work(status)
    }

    private static func about(_ status: StatusAnswer) -> [MetricFamily] {
        let roles = status.roles.isEmpty ? ["observer"] : status.roles
        let outbound = status.peers.count { $0.direction == "out" }
        return [
            MetricFamily(
                "grove_info", .gauge, help: "Who this node is.",
                samples: [
                    .init(
                        labels: [
                            .init("version", status.version),
                            .init("network", status.networkName),
                            .init("network_id", status.networkId), .init("key", status.key),
                            .init("roles", roles.joined(separator: ",")),
                        ], value: 1)
                ]),
            MetricFamily(
                "grove_uptime_seconds", .gauge, help: "Since the process was started.",
                value: Double(status.uptimeSeconds)),
            MetricFamily(
                "grove_healthy", .gauge, help: "1 where the node follows the log.",
                value: status.health.isOK ? 1 : 0),
            MetricFamily(
                "grove_peers", .gauge, help: "Connected peers by direction.",
                samples: [
                    sample("direction", "out", outbound),
                    sample("direction", "in", status.peers.count - outbound),
                ]),
            MetricFamily(
                "grove_pending_payments", .gauge, help: "Payments that wait for a block.",
                value: Double(status.pendingPaymentCount)),
            MetricFamily(
                "grove_drops_total", .counter,
                help: "What was dropped or refused, by reason.",
                samples: status.drops.filter { !$0.name.hasPrefix("transport.") }.map {
                    sample("reason", $0.name, Int(clamping: $0.count))
                }),
        ]
    }

    private static func log(_ status: StatusAnswer) -> [MetricFamily] {
        var families = [
            MetricFamily(
                "grove_log_head_height", .gauge, help: "Newest known height of the log.",
                value: Double(status.log.head)),
            MetricFamily(
                "grove_log_behind_blocks", .gauge, help: "Log blocks that are not folded yet.",
                value: Double(status.log.behind)),
            MetricFamily(
                "grove_final_blocks_total", .counter, help: "Final blocks since genesis.",
                value: Double(status.finalBlockCount)),
            MetricFamily(
                "grove_skipped_slots_total", .counter, help: "Skipped slots since genesis.",
                value: Double(status.skippedSlotCount)),
        ]
        if let height = status.height {
            families.append(
                MetricFamily(
                    "grove_height", .gauge, help: "Of the last folded log block.",
                    value: Double(height)))
        }
        if let slot = status.slot {
            families.append(
                MetricFamily(
                    "grove_slot", .gauge, help: "The open slot.", value: Double(slot.slot)))
        }
        if let seconds = status.log.secondsSinceBlock {
            families.append(
                MetricFamily(
                    "grove_log_silence_seconds", .gauge, help: "Since a log block came.",
                    value: seconds))
        }
        return families
    }

    /// Base units; a `Double` holds them exactly up to 2^53.
    private static func money(
        _ totals: EarningsAnswer.Totals, _ status: StatusAnswer
    ) -> [MetricFamily] {
        [
            MetricFamily(
                "grove_balance_units", .gauge, help: "Of the node's account.",
                value: Double(status.balanceUnits)),
            MetricFamily(
                "grove_stake_units", .gauge, help: "What the node has at stake, by role.",
                samples: status.memberships.map {
                    .init(labels: [.init("role", $0.role)], value: Double($0.stakeUnits))
                }),
            MetricFamily(
                "grove_paid_units_total", .counter, help: "Earned since genesis.",
                samples: [
                    .init(
                        labels: [.init("for", "sequencing")],
                        value: Double(totals.paidAsSequencerUnits)),
                    .init(
                        labels: [.init("for", "proving")],
                        value: Double(totals.paidAsProverUnits)),
                    .init(
                        labels: [.init("for", "reports")],
                        value: Double(totals.paidForReportsUnits)),
                ]),
            MetricFamily(
                "grove_slashed_units_total", .counter, help: "Lost for offences.",
                value: Double(totals.slashedUnits)),
            MetricFamily(
                "grove_fee_units_total", .counter, help: "Spent on transactions of the log.",
                value: Double(totals.feeUnits)),
        ]
    }

    private static func work(_ status: StatusAnswer) -> [MetricFamily] {
        let totals = status.earnings
        let states = ["waiting", "proving", "proven", "announced"]
        return [
            MetricFamily(
                "grove_slots_total", .counter, help: "Slots by this sequencer's part in them.",
                samples: [
                    sample("part", "sealed", totals.sealed),
                    sample("part", "proposed", totals.proposed),
                    sample("part", "led", totals.led), sample("part", "won", totals.won),
                ]),
            MetricFamily(
                "grove_tree_nodes_total", .counter,
                help: "Nodes of proof trees by this prover's part in them.",
                samples: [
                    sample("part", "elected", totals.electedUnits),
                    sample("part", "proven", totals.provenUnits),
                    sample("part", "missed", totals.missedUnits),
                    sample("part", "helped", totals.helpedUnits),
                ]),
            MetricFamily(
                "grove_missed_duties_total", .counter, help: "Duties that were not done.",
                samples: [
                    sample("duty", "open", totals.missedOpenings),
                    sample("duty", "reveal", totals.missedReveals),
                    sample("duty", "prove", totals.missedUnits),
                ]),
            MetricFamily(
                "grove_duties", .gauge, help: "Nodes of the open tree by state.",
                samples: states.map { state in
                    sample("state", state, status.duties.proving.count { $0.state == state })
                }),
            MetricFamily(
                "grove_proofs_total", .counter, help: "Proofs made since the start, by kind.",
                samples: [
                    sample("kind", "leaf", status.machine.leafProofs),
                    sample("kind", "merge", status.machine.mergeProofs),
                ]),
            MetricFamily(
                "grove_failed_proofs_total", .counter, help: "Proofs that failed here.",
                value: Double(status.machine.failedProofs)),
        ]
    }

    private static func sample(
        _ label: String, _ value: String, _ count: Int
    ) -> MetricFamily.Sample {
        .init(labels: [.init(label, value)], value: Double(count))
    }
}
