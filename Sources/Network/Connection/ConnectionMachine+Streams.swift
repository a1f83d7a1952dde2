package import SansIO

// Streams: opening, agreeing on their protocol, and passing their bytes.
extension ConnectionMachine {
    /// Opens a stream and proposes `protocols` in that order; `streamOpened` or `streamClosed`
    /// follows. Nil before the connection is open or when there are too many streams.
    package mutating func openStream(_ protocols: [String], at now: Instant) -> StreamID? {
        guard case .open = stage, let stream = yamux.open() else { return nil }
        negotiations.append(
            Negotiation(
                stream: stream, deadline: now + ConnectionParameters.streamNegotiationTimeout,
                isInbound: false, mayWriteEarly: protocols.count == 1,
                select: MultistreamSelect(dialing: protocols)))
        flushNegotiation(negotiations.count - 1)
        return stream
    }

    /// How many bytes `write` takes now: none before several proposals are settled.
    package func writableByteCount(_ stream: StreamID) -> Int {
        if let waiting = negotiations.first(where: { $0.stream == stream }),
            !waiting.mayWriteEarly
        {
            return 0
        }
        return yamux.writableByteCount(stream)
    }

    /// Takes what fits and returns how much; `writable` says when the rest may be offered.
    package mutating func write(_ bytes: ArraySlice<UInt8>, to stream: StreamID) -> Int {
        let room = writableByteCount(stream)
        guard room > 0 || yamux.writableByteCount(stream) == 0 else { return 0 }
        return yamux.write(bytes, to: stream)
    }

    /// Nothing more will be written; what was written is still sent.
    package mutating func finish(_ stream: StreamID) { yamux.finish(stream) }

    /// Tears a stream down at once; no `streamClosed` follows.
    package mutating func reset(_ stream: StreamID) {
        negotiations.removeAll { $0.stream == stream }
        yamux.reset(stream)
    }

    /// The reader has done with `byteCount` bytes: the peer may send as many more.
    package mutating func consume(_ byteCount: Int, of stream: StreamID) {
        yamux.consume(byteCount, of: stream)
    }

    package var roundTripTime: Duration? { yamux.roundTripTime }

    package var streamCount: Int { yamux.streams.count }

    mutating func take(
        _ events: [YamuxSession.Event], _ effects: inout [Effect], at now: Instant
    ) {
        for event in events {
            switch event {
            case .opened(let stream): startServing(stream, at: now)
            case .data(let stream, let bytes):
                if let index = negotiationIndex(stream) {
                    negotiate(index, bytes, &effects)
                } else {
                    effects.append(.received(stream, bytes))
                }
            case .finished(let stream):
                if let index = negotiationIndex(stream) {
                    failNegotiation(index, .negotiation, &effects)
                } else if yamux.streams[stream] != nil || events.contains(.closed(stream)) {
                    effects.append(.streamFinished(stream))
                }
            case .reset(let stream):
                if let index = negotiationIndex(stream) {
                    failNegotiation(index, .reset, &effects)
                } else {
                    effects.append(.streamClosed(stream, .reset))
                }
            case .closed(let stream): effects.append(.streamClosed(stream, nil))
            case .writable(let stream): effects.append(.writable(stream))
            }
        }
    }

    private func negotiationIndex(_ stream: StreamID) -> Int? {
        negotiations.firstIndex { $0.stream == stream }
    }

    private mutating func startServing(_ stream: StreamID, at now: Instant) {
        negotiations.append(
            Negotiation(
                stream: stream, deadline: now + ConnectionParameters.streamNegotiationTimeout,
                isInbound: true, mayWriteEarly: false,
                select: MultistreamSelect(serving: servedProtocols)))
        flushNegotiation(negotiations.count - 1)
    }

    private mutating func flushNegotiation(_ index: Int) {
        let bytes = negotiations[index].select.drainOutbound()
        let accepted = yamux.write(bytes[...], to: negotiations[index].stream)
        // Sixteen short answers fit any stream's buffer; a stream that is gone takes none.
        assert(accepted == bytes.count || accepted == 0)
    }

    private mutating func negotiate(_ index: Int, _ bytes: [UInt8], _ effects: inout [Effect]) {
        let stream = negotiations[index].stream
        negotiations[index].inbound.append(bytes)
        let before = negotiations[index].inbound.count
        let agreed: String?
        do {
            agreed = try negotiations[index].advance()
        } catch {
            let notServed = if case .noCommonProtocol = error { true } else { false }
            return failNegotiation(index, notServed ? .notServed : .negotiation, &effects)
        }
        yamux.consume(before - negotiations[index].inbound.count, of: stream)
        flushNegotiation(index)
        guard let agreed else { return }
        var done = negotiations.remove(at: index)
        effects.append(
            .streamOpened(stream, protocolID: agreed, isInbound: done.isInbound))
        let rest = done.inbound.takeAll()
        if !rest.isEmpty { effects.append(.received(stream, [UInt8](rest))) }
    }

    /// An inbound stream was never announced, so that nobody needs to hear of its end. One that
    /// was refused something ends softly: a dialer that wrote early must still read the `na`.
    mutating func failNegotiation(
        _ index: Int, _ failure: StreamFailure, _ effects: inout [Effect]
    ) {
        flushNegotiation(index)
        let negotiation = negotiations.remove(at: index)
        if negotiation.isInbound, negotiation.select.hasRefused, failure != .reset {
            yamux.finish(negotiation.stream)
        } else {
            yamux.reset(negotiation.stream)
        }
        if !negotiation.isInbound {
            effects.append(.streamClosed(negotiation.stream, failure))
        }
    }
}
