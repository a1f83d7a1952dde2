package import Primitives

extension MessageCodec {
    package static func encode(_ payment: Payment) -> [UInt8] { encoded(payment) }

    package static func decodePayment(_ bytes: [UInt8]) throws(DecodingError) -> Payment {
        try decoded(
            Payment.self, from: bytes, atMost: MessagesParameters.maximumPaymentByteCount)
    }

    /// The body of a block: what `BlockReveal.body` holds and `BlockHeader.bodyHash` hashes.
    package static func encodeBlockBody(_ payments: [Payment]) -> [UInt8] {
        encoded(BlockBody(payments: payments))
    }

    package static func decodeBlockBody(_ bytes: [UInt8]) throws(DecodingError) -> [Payment] {
        try decoded(
            BlockBody.self, from: bytes, atMost: MessagesParameters.maximumBlockBodyByteCount,
            limits: [
                FieldLimit(
                    "payments", field: 1, atMost: MessagesParameters.maximumPaymentsPerBlock)
            ]
        ).payments
    }
}
