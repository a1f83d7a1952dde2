import Cryptography
import Ledger
package import NodeCore
import Primitives

/// The body of `POST /leave`: an order, signed over `LeaveRequest.signedBytes`.
package struct LeaveOrderBody: Codable, Hashable, Sendable {
    /// A height that the node folded not long ago.
    package var height: UInt64
    /// An operator key that gets the balance once no stake is left; null: it stays.
    package var withdrawTo: String?
    package var signature: String

    package init(_ request: LeaveRequest) {
        height = request.height.number
        withdrawTo = request.withdrawTo?.hex
        signature = request.signature.bytes.hex
    }

    /// Nil where a key or the signature is none.
    var request: LeaveRequest? {
        guard let signature = [UInt8](hex: signature).flatMap({ Signature($0) }) else {
            return nil
        }
        let recipient = withdrawTo.map { OperatorKey(hex: $0) }
        if case .some(.none) = recipient { return nil }
        return LeaveRequest(
            height: Height(height), withdrawTo: recipient.flatMap { $0 }, signature: signature)
    }
}

/// What `POST /leave` answers: the order is written down, and stands so.
package struct LeaveAnswer: Codable, Hashable, Sendable {
    package struct RoleAnswer: Codable, Hashable, Sendable {
        package var role: String
        /// `leaving` before the exit is on the log, then `exiting`.
        package var state: String
        /// The height at which the stake is paid out.
        package var paidAtHeight: UInt64?
    }

    package var height: UInt64
    /// Of the roles that still hold a stake; empty once all of it is paid.
    package var roles: [RoleAnswer]
    package var balanceUnits: UInt64
    /// Who is still to get the balance.
    package var withdrawTo: String?

    package init(_ progress: LeaveProgress) {
        height = progress.height.number
        roles = progress.standings.map { standing in
            if case .exiting(let height) = standing.admission {
                return RoleAnswer(
                    role: standing.role.name, state: "exiting", paidAtHeight: height.number)
            }
            return RoleAnswer(role: standing.role.name, state: "leaving", paidAtHeight: nil)
        }
        balanceUnits = progress.balance.units
        withdrawTo = progress.withdrawTo?.hex
    }
}
