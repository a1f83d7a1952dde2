package import Primitives

extension MessageCodec {
    package static func encode(_ block: LogBlock) -> [UInt8] { encoded(block) }

    package static func decodeLogBlock(_ bytes: [UInt8]) throws(DecodingError) -> LogBlock {
        try decoded(
            LogBlock.self, from: bytes, atMost: MessagesParameters.maximumLogBlockByteCount,
            limits: [transactionLimit])
    }

    package static func encode(_ header: SignedLogHeader) -> [UInt8] { encoded(header) }

    package static func decodeSignedLogHeader(
        _ bytes: [UInt8]
    ) throws(DecodingError) -> SignedLogHeader {
        try decoded(SignedLogHeader.self, from: bytes, atMost: 256)
    }

    package static func encode(_ receipt: Receipt) -> [UInt8] { encoded(receipt) }

    package static func decodeReceipt(_ bytes: [UInt8]) throws(DecodingError) -> Receipt {
        try decoded(Receipt.self, from: bytes, atMost: 256)
    }

    package static func encode(_ request: PeerRequest) -> [UInt8] { encoded(request) }

    package static func decodeRequest(_ bytes: [UInt8]) throws(DecodingError) -> PeerRequest {
        try decoded(
            PeerRequest.self, from: bytes, atMost: MessagesParameters.maximumRequestByteCount)
    }

    /// The caller keeps log blocks within `maximumResponseByteCount`: whoever receives more
    /// refuses it.
    package static func encode(_ response: PeerResponse) -> [UInt8] { encoded(response) }

    package static func decodeResponse(_ bytes: [UInt8]) throws(DecodingError) -> PeerResponse {
        let blocks = FieldLimit(
            "blocks", field: 1, atMost: MessagesParameters.maximumLogBlocksPerResponse,
            nested: [transactionLimit])
        return try decoded(
            PeerResponse.self, from: bytes, atMost: MessagesParameters.maximumResponseByteCount,
            limits: [FieldLimit("log_blocks", field: 3, atMost: 1, nested: [blocks])])
    }

    /// In all the blocks of one message together.
    private static let transactionLimit = FieldLimit(
        "transactions", field: 2, atMost: MessagesParameters.maximumTransactionsPerLogBlock)
}
