package import Cryptography
package import Primitives

/// An operator's word to its own running node that it shall leave. Signed by the operator key, so
/// that neither a web page nor a stranger can say it; of a recent log height, so that it cannot be
/// said again later.
package struct LeaveRequest: Hashable, Sendable {
    /// Folded by the node not long ago.
    package let height: Height
    package let withdrawTo: OperatorKey?
    package let signature: Signature

    package init(height: Height, withdrawTo: OperatorKey?, signature: Signature) {
        self.height = height
        self.withdrawTo = withdrawTo
        self.signature = signature
    }

    /// What the signature covers: `tag ‖ networkId ‖ key ‖ height ‖ recipient`; nobody is zeros.
    package static func signedBytes(
        networkID: NetworkID, key: OperatorKey, height: Height, withdrawTo: OperatorKey?
    ) -> [UInt8] {
        taggedBytes(
            "leave",
            [
                .key(networkID), .key(key), .integer(height.number),
                .key(withdrawTo ?? OperatorKey(.zero)),
            ])
    }

    package func isSigned(by key: OperatorKey, networkID: NetworkID) -> Bool {
        Ed25519.verify(
            signature,
            message: Self.signedBytes(
                networkID: networkID, key: key, height: height, withdrawTo: withdrawTo),
            key: key)
    }
}

/// Why a node does not leave.
package enum LeaveRefusal: Error, Hashable, Sendable {
    case wrongSignature
    /// Too old, or not folded yet.
    case wrongHeight(current: Height, found: Height)
    /// The key holds no role, and no recipient is named: there is nothing to leave.
    case notRegistered
    /// Another recipient was ordered, and is written down.
    case otherRecipient(OperatorKey)
    case stopping
    /// The order could not be written down.
    case notKept(String)
}

/// Where a node that leaves stands.
package struct LeaveProgress: Hashable, Sendable {
    package let height: Height
    /// Of each role that the key is still registered in.
    package let standings: [LeavingDuty.Standing]
    package let balance: Amount
    package let withdrawTo: OperatorKey?

    package init(
        height: Height, standings: [LeavingDuty.Standing], balance: Amount,
        withdrawTo: OperatorKey?
    ) {
        self.height = height
        self.standings = standings
        self.balance = balance
        self.withdrawTo = withdrawTo
    }
}
