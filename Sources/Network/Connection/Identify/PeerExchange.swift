/// `/grove/1/peers`: an empty request, answered by signed peer records, each behind its length.
///
/// Bounds: 32 records of 2 KiB each. Whether a record is true is checked where it is used.
package enum PeerExchange {
    package static let protocolID = "/grove/1/peers"
    /// Nothing is asked but "whom do you know?".
    package static let maximumRequestByteCount = 0
    package static let maximumAnswerByteCount =
        ConnectionParameters.maximumExchangedRecords
        * (ConnectionParameters.maximumPeerRecordByteCount + 2)

    package static var served: RequestProtocol {
        RequestProtocol(id: protocolID, maximumRequestByteCount: maximumRequestByteCount)
    }

    package static func encode(_ envelopes: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for envelope in envelopes {
            UnsignedVarint.append(UInt64(envelope.count), to: &bytes)
            bytes += envelope
        }
        return bytes
    }

    /// Every error is the fault of whoever answered.
    package static func decode(_ bytes: [UInt8]) throws(ConnectionError) -> [[UInt8]] {
        guard bytes.count <= maximumAnswerByteCount else {
            throw .messageTooLong(limit: maximumAnswerByteCount, found: UInt64(bytes.count))
        }
        var reader = LengthPrefixedReader(
            maximumByteCount: ConnectionParameters.maximumPeerRecordByteCount)
        reader.append(bytes)
        var envelopes: [[UInt8]] = []
        while let envelope = try reader.next() {
            guard envelopes.count < ConnectionParameters.maximumExchangedRecords else {
                throw .malformed("more than \(envelopes.count) peer records")
            }
            envelopes.append(envelope)
        }
        guard reader.bufferedByteCount == 0 else { throw .malformed("a cut peer record") }
        return envelopes
    }
}
