import ArgumentParser
import Cryptography
import Foundation
import Ledger
import NodeAPI
import NodeCore
import NodeRuntime
import Primitives

/// Takes a running node out of its network.
struct Leave: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Leave a network: exit, wait for the stake, withdraw it.",
        discussion: """
            Tells the running node in DIR to leave, in words that its operator key signs. The node \
            sends its exit to the log, finishes the duties of the open slot and takes no others. \
            The stake can be slashed for the network's exit delay more and then goes to the \
            operator's account; keep the node running, or start it again, until then if it is to \
            withdraw by itself (--withdraw-to). The order is kept: a node that is restarted goes on \
            leaving. The same command again says how far it is.

            Examples:
              grove leave --data my-prover
              grove leave --data my-prover --withdraw-to 3b6a… --wait
            """)

    @Option(
        name: [.customLong("data"), .customLong("data-directory")],
        help: ArgumentHelp(
            "The directory of `grove join`. (GROVE_DATA_DIRECTORY)", valueName: "directory"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The operator key that gets the whole balance once the stake is paid.",
            valueName: "key"))
    var withdrawTo: String?

    @Flag(help: "Wait until the stake is paid, and withdrawn where that is asked for.")
    var wait = false

    @Option(setting: .keys) var keys: String?
    @Option(setting: .api) var api: String?
    @Option(setting: .passphraseFile) var passphraseFile: String?
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.settings([
            .dataDirectory: data, .keys: keys, .api: api, .passphraseFile: passphraseFile,
        ])
        let recipient = try withdrawTo.map { text in
            guard let key = OperatorKey(hex: text), Ed25519.isValidKey(key) else {
                throw CommandFailure(
                    .usage,
                    "--withdraw-to: expected an operator key of 64 hexadecimal digits, found "
                        + "\"\(text)\"")
            }
            return key
        }
        let secrets = try settings.operatorSecrets()
        let client = try settings.ownNodeClient()
        var shown: LeaveAnswer?
        while true {
            // Only the first one names the recipient: what asks after it must not withdraw anew.
            let answer = try await order(shown == nil ? recipient : nil, secrets, client)
            if answer.roles != shown?.roles || answer.withdrawTo != shown?.withdrawTo {
                try Output.answer(
                    answer, text: Self.words(answer, after: shown), asJSON: common.json)
            }
            shown = answer
            let isOnLog = answer.roles.allSatisfy { $0.state == "exiting" }
            let isDone = answer.roles.isEmpty && answer.withdrawTo == nil
            if wait ? isDone : isOnLog { return }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func order(
        _ recipient: OperatorKey?, _ secrets: NodeSecrets, _ client: NodeAPIClient
    ) async throws -> LeaveAnswer {
        let (networkID, height) = try await client.whereabouts(of: secrets)
        let message = LeaveRequest.signedBytes(
            networkID: networkID, key: secrets.key, height: height, withdrawTo: recipient)
        return try await client.leave(
            LeaveOrderBody(
                LeaveRequest(
                    height: height, withdrawTo: recipient,
                    signature: secrets.sign(message))))
    }

    /// - Parameter shown: what was said before: its recipient isn't named again.
    private static func words(_ answer: LeaveAnswer, after shown: LeaveAnswer?) -> String {
        var lines = answer.roles.map { role in
            role.paidAtHeight.map {
                "\(role.role): out of the registry; the stake is paid at height \($0), in "
                    + "\($0 - min($0, answer.height)) ticks"
            } ?? "\(role.role): the exit goes to the log"
        }
        if answer.roles.isEmpty {
            lines.append(
                "no stake is left; the account holds \(Amount(units: answer.balanceUnits))")
        }
        if let recipient = answer.withdrawTo, recipient != shown?.withdrawTo {
            lines.append("the balance goes to \(recipient) once no stake is left")
        }
        return lines.joined(separator: "\n")
    }
}
