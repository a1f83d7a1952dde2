import ArgumentParser
import Cryptography
import Faucet
import NIOCore
import NetworkFile
import NodeAPI
import NodeRuntime
import ProofFile
import SettlementLog
import Storage
import TransportNIO
import WalletStorage

/// Why a command ends without having done what it was asked: a sentence for its user, and the
/// exit code that a script can rely on.
package struct CommandFailure: Error, Hashable, Sendable {
    package enum Kind: Int32, Sendable {
        /// What was checked does not hold.
        case mismatch = 1
        /// Arguments, settings or the files that they name are wrong.
        case usage = 2
        /// A file, directory, port or service cannot be used.
        case environment = 3
        /// A fault of this program (`EX_SOFTWARE`).
        case internalError = 70
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Nil for what the argument parser threw: it words its own.
    package init?(describing error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as SettingsError: self.init(.usage, error.description)
        case let error as NetworkFileError: self.init(error)
        case let error as ProofFileError: self.init(.mismatch, error.description)
        case let error as KeyFileError: self.init(error)
        case let error as SettlementLogError: self.init(error)
        case let error as CryptographyError: self.init(error)
        case let error as NodeAPIClientError: self.init(error)
        case let error as WalletStoreError: self.init(error)
        case let error as StorageError: self.init(error)
        case let error as NodeHalt: self.init(error)
        case let error as ForeignCircuit: self.init(.usage, error.description)
        case let error as SettlementLogFault: self.init(.mismatch, error.description)
        case let error as SettlementClientError: self.init(error)
        case TransportError.cannotListen(let address, let reason):
            self.init(
                .environment,
                "cannot listen for peers at \(address): \(reason); stop what listens there, or "
                    + "choose another address by \(Setting.listen.flag)")
        case let error as TransportError: self.init(.environment, "the network: \(error)")
        case let error as FaucetClientError: self.init(.environment, error.description)
        case let error as IOError:
            self.init(.environment, "the system refused: \(error)")
        case let error as SocketAddressError:
            self.init(.environment, "an address cannot be used: \(error)")
        case is CleanExit, is ValidationError, is ExitCode: return nil
        default:
            guard GroveCommand.exitCode(for: error) == .failure else { return nil }
            self.init(
                .internalError, "this is a fault of grove, please report it: \(error)")
        }
    }

    private init(_ error: NetworkFileError) {
        if case .unreadable = error {
            self.init(.environment, error.description)
        } else {
            self.init(.usage, error.description)
        }
    }

    init(_ error: StorageError) {
        switch error {
        case .wrongNetwork, .wrongOwner: self.init(.usage, error.description)
        case .database:
            self.init(
                .environment,
                "\(error.description). Nothing that was not written down has been signed or said; "
                    + "start again once this is mended")
        default: self.init(error.isEnvironment ? .environment : .internalError, error.description)
        }
    }

    private init(_ error: NodeHalt) {
        switch error.kind {
        case .rule: self.init(.mismatch, error.description)
        case .environment:
            self.init(
                .environment,
                "\(error.description). Nothing that was not written down has been signed or said; "
                    + "start the node again once this is mended")
        case .ownFault: self.init(.internalError, error.description)
        }
    }

    private init(_ error: KeyFileError) {
        switch error {
        case .wrongPassphrase:
            self.init(.usage, "the passphrase is not the one that the key file was sealed with")
        case .unusablePassphrase:
            let range = CryptographyParameters.passphraseByteCount
            self.init(
                .usage,
                "a passphrase has \(range.lowerBound) to \(range.upperBound) bytes; this one is "
                    + "empty or longer")
        case .damaged(let reason):
            self.init(.environment, "the key file is damaged, restore a copy: \(reason)")
        case .unsupported(let what):
            self.init(.usage, "this grove does not read such a key file: \(what)")
        case .outOfMemory(let byteCount):
            self.init(
                .environment,
                "opening the key file takes \(byteCount >> 20) MiB, which the system refused; free "
                    + "some memory")
        }
    }

    private init(_ error: SettlementLogError) {
        switch error {
        case .locked(let path):
            self.init(
                .environment,
                "another process writes the log \(path); stop it, or use another data directory")
        case .wrongNetwork(let expected, let found):
            self.init(
                .usage,
                "the data directory holds the log of network \(found), but the network file is of "
                    + "\(expected)")
        case .wrongPolicy(let expected, let found):
            self.init(
                .usage,
                "the data directory holds a log under policy \(found), but the network file has "
                    + "\(expected); were its rules edited?")
        case .wrongAuthority(let expected, let found):
            self.init(
                .usage,
                "the log in the data directory was signed by \(found), but the key file holds "
                    + "\(expected)")
        case .corrupt(let reason):
            self.init(
                .environment,
                "the log in the data directory is damaged (\(reason)); put a copy of this moment "
                    + "back: nodes stop at a log that has lost blocks")
        case .storage(let reason):
            self.init(
                .environment,
                "the log cannot be stored (\(reason)); what has a receipt is on disk, and nothing "
                    + "else was acknowledged: start again once this is mended")
        case .unfoldable(let height, let reason):
            self.init(
                .internalError,
                "the log cannot fold its own block \(height), and no node can: \(reason)")
        case .stopped:
            self.init(.internalError, "the log stopped")
        }
    }

    /// What is signed and does not hold is a mismatch; what the settings name wrongly is usage.
    private init(_ error: SettlementClientError) {
        let kind: Kind =
            switch error {
            case .wrongNetwork, .wrongPolicy, .wrongAuthority: .usage
            case .refused, .falseReceipt, .chain: .mismatch
            case .unreachable: .environment
            }
        self.init(kind, error.description)
    }

    private init(_ error: CryptographyError) {
        switch error {
        case .selfTestFailed(let check):
            self.init(
                .environment,
                "the installed libsodium does not answer as it must (\(check)); install another")
        default:
            self.init(.internalError, "this is a fault of grove, please report it: \(error)")
        }
    }
}

/// The answer is no: the command has printed it, or `message` says it. Exit code 1.
struct NegativeResult: Error {
    var message = ""
}
