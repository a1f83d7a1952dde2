package import Primitives

/// Why a payment, a block or a statement is refused.
///
/// The first group is wrong whatever the state is: the sender of such a payment made it so
/// (reject). The second depends on the state, which moves: harmless (ignore) in gossip, and a
/// reason to refuse the whole block inside one. The third and fourth are ours to cause.
package enum PaymentError: Error, Hashable, Sendable {
    // Wrong on its face: reject.
    case amountOutOfRange(end: UInt64, found: UInt64)
    case feeOutOfRange(end: UInt64, found: UInt64)
    case nonceOutOfRange(end: UInt64, found: UInt64)
    case accountOutOfRange(end: UInt64, found: UInt32)
    case signatureLength(expected: Int, found: Int)
    case keyPathLength(expected: Int, found: Int)
    /// The signed digest has not the weight that every signed digest has.
    case digestWeight(expected: Int, found: Int)

    // Wrong on this state: ignore in gossip, refuse in a block.
    case unknownSender(UInt32)
    case unknownRecipient(UInt32)
    case wrongKey(expected: FieldDigest, found: FieldDigest)
    case nonce(expected: UInt64, found: UInt64)
    case staleKeyIndex(lowest: UInt64, found: UInt32)
    case insufficientBalance(held: Amount, needed: Amount)
    case balanceOverflow(held: Amount, received: Amount)
    /// Only the next free account can be opened.
    case openingOutOfOrder(next: UInt32, found: UInt32)

    // Wrong in a block: refuse it.
    case tooManyPayments(limit: Int, found: Int)
    indirect case inBlock(index: Int, PaymentError)

    // Ours.
    case parameterOutOfRange(String, allowed: ClosedRange<Int>, found: Int)
    case supplyOutOfRange(end: UInt64)
    case keyIndexOutOfRange(end: UInt64, found: UInt64)
    case accountTreeFull(limit: UInt64, found: Int)
    case keysExhausted(account: UInt32, generation: UInt32)
    case unusableSeed(account: UInt32)
    /// A wallet can go on only with a key of the account's present generation.
    case restorePoint(lowest: UInt64, end: UInt64, found: UInt64)
    case noSaltFound(tries: UInt64)

    /// Whether the payment is wrong on every state.
    package var isMalformed: Bool {
        switch self {
        case .amountOutOfRange, .feeOutOfRange, .nonceOutOfRange, .accountOutOfRange,
            .signatureLength, .keyPathLength, .digestWeight:
            true
        default: false
        }
    }
}
