import Cryptography
package import NodeCore
import Primitives

/// The body of `POST /send`: an order, signed over `SendRequest.signedBytes`.
package struct SendOrderBody: Codable, Hashable, Sendable {
    /// A height that the node folded not long ago.
    package var height: UInt64
    /// An operator key.
    package var recipient: String
    package var amountUnits: UInt64
    package var signature: String

    package init(_ request: SendRequest) {
        height = request.height.number
        recipient = request.recipient.hex
        amountUnits = request.amount.units
        signature = request.signature.bytes.hex
    }

    /// Nil where the key or the signature is none.
    var request: SendRequest? {
        guard let signature = [UInt8](hex: signature).flatMap({ Signature($0) }),
            let recipient = OperatorKey(hex: recipient)
        else { return nil }
        return SendRequest(
            height: Height(height), recipient: recipient, amount: Amount(units: amountUnits),
            signature: signature)
    }
}

/// What `POST /send` answers: the order is written down, and stands so.
package struct SendAnswer: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable {
        /// Not signed yet: the money is short, or the node has just started.
        case waiting
        /// At the log; not in the ledger yet.
        case submitted
        case paid
        /// Nothing was paid, and nothing will be.
        case failed
    }

    /// The order's name.
    package var order: String
    /// What was signed.
    package var orderHeight: UInt64
    package var recipient: String
    package var amountUnits: UInt64
    /// What sending to this recipient costs now.
    package var feeUnits: UInt64
    package var state: State
    /// The height at which it was paid, or failed.
    package var settledAtHeight: UInt64?
    /// Why it failed: the name of the ledger's refusal, which kept the fee, or a sentence.
    package var reason: String?
    /// False where the node had the order already.
    package var isNew: Bool
    package var height: UInt64
    package var balanceUnits: UInt64

    package init(_ progress: SendProgress) {
        order = progress.order.id.hex
        orderHeight = progress.order.height.number
        recipient = progress.order.recipient.hex
        amountUnits = progress.order.amount.units
        feeUnits = progress.fee.units
        isNew = progress.isNew
        height = progress.height.number
        balanceUnits = progress.balance.units
        switch progress.state {
        case .waiting: state = .waiting
        case .submitted: state = .submitted
        case .paid(let height):
            state = .paid
            settledAtHeight = height.number
        case .failed(let height, let failure):
            state = .failed
            settledAtHeight = height.number
            reason = failure.words
        }
    }
}

extension SendFailure {
    fileprivate var words: String {
        switch self {
        case .refused(let refusal): "\(refusal)"
        case .withdrawn: "the whole balance was withdrawn before"
        case .overtaken: "other transactions took the nonces of all attempts"
        }
    }
}
