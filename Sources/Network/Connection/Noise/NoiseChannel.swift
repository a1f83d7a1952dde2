package import Cryptography

/// Who a node is on a Noise channel: its static key of this process and the payload in which its
/// network identity vouches for it. Made once.
package struct NoiseIdentity: Sendable {
    package let identityKey: Bytes32
    let staticKey: NoiseKeyPair
    let payload: [UInt8]

    package init(signingKey: borrowing SigningKey, staticKey: NoiseKeyPair) {
        let signature = signingKey.sign(
            NoisePayload.signedBytes(staticKey: staticKey.publicKey))
        identityKey = signingKey.publicKey
        self.staticKey = staticKey
        payload =
            NoisePayload(identityKey: signingKey.publicKey, identitySignature: signature).encoded
    }
}

/// The libp2p `/noise` channel of one connection, pure: bytes in, bytes out.
///
/// Every message travels behind its length in two big-endian bytes. States: handshake, open,
/// closed (by an error). A peer's identity is known, and checked against the one that was dialled,
/// before any of its plaintext is handed on; nothing of ours is sealed before it. What arrives is
/// buffered up to one message; what leaves is drained, since the socket sets the pace, and its
/// writer bounds it. Source: libp2p/specs noise/README.md.
package struct NoiseChannel: Sendable {
    /// What the received bytes amount to, in order.
    package enum Output: Hashable, Sendable {
        /// The peer has proved the identity; `send` may be called from now on.
        case established(identityKey: Bytes32, handshakeHash: Bytes32)
        /// Never empty.
        case plaintext([UInt8])
    }

    private enum State: Sendable {
        case handshake(NoiseHandshake)
        case open(NoiseTransport)
        case closed
    }

    private let identity: NoiseIdentity
    private let expectedIdentity: Bytes32?
    private var state: State
    private var received: [UInt8] = []
    private var outbound: [UInt8] = []

    /// `ephemeralKey` must serve this channel only. `expectedIdentity`, where the dialler knows
    /// whom it dials, is the only identity that is taken. An initiator's first message is ready to
    /// be drained at once.
    package init(
        role: NoiseHandshake.Role, identity: NoiseIdentity, ephemeralKey: NoiseKeyPair,
        expectedIdentity: Bytes32?
    ) throws(NoiseError) {
        self.identity = identity
        self.expectedIdentity = expectedIdentity
        var handshake = NoiseHandshake(
            role: role, prologue: [], staticKey: identity.staticKey, ephemeralKey: ephemeralKey)
        if handshake.step == .write {
            Self.append(try handshake.write(payload: []), to: &outbound)
        }
        state = .handshake(handshake)
    }

    package var isOpen: Bool {
        if case .open = state { true } else { false }
    }

    /// The secret of which another lane's keys are derived; nil unless open.
    package var exporterSecret: SharedSecretBytes? {
        if case .open(let transport) = state { transport.exporterSecret } else { nil }
    }

    /// Takes in bytes as the socket gave them. An error ends the channel for good.
    package mutating func receive(_ bytes: some Collection<UInt8>) throws(NoiseError) -> [Output] {
        guard !isClosed else { throw .closed }
        received.append(contentsOf: bytes)
        do {
            var outputs: [Output] = []
            var consumed = 0
            while let message = try nextMessage(at: &consumed) {
                if let output = try process(message) { outputs.append(output) }
            }
            received.removeFirst(consumed)
            return outputs
        } catch {
            close()
            throw error
        }
    }

    /// Seals `plaintext` into as many messages as it needs. Traps before the channel is open;
    /// throws `closed` after an error, or `nonceExhausted`.
    package mutating func send(_ plaintext: ArraySlice<UInt8>) throws(NoiseError) {
        guard !isClosed else { throw .closed }
        guard case .open(var transport) = state else {
            preconditionFailure("sent before the handshake ended")
        }
        var rest = plaintext
        while !rest.isEmpty {
            let piece = rest.prefix(NoiseParameters.maximumPlaintextByteCount)
            rest = rest.dropFirst(piece.count)
            Self.append(try transport.sending.seal(piece), to: &outbound)
        }
        state = .open(transport)
    }

    /// The bytes that the socket must carry next, in order.
    package mutating func drainOutbound() -> [UInt8] {
        defer { outbound = [] }
        return outbound
    }

    /// Bytes that wait to be drained.
    package var outboundByteCount: Int { outbound.count }

    private var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    private mutating func close() {
        state = .closed
        received = []
        outbound = []
    }

    /// Nil until a whole message has arrived; its length is checked as soon as it is known.
    private func nextMessage(at consumed: inout Int) throws(NoiseError) -> ArraySlice<UInt8>? {
        let start = consumed + 2
        guard received.count >= start else { return nil }
        let byteCount = Int(received[consumed]) << 8 | Int(received[consumed + 1])
        if case .handshake = state,
            byteCount > NoiseParameters.maximumHandshakeMessageByteCount
        {
            throw .messageTooLong(
                limit: NoiseParameters.maximumHandshakeMessageByteCount, found: byteCount)
        }
        guard received.count - start >= byteCount else { return nil }
        consumed = start + byteCount
        return received[start..<consumed]
    }

    private mutating func process(_ message: ArraySlice<UInt8>) throws(NoiseError) -> Output? {
        switch state {
        case .handshake(var handshake):
            let payload = try handshake.read(Array(message))
            let peer = try authenticate(payload, handshake)
            if handshake.step == .write {
                Self.append(try handshake.write(payload: identity.payload), to: &outbound)
            }
            guard handshake.step == .split, let peer else {
                state = .handshake(handshake)
                return nil
            }
            let transport = handshake.split()
            state = .open(transport)
            return .established(identityKey: peer, handshakeHash: transport.handshakeHash)
        case .open(var transport):
            let plaintext = try transport.receiving.open(message)
            state = .open(transport)
            return plaintext.isEmpty ? nil : .plaintext(plaintext)
        case .closed:
            throw .closed
        }
    }

    /// The identity that vouches for the peer's static key; nil while that has not arrived.
    private func authenticate(
        _ payload: [UInt8], _ handshake: NoiseHandshake
    ) throws(NoiseError) -> Bytes32? {
        guard let staticKey = handshake.remoteStaticKey else { return nil }
        let decoded = try NoisePayload(decoding: payload)
        guard decoded.vouches(for: staticKey) else { throw .invalidIdentitySignature }
        if let expectedIdentity, expectedIdentity != decoded.identityKey {
            throw .unexpectedIdentity(expected: expectedIdentity, found: decoded.identityKey)
        }
        return decoded.identityKey
    }

    private static func append(_ message: [UInt8], to outbound: inout [UInt8]) {
        outbound.append(UInt8(message.count >> 8))
        outbound.append(UInt8(message.count & 255))
        outbound.append(contentsOf: message)
    }
}
