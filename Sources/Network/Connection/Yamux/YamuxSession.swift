package import SansIO

/// Yamux: many streams, each with its own credit, over one ordered connection.
///
/// Bytes go in by `receive`, and out by `drainOutbound`, which makes frames of stream data only as
/// fast as they are drained: round robin, at most 16 KiB each. Opening, acknowledging and
/// finishing ride on WINDOW_UPDATE. The receive window is 256 KiB and does not grow. A thrown
/// error is the end of the session: the peer broke a rule of framing or flow control; what
/// concerns one stream only resets that stream.
/// Bounds: 256 streams, 64 KiB a frame, and the buffers in `ConnectionParameters`.
/// Deviations: GO_AWAY of any code ends the session; frames for streams that are gone are dropped
/// silently, since the peer cannot know yet. Source: libp2p/specs yamux/README.md.
package struct YamuxSession: Sendable {
    package enum Role: Sendable {
        /// Dialled: opens odd streams.
        case client
        /// Was dialled: opens even streams.
        case server
    }

    package enum Event: Hashable, Sendable {
        case opened(UInt32)
        case data(UInt32, [UInt8])
        /// The peer will send no more.
        case finished(UInt32)
        /// Either side tore it down; the stream is forgotten.
        case reset(UInt32)
        /// Finished on both sides; the stream is forgotten.
        case closed(UInt32)
        /// A writer that found the buffer full may go on.
        case writable(UInt32)
    }

    let role: Role
    private var nextStream: UInt32
    var streams: [UInt32: YamuxStream] = [:]
    /// Streams with something to send, in turn.
    private var sendLine: [UInt32] = []
    private var inbound = ByteQueue()
    private(set) var outbound = ByteQueue()
    private var events: [Event] = []
    private var pingValue: UInt32 = 0
    private var pingSentAt: Instant?
    private var pingDue: Instant
    /// Of the last answered ping.
    package private(set) var roundTripTime: Duration?

    package init(role: Role, at now: Instant) {
        self.role = role
        nextStream = role == .client ? 1 : 2
        pingDue = now + ConnectionParameters.pingInterval
    }

    // MARK: Bytes

    /// Takes bytes from the peer and returns what they mean, in order.
    package mutating func receive(_ bytes: some Collection<UInt8>, at now: Instant)
        throws(ConnectionError) -> [Event]
    {
        inbound.append(bytes)
        while let header = try YamuxHeader(inbound.unread) {
            if header.kind == .data {
                try checkBody(header)
                guard inbound.count >= YamuxHeader.byteCount + Int(header.length) else { break }
            }
            inbound.drop(YamuxHeader.byteCount)
            try take(header, at: now)
        }
        let limit = ConnectionParameters.outboundHardLimitByteCount
        guard outbound.count <= limit else { throw .peerNotReading(limit: limit) }
        return takeEvents()
    }

    /// Up to about `maximumByteCount` bytes for the socket; call again while it returns any.
    package mutating func drainOutbound(_ maximumByteCount: Int) -> ArraySlice<UInt8> {
        while outbound.count < maximumByteCount, !sendLine.isEmpty {
            sendNextFrame(of: sendLine.removeFirst())
        }
        return outbound.take(min(outbound.count, maximumByteCount))
    }

    package var hasOutbound: Bool { !outbound.isEmpty || !sendLine.isEmpty }

    /// Events that drained bytes caused (`writable`, `closed`).
    package mutating func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    // MARK: Streams

    /// A new stream of ours; nil when the limit is reached.
    package mutating func open() -> UInt32? {
        guard streams.count < ConnectionParameters.maximumStreams, nextStream < UInt32.max - 2
        else { return nil }
        let stream = nextStream
        nextStream += 2
        streams[stream] = YamuxStream()
        send(YamuxHeader(.windowUpdate, .syn, stream: stream, length: 0))
        return stream
    }

    /// How much `write` takes now; 0 for a stream that is gone.
    package func writableByteCount(_ stream: UInt32) -> Int {
        streams[stream]?.writableByteCount ?? 0
    }

    /// Takes as many bytes as `writableByteCount` says and returns how many; the rest is to be
    /// offered again after `writable`.
    package mutating func write(_ bytes: ArraySlice<UInt8>, to stream: UInt32) -> Int {
        guard streams[stream] != nil else { return 0 }
        let accepted = min(bytes.count, writableByteCount(stream))
        streams[stream]!.sendBuffer.append(bytes.prefix(accepted))
        if accepted < bytes.count { streams[stream]!.writerWaits = true }
        enqueue(stream)
        return accepted
    }

    /// Half-closes: FIN follows what was written.
    package mutating func finish(_ stream: UInt32) {
        guard streams[stream] != nil else { return }
        streams[stream]!.finishRequested = true
        enqueue(stream)
    }

    package mutating func reset(_ stream: UInt32) {
        guard streams.removeValue(forKey: stream) != nil else { return }
        send(YamuxHeader(.windowUpdate, .rst, stream: stream, length: 0))
    }

    /// The reader of `stream` has done with `byteCount` bytes of what was handed to it.
    package mutating func consume(_ byteCount: Int, of stream: UInt32) {
        guard let credit = streams[stream]?.consume(byteCount) else { return }
        send(YamuxHeader(.windowUpdate, [], stream: stream, length: credit))
    }

    /// Says that no more will come and forgets every stream; the owner drains and closes.
    package mutating func goAway(code: UInt32) {
        streams = [:]
        sendLine = []
        send(YamuxHeader(.goAway, [], stream: 0, length: code))
    }

    // MARK: Keep-alive

    package var nextDeadline: Instant { pingDue }

    package mutating func deadline(at now: Instant) throws(ConnectionError) {
        guard now >= pingDue else { return }
        guard pingSentAt == nil else { throw .pingTimeout }
        pingValue &+= 1
        pingSentAt = now
        pingDue = now + ConnectionParameters.pingInterval
        send(YamuxHeader(.ping, .syn, stream: 0, length: pingValue))
    }
}

