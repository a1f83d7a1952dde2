import ArgumentParser
import NodeAPI
import Payments
import Primitives
import WalletStorage

extension Settings {
    /// A client of the node that the command is to ask.
    func apiClient() throws -> NodeAPIClient {
        let value = try required(.api)
        do throws(NodeAPIClientError) {
            return try NodeAPIClient(url: value.text)
        } catch {
            throw SettingsError.invalid(value, expected: "http://host:port")
        }
    }
}

extension CommandFailure {
    init(_ error: NodeAPIClientError) {
        switch error {
        case .badURL: self.init(.usage, error.description)
        case .refused(let status, _, _):
            self.init(status == 503 ? .environment : .mismatch, error.description)
        case .unreachable, .timedOut, .notANode:
            self.init(.environment, error.description)
        }
    }

    init(_ error: WalletStoreError) {
        switch error {
        case .inUse, .unreadable, .damaged, .notDurable, .exists:
            self.init(.environment, error.description)
        case .payment(.wrongKey(let expected, let found)):
            self.init(
                .usage,
                "the account belongs to another key file: its key is \(expected.hex), this "
                    + "wallet's is \(found.hex)")
        case .payment(.unusableSeed(let account)):
            self.init(.usage, "account \(account) belongs to another key file")
        case .payment(.restorePoint(let lowest, let end, let found)):
            self.init(
                .usage,
                "--skip-to: expected one of the one-time keys \(lowest) to \(end - 1), which the "
                    + "account's present key covers, found \(found)")
        case .missing, .wrongNetwork, .wrongSeed, .payment:
            self.init(.usage, error.description)
        }
    }
}
