/// One stream of a `YamuxSession`: its credit in both directions and what waits to be sent.
struct YamuxStream: Sendable {
    /// Bytes the peer may still send.
    var receiveWindow = ConnectionParameters.yamuxReceiveWindowByteCount
    /// Consumed here, not yet announced to the peer.
    var unannouncedCredit = 0
    /// Received and handed on, not yet consumed.
    var unconsumed = 0
    /// Bytes we may still send: 64 bits wide and capped, whatever the peer announces.
    private(set) var sendWindow = UInt64(ConnectionParameters.yamuxReceiveWindowByteCount)
    var sendBuffer = ByteQueue()
    /// Our side will send nothing after `sendBuffer`.
    var finishRequested = false
    var finishSent = false
    var finishReceived = false
    /// The stream stands in the session's line of streams with something to send.
    var isQueued = false
    /// A writer found the buffer full and waits to be told.
    var writerWaits = false

    var writableByteCount: Int {
        guard !finishRequested else { return 0 }
        return max(0, ConnectionParameters.streamSendBufferByteCount - sendBuffer.count)
    }

    var canSend: Bool {
        (!sendBuffer.isEmpty && sendWindow > 0)
            || (finishRequested && !finishSent && sendBuffer.isEmpty)
    }

    var isOver: Bool { finishSent && finishReceived }

    mutating func addCredit(_ byteCount: UInt32) {
        sendWindow = min(
            sendWindow + UInt64(byteCount), ConnectionParameters.maximumSendWindowByteCount)
    }

    /// Takes the next frame's body out of the buffer, within the credit.
    mutating func takeFrameBody() -> ArraySlice<UInt8> {
        let byteCount = min(
            sendBuffer.count, ConnectionParameters.maximumYamuxFrameOutByteCount,
            Int(sendWindow))
        sendWindow -= UInt64(byteCount)
        return sendBuffer.take(byteCount)
    }

    /// Returns consumed bytes to the peer's credit once half the window is used up.
    mutating func consume(_ byteCount: Int) -> UInt32? {
        precondition(byteCount >= 0 && byteCount <= unconsumed, "\(byteCount) of \(unconsumed)")
        unconsumed -= byteCount
        unannouncedCredit += byteCount
        guard !finishReceived,
            unannouncedCredit >= ConnectionParameters.yamuxReceiveWindowByteCount / 2
        else { return nil }
        defer { unannouncedCredit = 0 }
        receiveWindow += unannouncedCredit
        return UInt32(unannouncedCredit)
    }
}
