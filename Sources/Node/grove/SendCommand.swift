import ArgumentParser
import Cryptography
import Foundation
import Ledger
import NodeAPI
import NodeCore
import NodeRuntime
import Primitives

/// Moves ledger money of a running node's operator.
struct Send: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send ledger money of a running node's account to another operator key.",
        discussion: """
            Tells the running node in DIR to send money of its account, in words that its operator \
            key signs: what it earned, or what is not staked. The order is written down before it is \
            answered; the node hands it to the log until the ledger shows it, across restarts, and \
            pays it once. Stakes stay where they are: see `grove leave`.

            An order is of one log height. Where an answer was lost, the same command with \
            --height HEIGHT, as the error says, is the same order again: it asks where that stands \
            and never pays twice.

            `grove pay` pays from accounts of the rollup instead.

            Examples:
              grove send --data my-prover --to 3b6a… --amount 20 --wait
              grove send --keys net/keys/prover-1.key --api http://127.0.0.1:7011 \\
                  --to my-prover/operator.key --amount 0.5
            """)

    @Option(
        name: [.customLong("data"), .customLong("data-directory")],
        help: ArgumentHelp(
            "The directory of `grove join`. (GROVE_DATA_DIRECTORY)", valueName: "directory"))
    var data: String?

    @Option(help: ArgumentHelp("The operator key to pay, or its key file.", valueName: "key"))
    var to: String

    @Option(help: ArgumentHelp("How much, in IDE, with up to nine decimals.", valueName: "IDE"))
    var amount: String

    @Option(
        help: ArgumentHelp(
            "Of an order that was given before: ask where it stands. The node takes no new order "
                + "of more than 100 ticks ago.", valueName: "height"))
    var height: UInt64?

    @Flag(help: "Wait until the ledger shows the payment.")
    var wait = false

    @Option(
        help: ArgumentHelp(
            "How long --wait waits, then exit code 1: the payment may still come.",
            valueName: "seconds"))
    var timeout = 600

    @Option(setting: .keys) var keys: String?
    @Option(setting: .api) var api: String?
    @Option(setting: .passphraseFile) var passphraseFile: String?
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout: expected 1 to 86400 seconds, found \(timeout)")
        }
    }

    func run() async throws {
        let settings = try common.settings([
            .dataDirectory: data, .keys: keys, .api: api, .passphraseFile: passphraseFile,
        ])
        let recipient = try recipient()
        guard let units = AmountText.units(amount), units > 0 else {
            throw CommandFailure(
                .usage,
                "--amount: expected IDE above 0 such as 1.5, up to nine decimals, found "
                    + "\"\(amount)\"")
        }
        let desk = SendDesk(
            secrets: try settings.operatorSecrets(), client: try settings.ownNodeClient(),
            recipient: recipient, amount: Amount(units: units),
            deadline: .now + .seconds(timeout))
        var (order, answer) = try await desk.give(at: height.map { Height($0) })
        try tell(answer)
        while wait, !answer.isSettled {
            let before = answer.state
            answer = try await desk.ask(order)
            if answer.state != before { try tell(answer) }
        }
        guard answer.state != .failed else { throw NegativeResult() }
    }

    private func tell(_ answer: SendAnswer) throws {
        try Output.answer(answer, text: answer.text, asJSON: common.json)
    }

    private func recipient() throws -> OperatorKey {
        let isNamed = OperatorKey(hex: to) != nil || FileManager.default.fileExists(atPath: to)
        guard isNamed, let key = OperatorKey(hex: try OperatorArgument.operatorKey(to)),
            Ed25519.isValidKey(key)
        else {
            throw CommandFailure(
                .usage, "--to: expected an operator key or its key file, found \"\(to)\"")
        }
        return key
    }
}

/// Gives one order to a node and asks after it.
private struct SendDesk {
    let secrets: NodeSecrets
    let client: NodeAPIClient
    let recipient: OperatorKey
    let amount: Amount
    let deadline: ContinuousClock.Instant

    /// - Parameter height: of an order of before; nil gives a new one.
    func give(at height: Height?) async throws -> (SendOrderBody, SendAnswer) {
        let (networkID, current) = try await client.whereabouts(of: secrets)
        if let height {
            let order = order(networkID, height)
            return (order, try await post(order))
        }
        // The same was ordered at this very height before: this one is another.
        var next = current
        while true {
            let order = order(networkID, next)
            let answer = try await post(order)
            if answer.isNew { return (order, answer) }
            next = try await newHeight(after: next, order)
        }
    }

    private func newHeight(after height: Height, _ order: SendOrderBody) async throws -> Height {
        while true {
            try await pause(order)
            let (_, now) = try await client.whereabouts(of: secrets)
            if now > height { return now }
        }
    }

    /// Where `order` stands after a moment; waits out a node that restarts.
    func ask(_ order: SendOrderBody) async throws -> SendAnswer {
        while true {
            try await pause(order)
            do throws(NodeAPIClientError) {
                return try await client.send(order)
            } catch {
                if case .refused(let status, _, _) = error, status != 503 { throw error }
            }
        }
    }

    private func pause(_ order: SendOrderBody) async throws {
        guard .now < deadline else {
            throw NegativeResult(
                message: "not in the ledger yet, and may still come. \(Self.advice(order))")
        }
        try await Task.sleep(for: .milliseconds(500))
    }

    private func order(_ networkID: NetworkID, _ height: Height) -> SendOrderBody {
        let message = SendRequest.signedBytes(
            networkID: networkID, key: secrets.key, height: height, recipient: recipient,
            amount: amount)
        return SendOrderBody(
            SendRequest(
                height: height, recipient: recipient, amount: amount,
                signature: secrets.sign(message)))
    }

    /// A lost answer leaves open what the node did.
    private func post(_ order: SendOrderBody) async throws -> SendAnswer {
        do throws(NodeAPIClientError) {
            return try await client.send(order)
        } catch {
            // A node that is busy may have written it down.
            if case .refused(_, let reason, _) = error, reason != "busy" { throw error }
            throw CommandFailure(
                .environment,
                "\(error.description). Whether the node has the order is not known. "
                    + Self.advice(order))
        }
    }

    private static func advice(_ order: SendOrderBody) -> String {
        "The same command with --height \(order.height) asks where it stands, and sends nothing twice"
    }
}

extension SendAnswer {
    fileprivate var isSettled: Bool { state == .paid || state == .failed }

    fileprivate var text: String {
        let what = "\(Amount(units: amountUnits)) to \(recipient), ordered at height \(orderHeight)"
        let settled = settledAtHeight.map { " at height \($0)" } ?? ""
        return switch state {
        case .waiting:
            "\(what): written down; it goes to the log when the node knows all of it and the account "
                + "has the money"
        case .submitted: "\(what), fee \(Amount(units: feeUnits)): goes to the log"
        case .paid: "\(what): paid\(settled); the account holds \(Amount(units: balanceUnits))"
        case .failed: "\(what): not paid\(settled): \(Words.reason(reason ?? "no reason is known"))"
        }
    }
}