// MARK: - Frames in

extension YamuxSession {
    /// Everything that can be wrong with a body, before a byte of it is awaited.
    private func checkBody(_ header: YamuxHeader) throws(ConnectionError) {
        guard header.stream != 0 else { throw .yamux(.dataOnSession) }
        let limit = ConnectionParameters.maximumYamuxFrameInByteCount
        guard header.length <= UInt32(limit) else {
            throw .yamux(.frameTooLong(limit: limit, found: header.length))
        }
        // A frame that opens its stream has the initial window (CVE-2026-32314).
        let window =
            streams[header.stream]?.receiveWindow
            ?? ConnectionParameters.yamuxReceiveWindowByteCount
        guard Int(header.length) <= window else {
            throw .yamux(
                .receiveWindowExceeded(
                    stream: header.stream, window: window, found: Int(header.length)))
        }
    }

    private mutating func take(_ header: YamuxHeader, at now: Instant) throws(ConnectionError) {
        switch header.kind {
        case .ping: try takePing(header, at: now)
        case .goAway: throw .goAway(code: header.length)
        case .data, .windowUpdate: try takeStreamFrame(header)
        }
    }

    private mutating func takePing(_ header: YamuxHeader, at now: Instant) throws(ConnectionError) {
        guard header.stream == 0 else { throw .yamux(.sessionFrameOnStream(header.stream)) }
        if header.flags.contains(.syn) {
            send(YamuxHeader(.ping, .ack, stream: 0, length: header.length))
        } else if header.length == pingValue, let sent = pingSentAt {
            roundTripTime = now - sent
            pingSentAt = nil
        }
    }

    private mutating func takeStreamFrame(_ header: YamuxHeader) throws(ConnectionError) {
        let id = header.stream
        let body =
            header.kind == .data ? [UInt8](inbound.take(Int(header.length))) : []
        guard id != 0 else { throw .yamux(.dataOnSession) }
        if header.flags.contains(.rst) {
            if streams.removeValue(forKey: id) != nil { events.append(.reset(id)) }
            return
        }
        if header.flags.contains(.syn), try !accept(id) { return }
        guard streams[id] != nil else { return }
        if header.kind == .windowUpdate {
            streams[id]!.addCredit(header.length)
            enqueue(id)
        } else if !body.isEmpty {
            guard !streams[id]!.finishReceived else {
                reset(id)
                return events.append(.reset(id))
            }
            streams[id]!.receiveWindow -= body.count
            streams[id]!.unconsumed += body.count
            events.append(.data(id, body))
        }
        if header.flags.contains(.fin), !streams[id]!.finishReceived {
            streams[id]!.finishReceived = true
            events.append(.finished(id))
            forgetIfOver(id)
        }
    }

    /// False when the stream was refused for want of room.
    private mutating func accept(_ id: UInt32) throws(ConnectionError) -> Bool {
        guard (id % 2 == 1) == (role == .server) else { throw .yamux(.wrongStreamParity(id)) }
        guard streams[id] == nil else { throw .yamux(.streamAlreadyOpen(id)) }
        guard streams.count < ConnectionParameters.maximumStreams else {
            send(YamuxHeader(.windowUpdate, .rst, stream: id, length: 0))
            return false
        }
        streams[id] = YamuxStream()
        send(YamuxHeader(.windowUpdate, .ack, stream: id, length: 0))
        events.append(.opened(id))
        return true
    }
}

// MARK: - Frames out

extension YamuxSession {
    private mutating func send(_ header: YamuxHeader) { outbound.append(header.bytes) }

    private mutating func enqueue(_ id: UInt32) {
        guard let stream = streams[id], stream.canSend, !stream.isQueued else { return }
        streams[id]!.isQueued = true
        sendLine.append(id)
    }

    private mutating func sendNextFrame(of id: UInt32) {
        guard streams[id] != nil else { return }
        streams[id]!.isQueued = false
        guard streams[id]!.canSend else { return }
        if streams[id]!.sendBuffer.isEmpty {
            streams[id]!.finishSent = true
            send(YamuxHeader(.windowUpdate, .fin, stream: id, length: 0))
            return forgetIfOver(id)
        }
        let body = streams[id]!.takeFrameBody()
        send(YamuxHeader(.data, [], stream: id, length: UInt32(body.count)))
        outbound.append(body)
        let half = ConnectionParameters.streamSendBufferByteCount / 2
        if streams[id]!.writerWaits, streams[id]!.writableByteCount >= half {
            streams[id]!.writerWaits = false
            events.append(.writable(id))
        }
        enqueue(id)
    }

    private mutating func forgetIfOver(_ id: UInt32) {
        guard streams[id]?.isOver == true else { return }
        streams[id] = nil
        events.append(.closed(id))
    }
}
