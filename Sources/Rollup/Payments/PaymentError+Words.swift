import Primitives

/// Sentences for whoever sent the payment.
extension PaymentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .amountOutOfRange(let end, let found):
            "an amount is below \(end) units, this one is \(found)"
        case .feeOutOfRange(let end, let found):
            "a fee is below \(end) units, this one is \(found)"
        case .nonceOutOfRange(let end, let found):
            "a nonce is below \(end), this one is \(found)"
        case .accountOutOfRange(let end, let found):
            "account numbers are below \(end), this one is \(found)"
        case .signatureLength(let expected, let found):
            "a signature has \(expected) values, this one has \(found)"
        case .keyPathLength(let expected, let found):
            "a key path has \(expected) hashes, this one has \(found)"
        case .digestWeight:
            "the signature does not belong to this payment: something in it was changed"
        case .unknownSender(let number): "nobody has opened account \(number), which is to pay"
        case .unknownRecipient(let number):
            "nobody has opened account \(number), which is to be paid"
        case .wrongKey:
            "the signature is not by the account's present key: the payment was changed, signed for "
                + "another network, or with a key that a later payment replaced"
        case .nonce(let expected, let found):
            "the account's next payment has nonce \(expected), this one has \(found)"
        case .staleKeyIndex(let lowest, let found):
            "one-time key \(found) was used or skipped before; the next one is \(lowest)"
        case .insufficientBalance(let held, let needed):
            "the account holds \(held.units) units, the payment and its fee take \(needed.units)"
        case .balanceOverflow(let held, let received):
            "the recipient holds \(held.units) units and cannot hold \(received.units) more"
        case .openingOutOfOrder(let next, let found):
            "the next account that can be opened is \(next), not \(found)"
        case .tooManyPayments(let limit, let found):
            "a block has at most \(limit) payments, this one has \(found)"
        case .inBlock(let index, let error): "payment \(index) of the block: \(error)"
        case .parameterOutOfRange(let name, let allowed, let found):
            "\(name) is \(found), allowed is \(allowed)"
        case .supplyOutOfRange(let end): "all balances together are not below \(end) units"
        case .keyIndexOutOfRange(let end, let found):
            "one-time keys are numbered below \(end), this one is \(found)"
        case .accountTreeFull(let limit, let found):
            "there is room for \(limit) accounts, not for \(found)"
        case .keysExhausted(let account, let generation):
            "account \(account) has used up its keys, after \(generation) generations"
        case .unusableSeed(let account): "the seed gives no usable key for account \(account)"
        case .restorePoint(let lowest, let end, let found):
            "the wallet can go on with one-time keys from \(lowest) to below \(end), not with \(found)"
        case .noSaltFound(let tries): "no salt was found in \(tries) tries"
        }
    }
}
