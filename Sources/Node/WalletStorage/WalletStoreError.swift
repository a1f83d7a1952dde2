package import Payments

/// Why a wallet cannot be opened or sign. All are its owner's; nothing was signed.
package enum WalletStoreError: Error, Hashable, Sendable {
    /// Another process (or this one) holds the state.
    case inUse(path: String)
    case missing(path: String)
    /// A state is there already: a new one would use its keys again.
    case exists(path: String)
    case unreadable(path: String, reason: String)
    /// The file is not what a store writes; using it could sign twice with one key.
    case damaged(path: String, reason: String)
    case wrongNetwork(path: String, expected: String, found: String)
    case wrongSeed(path: String)
    /// The state after the payment is not safely on disk: the payment was dropped.
    case notDurable(path: String, reason: String)
    case payment(PaymentError)
}

extension WalletStoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .inUse(let path):
            "another process signs with the wallet state \(path); wait until it ends"
        case .missing(let path):
            "there is no wallet state \(path)"
        case .exists(let path):
            "the wallet state \(path) exists already, and a new one would use its keys twice"
        case .unreadable(let path, let reason):
            "cannot read the wallet state \(path): \(reason)"
        case .damaged(let path, let reason):
            "the wallet state \(path) is damaged (\(reason)); do not mend it by hand, a key that "
                + "signs twice can be forged: remove it and restore the wallet"
        case .wrongNetwork(let path, let expected, let found):
            "the wallet state \(path) is of network \(found), but the network file is of "
                + "\(expected)"
        case .wrongSeed(let path):
            "the wallet state \(path) belongs to another key file"
        case .notDurable(let path, let reason):
            "cannot write the wallet state \(path), so that nothing was signed: \(reason)"
        case .payment(let error):
            "the wallet cannot sign: \(error)"
        }
    }
}
