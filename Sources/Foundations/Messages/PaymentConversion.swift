internal import FoundationEssentials
internal import Primitives

extension Payment: WireConvertible {
    init(wire: Grove_V1_Payment) throws(DecodingError) {
        let recipientKey =
            wire.recipientKey.isEmpty
            ? nil : try WireField.digest(wire.recipientKey, "recipient_key")
        self.init(
            sender: wire.sender, recipient: wire.recipient, amount: Amount(units: wire.amount),
            fee: Amount(units: wire.fee), nonce: wire.nonce, keyIndex: wire.keyIndex,
            nextSenderKey: try WireField.digest(wire.nextSenderKey, "next_sender_key"),
            recipientKey: recipientKey, salt: try WireField.digest(wire.salt, "salt"),
            signature: try WireField.digests(
                wire.signature, "signature",
                atMost: MessagesParameters.maximumSignatureDigestCount),
            keyPath: try WireField.digests(
                wire.keyPath, "key_path", atMost: MessagesParameters.maximumKeyPathLength))
    }

    var wire: Grove_V1_Payment {
        var wire = Grove_V1_Payment()
        wire.sender = sender
        wire.recipient = recipient
        wire.amount = amount.units
        wire.fee = fee.units
        wire.nonce = nonce
        wire.keyIndex = keyIndex
        wire.nextSenderKey = Data(nextSenderKey.bytes)
        if let recipientKey { wire.recipientKey = Data(recipientKey.bytes) }
        wire.salt = Data(salt.bytes)
        wire.signature = Data(signature.flatMap(\.bytes))
        wire.keyPath = Data(keyPath.flatMap(\.bytes))
        return wire
    }
}

/// The payments of a block in their order: what a reveal's `body` holds.
struct BlockBody: WireConvertible {
    let payments: [Payment]

    init(payments: [Payment]) { self.payments = payments }

    init(wire: Grove_V1_BlockBody) throws(DecodingError) {
        var payments: [Payment] = []
        payments.reserveCapacity(wire.payments.count)
        for payment in wire.payments { payments.append(try Payment(wire: payment)) }
        self.payments = payments
    }

    var wire: Grove_V1_BlockBody {
        var wire = Grove_V1_BlockBody()
        wire.payments = payments.map(\.wire)
        return wire
    }
}
