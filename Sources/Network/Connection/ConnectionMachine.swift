package import SansIO

/// One libp2p connection, pure: bytes of the socket in and out, negotiated streams above.
///
///     security: multistream-select of /noise  →  noise: XX handshake, who is it?
///       →  muxer: multistream-select of /yamux/1.0.0  →  open: yamux streams, each with its own
///     multistream-select  →  closed, once, with the reason
///
/// A dialer sends header, proposal and first Noise message in one write, and a stream that
/// proposes one protocol may be written to before the answer: both save a round trip and any
/// responder must take them. Bytes that leave are drained, since the socket sets the pace; after a
/// drain the shell says `drained`, so that waiting writers go on. After `closed` the machine
/// ignores everything; what can still be drained (GO_AWAY) may be sent before the socket closes.
/// Bounds: 10 s from the first byte to `connected`, 10 s for each stream's negotiation, buffers
/// as in `ConnectionParameters`. Sources: libp2p/specs connections/README.md, noise, yamux.
package struct ConnectionMachine: StateMachine {
    package typealias StreamID = UInt32

    package enum Event: Sendable {
        /// From the socket.
        case received([UInt8])
        /// The socket took bytes.
        case drained
        /// `nextDeadline` has passed.
        case deadline
        /// End it, politely.
        case close(ConnectionError)
        /// The socket is gone.
        case disconnected
    }

    package enum Effect: Hashable, Sendable {
        /// The peer has proved who it is and streams may be opened.
        case connected(PeerID)
        /// A stream's protocol is agreed; `isInbound` says whether the peer opened it.
        case streamOpened(StreamID, protocolID: String, isInbound: Bool)
        /// In order; to be acknowledged by `consume`, which gives the peer new credit.
        case received(StreamID, [UInt8])
        /// The peer will send no more.
        case streamFinished(StreamID)
        /// A `write` that was cut short may go on.
        case writable(StreamID)
        /// The stream is gone: nil when both sides had finished.
        case streamClosed(StreamID, StreamFailure?)
        /// The end, with its reason.
        case closed(ConnectionError)
    }

    package enum StreamFailure: Hashable, Sendable {
        /// Torn down by the peer.
        case reset
        /// The peer does not serve what was proposed.
        case notServed
        /// The negotiation took too long or broke its rules.
        case negotiation
    }

    enum Stage: Sendable {
        case security(MultistreamSelect)
        case noise
        case muxer(MultistreamSelect)
        case open
        case closed
    }

    /// A stream before its protocol is agreed.
    struct Negotiation: Sendable {
        let stream: StreamID
        let deadline: Instant
        let isInbound: Bool
        let mayWriteEarly: Bool
        var select: MultistreamSelect
        var inbound = ByteQueue()

        mutating func advance() throws(ConnectionError) -> String? {
            try select.advance(&inbound)
        }
    }

    static let noiseID = "/noise"
    static let yamuxID = "/yamux/1.0.0"

    let isDialer: Bool
    let localPeer: PeerID
    let servedProtocols: [String]
    private let handshakeDeadline: Instant
    private(set) var stage: Stage
    private var noise: NoiseChannel
    /// Plain bytes of the first negotiation; later what Noise has sealed.
    private var outbound = ByteQueue()
    private var inbound = ByteQueue()
    /// An incomplete multistream message inside Noise.
    private var muxerBytes: [UInt8] = []
    var yamux: YamuxSession
    /// At most one for each stream, oldest first.
    var negotiations: [Negotiation] = []
    package private(set) var remotePeer: PeerID?

    /// `expecting` is the peer that was dialled, nil for a listener or an address without a name.
    /// `ephemeralKey` must serve this connection only.
    package init(
        isDialer: Bool, identity: NoiseIdentity, ephemeralKey: NoiseKeyPair,
        expecting: PeerID?, servedProtocols: [String], at now: Instant
    ) throws(ConnectionError) {
        self.isDialer = isDialer
        self.servedProtocols = servedProtocols
        localPeer = PeerID(publicKey: identity.identityKey)
        handshakeDeadline = now + ConnectionParameters.handshakeTimeout
        yamux = YamuxSession(role: isDialer ? .client : .server, at: now)
        do {
            noise = try NoiseChannel(
                role: isDialer ? .initiator : .responder, identity: identity,
                ephemeralKey: ephemeralKey, expectedIdentity: expecting?.publicKey)
        } catch {
            throw .noise(error)
        }
        var select =
            isDialer
            ? MultistreamSelect(dialing: [Self.noiseID])
            : MultistreamSelect(serving: [Self.noiseID])
        outbound.append(select.drainOutbound())
        outbound.append(noise.drainOutbound())
        stage = .security(select)
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        if case .closed = stage { return [] }
        var effects: [Effect] = []
        do throws(ConnectionError) {
            switch event {
            case .received(let bytes):
                inbound.append(bytes)
                try advance(&effects, at: now)
            case .drained: take(yamux.takeEvents(), &effects, at: now)
            case .deadline: try passDeadline(&effects, at: now)
            case .close(let reason): throw reason
            case .disconnected: throw .disconnected
            }
        } catch {
            take(yamux.takeEvents(), &effects, at: now)
            end(error, &effects)
        }
        return effects
    }

    package var nextDeadline: Instant? {
        switch stage {
        case .closed: nil
        case .open: min(yamux.nextDeadline, negotiations.first?.deadline ?? yamux.nextDeadline)
        default: handshakeDeadline
        }
    }

    /// The next bytes for the socket, about `maximumByteCount` at most; empty when there are none.
    package mutating func drainOutbound(maximumByteCount: Int) -> [UInt8] {
        while outbound.count < maximumByteCount, noise.isOpen {
            let plain = yamux.drainOutbound(NoiseParameters.maximumPlaintextByteCount)
            if plain.isEmpty { break }
            // After 2⁶⁴ − 1 messages, or a failure already reported: nothing more leaves.
            do { try noise.send(plain) } catch { break }
            outbound.append(noise.drainOutbound())
        }
        return [UInt8](outbound.take(min(outbound.count, maximumByteCount)))
    }

    package var isClosed: Bool {
        if case .closed = stage { true } else { false }
    }

    // MARK: The handshake

    private mutating func advance(_ effects: inout [Effect], at now: Instant)
        throws(ConnectionError)
    {
        if case .security(var select) = stage {
            let agreed = try select.advance(&inbound)
            outbound.append(select.drainOutbound())
            stage = agreed == nil ? .security(select) : .noise
            guard agreed != nil else { return }
        }
        guard !inbound.isEmpty else { return }
        let outputs: [NoiseChannel.Output]
        do {
            outputs = try noise.receive(inbound.takeAll())
        } catch {
            throw .noise(error)
        }
        outbound.append(noise.drainOutbound())
        for output in outputs {
            switch output {
            case .established(let key, _): try authenticate(PeerID(publicKey: key))
            case .plaintext(let bytes): try takePlaintext(bytes, &effects, at: now)
            }
        }
    }

    private mutating func authenticate(_ peer: PeerID) throws(ConnectionError) {
        guard peer != localPeer else { throw .dialledSelf }
        remotePeer = peer
        var select =
            isDialer
            ? MultistreamSelect(dialing: [Self.yamuxID])
            : MultistreamSelect(serving: [Self.yamuxID])
        try seal(select.drainOutbound())
        stage = .muxer(select)
    }

    private mutating func takePlaintext(
        _ bytes: [UInt8], _ effects: inout [Effect], at now: Instant
    ) throws(ConnectionError) {
        guard case .muxer(var select) = stage else {
            return take(try yamux.receive(bytes, at: now), &effects, at: now)
        }
        var queue = ByteQueue()
        queue.append(muxerBytes + bytes)
        let agreed = try select.advance(&queue)
        try seal(select.drainOutbound())
        guard agreed != nil, let peer = remotePeer else {
            muxerBytes = [UInt8](queue.takeAll())
            stage = .muxer(select)
            return
        }
        stage = .open
        effects.append(.connected(peer))
        take(try yamux.receive(queue.takeAll(), at: now), &effects, at: now)
    }

    private mutating func seal(_ plaintext: [UInt8]) throws(ConnectionError) {
        do {
            try noise.send(plaintext[...])
        } catch {
            throw .noise(error)
        }
        outbound.append(noise.drainOutbound())
    }

    private mutating func passDeadline(_ effects: inout [Effect], at now: Instant)
        throws(ConnectionError)
    {
        guard case .open = stage else {
            if now >= handshakeDeadline { throw .handshakeTimeout }
            return
        }
        while let oldest = negotiations.first, oldest.deadline <= now {
            failNegotiation(0, .negotiation, &effects)
        }
        try yamux.deadline(at: now)
    }

    private mutating func end(_ reason: ConnectionError, _ effects: inout [Effect]) {
        if case .open = stage {
            let isFault = if case .yamux = reason { true } else { false }
            yamux.goAway(code: isFault ? 1 : 0)
        }
        stage = .closed
        negotiations = []
        inbound = ByteQueue()
        effects.append(.closed(reason))
    }
}
