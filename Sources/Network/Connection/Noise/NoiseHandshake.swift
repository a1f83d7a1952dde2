package import Cryptography

/// Noise_XX_25519_ChaChaPoly_SHA256 (Noise revision 34), pure: keys come in, messages go out.
///
///     initiator                 responder
///         ── e ─────────────────────▶        message 1: payload in the clear
///         ◀───────────── e, ee, s, es ──     message 2: payload readable by anybody who asked
///         ── s, se ─────────────────▶        message 3: payload for the responder alone
///
/// States: the number of the next message, 1 to 3, then finished; any error ends it. Messages are
/// bounded by `NoiseParameters`. Costs each side four Diffie-Hellman operations, about 160 µs.
package struct NoiseHandshake: Sendable {
    package enum Role: Hashable, Sendable {
        case initiator
        case responder
    }

    /// What the handshake waits for.
    package enum Step: Hashable, Sendable {
        case write
        case read
        case split
        case failed
    }

    static let protocolName = "Noise_XX_25519_ChaChaPoly_SHA256"

    package let role: Role
    private var symmetric: NoiseSymmetricState
    private let staticKey: NoiseKeyPair
    private let ephemeralKey: NoiseKeyPair
    private var remoteEphemeralKey: Bytes32?
    /// The peer's static key once it was received; authenticated, but not yet anybody's.
    package private(set) var remoteStaticKey: Bytes32?
    private var messageNumber = 1
    private var hasFailed = false

    /// `ephemeralKey` must serve this handshake only.
    package init(
        role: Role, prologue: [UInt8], staticKey: NoiseKeyPair, ephemeralKey: NoiseKeyPair
    ) {
        self.role = role
        self.staticKey = staticKey
        self.ephemeralKey = ephemeralKey
        symmetric = NoiseSymmetricState(protocolName: Self.protocolName, prologue: prologue)
    }

    package var step: Step {
        if hasFailed { return .failed }
        if messageNumber > 3 { return .split }
        let isInitiatorsTurn = messageNumber != 2
        return isInitiatorsTurn == (role == .initiator) ? .write : .read
    }

    /// The next message with `payload` in it. Traps out of turn.
    package mutating func write(payload: [UInt8]) throws(NoiseError) -> [UInt8] {
        precondition(step == .write, "message \(messageNumber) as \(role): \(step)")
        do throws(NoiseError) {
            let message = try body() + symmetric.encryptAndHash(payload)
            guard message.count <= NoiseParameters.maximumMessageByteCount else {
                throw .messageTooLong(
                    limit: NoiseParameters.maximumMessageByteCount, found: message.count)
            }
            messageNumber += 1
            return message
        } catch {
            hasFailed = true
            throw error
        }
    }

    /// The payload of the peer's next message. Traps out of turn.
    package mutating func read(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        precondition(step == .read, "message \(messageNumber) as \(role): \(step)")
        do throws(NoiseError) {
            guard message.count <= NoiseParameters.maximumMessageByteCount else {
                throw .messageTooLong(
                    limit: NoiseParameters.maximumMessageByteCount, found: message.count)
            }
            let payload = try symmetric.decryptAndHash(absorb(message))
            messageNumber += 1
            return payload
        } catch {
            hasFailed = true
            throw error
        }
    }

    /// The transport keys; traps before `step` is `split`.
    package func split() -> NoiseTransport {
        precondition(step == .split, "split at message \(messageNumber): \(step)")
        let outputs = symmetric.split()
        let fromInitiator = NoiseCipher(key: outputs.slice(0..<32))
        let fromResponder = NoiseCipher(key: outputs.slice(32..<64))
        return NoiseTransport(
            sending: role == .initiator ? fromInitiator : fromResponder,
            receiving: role == .initiator ? fromResponder : fromInitiator,
            exporterSecret: SharedSecretBytes(outputs.slice(64..<96)),
            handshakeHash: symmetric.handshakeHash)
    }

    // MARK: The three messages

    /// What precedes the payload of the message to be written.
    private mutating func body() throws(NoiseError) -> [UInt8] {
        switch messageNumber {
        case 1:
            return writeEphemeral()
        case 2:
            let ephemeral = writeEphemeral()
            try mix(ephemeralKey, remoteEphemeralKey)
            let sealedStatic = try symmetric.encryptAndHash(staticKey.publicKey.bytes)
            try mix(staticKey, remoteEphemeralKey)
            return ephemeral + sealedStatic
        default:
            let sealedStatic = try symmetric.encryptAndHash(staticKey.publicKey.bytes)
            try mix(staticKey, remoteEphemeralKey)
            return sealedStatic
        }
    }

    /// Takes in what precedes the payload of `message`; returns the sealed payload.
    private mutating func absorb(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        var rest = message[...]
        switch messageNumber {
        case 1:
            try readEphemeral(from: &rest)
        case 2:
            try readEphemeral(from: &rest)
            try mix(ephemeralKey, remoteEphemeralKey)
            try readStatic(from: &rest)
            try mix(ephemeralKey, remoteStaticKey)
        default:
            try readStatic(from: &rest)
            try mix(ephemeralKey, remoteStaticKey)
        }
        return Array(rest)
    }

    private mutating func writeEphemeral() -> [UInt8] {
        let bytes = ephemeralKey.publicKey.bytes
        symmetric.mixHash(bytes)
        return bytes
    }

    private mutating func readEphemeral(from rest: inout ArraySlice<UInt8>) throws(NoiseError) {
        let bytes = try Self.take(Bytes32.byteCount, from: &rest)
        remoteEphemeralKey = Bytes32(bytes)
        symmetric.mixHash(bytes)
    }

    private mutating func readStatic(from rest: inout ArraySlice<UInt8>) throws(NoiseError) {
        let sealed = try Self.take(
            Bytes32.byteCount + ChaCha20Poly1305.tagByteCount, from: &rest)
        remoteStaticKey = Bytes32(try symmetric.decryptAndHash(sealed))
    }

    private mutating func mix(_ pair: NoiseKeyPair, _ remote: Bytes32?) throws(NoiseError) {
        guard let remote else { preconditionFailure("message \(messageNumber): no remote key") }
        symmetric.mixKey(try pair.sharedSecret(with: remote))
    }

    private static func take(
        _ count: Int, from rest: inout ArraySlice<UInt8>
    ) throws(NoiseError) -> [UInt8] {
        guard rest.count >= count else {
            throw .messageTooShort(minimum: count, found: rest.count)
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}

/// What a finished handshake leaves: one cipher for each direction.
package struct NoiseTransport: Sendable {
    package var sending: NoiseCipher
    package var receiving: NoiseCipher
    /// 32 bytes from which the keys of another lane of the same session are derived.
    package let exporterSecret: SharedSecretBytes
    /// Equal on both sides and unique to the session: a channel binding.
    package let handshakeHash: Bytes32
}
