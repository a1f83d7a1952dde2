import Cryptography
import Ledger
import NetworkFile
import NodeAPI
import NodeCore
import Primitives
import ProverElection

/// One step of a node that joins: a sentence for people, one object for programs.
package struct JoinStep: Encodable, Hashable, Sendable {
    package var step: String
    package var text: String
    var height: UInt64?
    var slot: UInt64?
    var seconds: UInt64?
    var amountUnits: UInt64?
    var key: String?
    var url: String?
    var reason: String?
    var leaves: [String]?
    /// Whether a step before has said it: for programs only.
    package var isRepeated = false

    private enum CodingKeys: String, CodingKey {
        case step, text, height, slot, seconds, amountUnits, key, url, reason, leaves
    }

    init(_ step: String, _ text: String) {
        self.step = step
        self.text = text
    }

    fileprivate func with<Value>(
        _ field: WritableKeyPath<JoinStep, Value?>, _ value: Value?
    ) -> JoinStep {
        var copy = self
        copy[keyPath: field] = value
        return copy
    }
}

// MARK: - Before the node runs, and around it

extension JoinStep {
    static func network(_ network: NetworkDescription, source: String) -> JoinStep {
        JoinStep("network", NetworkSource.words(network, from: source))
    }

    static func keys(path: String, key: OperatorKey, isNew: Bool) -> JoinStep {
        let text =
            isNew
            ? "made new keys in \(path): keep a copy of this file and its passphrase; the operator "
                + "key is \(key.hex)"
            : "the keys are in \(path); the operator key is \(key.hex)"
        return JoinStep(isNew ? "keysMade" : "keys", text).with(\.key, key.hex)
    }

    static func api(_ url: String) -> JoinStep {
        JoinStep("api", "the node's API is at \(url): grove status --api \(url)").with(\.url, url)
    }

    static func listening(_ addresses: [String]) -> JoinStep {
        JoinStep("listening", "listening for peers at \(addresses.joined(separator: ", "))")
    }

    static func logSilent(_ url: String, reason: String) -> JoinStep {
        JoinStep(
            "settlementUnreachable",
            "the settlement log at \(url) does not answer (\(reason)); trying again until it does"
        ).with(\.url, url).with(\.reason, reason)
    }

    static func logAnswers(_ url: String) -> JoinStep {
        JoinStep("settlementReached", "the settlement log at \(url) answers").with(\.url, url)
    }

    static func catchingUp(_ height: UInt64, of head: UInt64) -> JoinStep {
        let behind = Shown.count(head - min(head, height), "block")
        return JoinStep(
            "catchingUp", "catching up with the log: \(behind) behind, height \(height) of \(head)"
        ).with(\.height, height)
    }

    /// - Parameter registrations: with the seconds until what each waits for, about.
    static func level(
        _ standing: LevelStanding,
        _ registrations: [(role: Role, step: RegistrationStep, seconds: UInt64?)], role: Role
    ) -> JoinStep {
        let parts = registrations.map { words($0.role, $0.step, $0.seconds) }
        let text = parts.isEmpty ? "not registered as \(role)" : parts.joined(separator: "; ")
        return JoinStep(
            "level",
            "level with the log at height \(standing.height): \(text); the account holds "
                + "\(standing.balance)"
        ).with(\.height, standing.height.number).with(\.amountUnits, standing.balance.units)
    }

    private static func words(_ role: Role, _ step: RegistrationStep, _ seconds: UInt64?) -> String
    {
        let wait = seconds.map { ", in about \($0) s" } ?? ""
        return switch step {
        case .registered(let slot): "registered as \(role), admitted from slot \(slot)\(wait)"
        case .exiting(let height):
            "out of the registry as \(role), the stake is paid at height \(height)\(wait)"
        default: registration(role, step, at: nil, seconds: seconds).text
        }
    }

    static func peers(_ count: Int) -> JoinStep {
        JoinStep(
            "peers", count == 0 ? "no peer is connected" : "connected to \(count) peers")
    }

    static let stopped = JoinStep("stopped", "stopped; the same command goes on from here")
}

// MARK: - Money

extension JoinStep {
    static func noFaucet(key: OperatorKey, missing: Amount) -> JoinStep {
        JoinStep(
            "needsMoney",
            "the network names no faucet: somebody must send \(missing) to the operator key "
                + "\(key.hex); this node waits for it"
        ).with(\.key, key.hex).with(\.amountUnits, missing.units)
    }

    static func askingFaucet(_ url: String) -> JoinStep {
        JoinStep("askingFaucet", "asking the faucet at \(url) for the stake").with(\.url, url)
    }

    static func faucetPays(_ amount: Amount, isNew: Bool) -> JoinStep {
        JoinStep(
            "faucetPays",
            isNew
                ? "the faucet pays \(amount); waiting for it on the log"
                : "the faucet has promised this key \(amount) before, and pays once"
        ).with(\.amountUnits, amount.units)
    }

