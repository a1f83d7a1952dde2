import Ledger
import NodeAPI
package import NodeCore
package import Primitives
import ProofTree
import ProverElection

/// What of a node's reports is told to whoever joins, and how.
///
/// What the log did before the node was level with it is history and not told, neither after a start
/// nor after an outage; once the node is level one step says where its key stands. Words about its own
/// registration that came before are told then, if they say more.
package struct JoinTale {
    private let key: OperatorKey
    private let role: Role
    private let dueHeight: @Sendable (LeafRange, Height) -> Height
    private let tickMilliseconds: UInt64
    private var isLevel = false
    private var height: Height?
    /// The nodes of the tree that are this key's, of the newest slot with an election.
    private var elected: (slot: Slot, nodes: [LeafRange])?
    /// One for each role at most.
    private var pending: [LevelStanding.Registration] = []
    /// What the last step about standing with the log has said.
    private var standing: [LevelStanding.Registration] = []
    /// What the account lacks, by what was told last and not taken yet.
    private var missing: Amount?

    /// - Parameter dueHeight: when a node of the tree is due whose provers were elected at a height.
    package init(
        key: OperatorKey, role: Role, tickMilliseconds: UInt64,
        dueHeight: @escaping @Sendable (LeafRange, Height) -> Height
    ) {
        self.key = key
        self.role = role
        self.dueHeight = dueHeight
        self.tickMilliseconds = tickMilliseconds
    }

    package mutating func steps(of report: NodeReport) -> [JoinStep] {
        switch report {
        case .level(let standing):
            return level(standing)
        case .behind:
            isLevel = false
            return []
        case .registration(let role, let step, let ticks):
            return register(.init(role: role, step: step, inTicks: ticks))
        case .folded(let height, let events):
            self.height = height
            let told = events.flatMap { steps(of: $0, at: height) }
            return isLevel ? told : []
        case .proving(let slot, let range):
            return [.working("proving", "proving \(Self.name(range)) of slot \(slot)", slot)]
        case .proven(let slot, let range):
            return [.working("proven", "the proof of \(Self.name(range)) is done", slot)]
        case .helping(let slot, let range, _):
            return [
                .working(
                    "helping", "proving \(Self.name(range)) of slot \(slot) in place of another",
                    slot)
            ]
        case .committed, .obtained, .ledgerRootDiffers, .equivocation, .submissionRefused:
            return []
        }
    }

    /// What the account lacks for what was told since this was asked last.
    package mutating func takeMissing() -> Amount? {
        defer { missing = nil }
        return missing
    }
}

// MARK: - The registration

extension JoinTale {
    private mutating func level(_ standing: LevelStanding) -> [JoinStep] {
        isLevel = true
        height = standing.height
        self.standing = standing.registrations
        let waiting = pending
        pending = []
        let registrations = standing.registrations.map { ($0.role, $0.step, seconds($0)) }
        return [.level(standing, registrations, role: role)] + waiting.flatMap { register($0) }
    }

    private mutating func register(_ told: LevelStanding.Registration) -> [JoinStep] {
        guard isLevel else {
            switch told.step {
            case .exited, .withdrawn:
                // Of the block that is being folded, however old that is.
                break
            default:
                pending.removeAll { $0.role == told.role }
                pending.append(told)
            }
            return []
        }
        if case .waitingForMoney(let held, let needed) = told.step {
            missing = Amount(units: needed.units - min(needed.units, held.units))
        }
        var step = JoinStep.registration(
            told.role, told.step, at: height, seconds: seconds(told))
        step.isRepeated = standing.contains { $0.role == told.role && $0.step == told.step }
        return [step]
    }

    private func seconds(_ registration: LevelStanding.Registration) -> UInt64? {
        registration.inTicks.map { ($0 * tickMilliseconds) / 1_000 }
    }
}

// MARK: - The log's events

extension JoinTale {
    /// Elections are remembered also while the node catches up: their slot may still be open then.
    private mutating func steps(of event: LedgerEvent, at height: Height) -> [JoinStep] {
        switch event {
        case .leaderElected(let slot, key, _, _):
            return [.leads(slot)]
        case .elected(let slot, _, let assignment):
            let nodes = assignment.shape.nodes.filter { assignment.prover(of: $0) == key }
            elected = (slot, nodes)
            guard !nodes.isEmpty else { return [] }
            return [
                .elected(
                    slot, nodes.map { (Self.name($0), dueHeight($0, height)) }, at: height,
                    tickMilliseconds: tickMilliseconds)
            ]
        case .finalised(let block):
            return steps(of: block)
        case .skipped(let slot, let reason, _):
            return takeElected(in: slot).isEmpty ? [] : [.skipped(slot, reason)]
        case .slashed(let slashing) where slashing.key == key:
            return [.slashed(slashing)]
        default:
            return []
        }
    }

    private mutating func steps(of block: FinalBlock) -> [JoinStep] {
        let payouts = block.payouts.filter { $0.key == key }
        let nodes = takeElected(in: block.slot)
        guard payouts.isEmpty else {
            return payouts.map { .paid($0.amount, for: block, units: $0.units) }
        }
        return nodes.isEmpty ? [] : [.unpaid(block)]
    }

    private mutating func takeElected(in slot: Slot) -> [LeafRange] {
        guard let known = elected, known.slot == slot else { return [] }
        elected = nil
        return known.nodes
    }

    /// `leaf 2` or `merge 0..<4`.
    private static func name(_ node: LeafRange) -> String { Shown.node(node.first, node.count) }
}