    static func faucetFails(
        _ reason: String, key: OperatorKey, missing: Amount, isTemporary: Bool
    ) -> JoinStep {
        let rest =
            isTemporary
            ? "trying again"
            : "somebody must send \(missing) to the operator key \(key.hex); this node waits for it"
        return JoinStep("faucetFails", "\(reason); \(rest)").with(\.reason, reason)
            .with(\.key, key.hex).with(\.amountUnits, missing.units)
    }
}

// MARK: - Registration

extension JoinStep {
    static func registration(
        _ role: Role, _ step: RegistrationStep, at height: Height?, seconds: UInt64?
    ) -> JoinStep {
        let written: JoinStep =
            switch step {
            case .waitingForMoney(let held, let needed):
                JoinStep(
                    "waitingForMoney",
                    "the account holds \(held), stake and fees are \(needed)"
                ).with(\.amountUnits, needed.units)
            case .submitted(let stake):
                JoinStep("registering", "registering as \(role) with a stake of \(stake)")
                    .with(\.amountUnits, stake.units)
            case .registered(let slot):
                JoinStep(
                    "registered",
                    "registered\(height.map { " at height \($0)" } ?? ""); admitted from slot "
                        + "\(slot)\(seconds.map { ", in about \($0) s" } ?? "")"
                ).with(\.slot, slot.number).with(\.seconds, seconds)
            case .admitted(let stake):
                JoinStep("admitted", "admitted as \(role) with a stake of \(stake)")
                    .with(\.amountUnits, stake.units)
            case .ejected(let stake):
                JoinStep(
                    "ejected",
                    "penalties have left \(stake) of the stake: too little to be admitted"
                ).with(\.amountUnits, stake.units)
            case .refused(let reason):
                JoinStep(
                    "refused", "the ledger refuses the registration: \(Words.reason(reason))"
                )
                .with(\.reason, reason)
            case .left:
                JoinStep(
                    "left", "this key has left the network; --rejoin registers it again")
            case .leaving:
                JoinStep("leaving", "leaving as \(role): the exit goes to the log")
            case .exiting(let paidAt):
                JoinStep(
                    "exiting",
                    "out of the registry as \(role); the stake is paid at height \(paidAt)"
                        + (seconds.map { ", in about \($0) s" } ?? "")
                ).with(\.seconds, seconds)
            case .exited(let amount):
                JoinStep("exited", "the stake of \(amount) is paid out")
                    .with(\.amountUnits, amount.units)
            case .withdrawn(let amount, let recipient):
                JoinStep("withdrawn", "\(amount) went to \(recipient.hex)")
                    .with(\.amountUnits, amount.units).with(\.key, recipient.hex)
            }
        return written.with(\.height, height?.number)
    }
}

// MARK: - Taking part

extension JoinStep {
    /// - Parameter nodes: with the height at which each is due, ascending.
    static func elected(
        _ slot: Slot, _ nodes: [(name: String, due: Height)], at height: Height,
        tickMilliseconds: UInt64
    ) -> JoinStep {
        let parts = nodes.map { node in
            let ticks = node.due.number - min(height.number, node.due.number)
            return "\(node.name), due in \(ticks) ticks (\(ticks * tickMilliseconds / 1_000) s)"
        }
        return JoinStep("elected", "elected in slot \(slot) for \(parts.joined(separator: "; "))")
            .with(\.slot, slot.number).with(\.height, height.number)
            .with(\.leaves, nodes.map(\.name))
    }

    static func leads(_ slot: Slot) -> JoinStep {
        JoinStep("leads", "leads slot \(slot)").with(\.slot, slot.number)
    }

    static func working(_ word: String, _ text: String, _ slot: Slot) -> JoinStep {
        JoinStep(word, text).with(\.slot, slot.number)
    }

    static func paid(_ amount: Amount, for block: FinalBlock, units: Int) -> JoinStep {
        let what = units > 0 ? " (\(units) tree node\(units == 1 ? "" : "s"))" : ""
        return JoinStep("paid", "paid \(amount) for slot \(block.slot)\(what)")
            .with(\.slot, block.slot.number).with(\.height, block.height.number)
            .with(\.amountUnits, amount.units)
    }

    static func unpaid(_ block: FinalBlock) -> JoinStep {
        JoinStep(
            "unpaid",
            "slot \(block.slot) is final without a proof of this node: another one stepped in"
        ).with(\.slot, block.slot.number).with(\.height, block.height.number)
    }

    static func skipped(_ slot: Slot, _ reason: SkipReason) -> JoinStep {
        JoinStep(
            "skipped",
            "slot \(slot) is skipped, nobody is paid for it: \(Words.skip(reason.name))"
        ).with(\.slot, slot.number).with(\.reason, "\(reason)")
    }

    static func slashed(_ slashing: Slashing) -> JoinStep {
        JoinStep(
            "slashed",
            "loses \(slashing.amount) of the stake in slot \(slashing.slot): "
                + Words.offence("\(slashing.offence)")
        ).with(\.slot, slashing.slot.number).with(\.amountUnits, slashing.amount.units)
    }
}
