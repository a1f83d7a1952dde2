import SansIO

/// Where the question who the peer is stands.
enum IdentifyProgress: Hashable, Sendable {
    case waiting
    case asked(deadline: Instant)
    case done
}

// Identify both ways, pushes taken in, pings answered.
extension PeerSession {
    package static let identifyID = "/ipfs/id/1.0.0"
    package static let identifyPushID = "/ipfs/id/push/1.0.0"
    package static let pingID = "/ipfs/ping/1.0.0"

    mutating func askIdentity(at now: Instant) {
        guard let stream = connection.openStream([Self.identifyID], at: now) else { return }
        purposes[stream] = .identifyAsked
        readers[stream] = Self.identifyReader
        identify = .asked(deadline: now + ConnectionParameters.identifyTimeout)
    }

    static var identifyReader: LengthPrefixedReader {
        LengthPrefixedReader(maximumByteCount: ConnectionParameters.maximumIdentifyByteCount)
    }

    /// The answer to the peer's question.
    mutating func tellIdentity(on stream: StreamID) {
        var message = IdentifyMessage()
        message.peerID = connection.localPeer
        message.listenAddresses = settings.listenAddresses
        message.protocols = settings.servedProtocols
        message.observedAddress = settings.observedAddress
        message.protocolVersion = "ipfs/0.1.0"
        message.agentVersion = settings.agentVersion
        message.signedPeerRecord = settings.signedPeerRecord
        let bytes = message.bytes
        purposes[stream] = .answering
        bodies[stream] = OutgoingBody(UnsignedVarint.encode(UInt64(bytes.count)) + bytes)
        feed(stream)
    }

    mutating func receiveIdentity(
        _ bytes: [UInt8], on stream: StreamID, _ effects: inout [Effect], at now: Instant
    ) {
        connection.consume(bytes.count, of: stream)
        readers[stream]?.append(bytes)
        do throws(ConnectionError) {
            guard let body = try readers[stream]?.next() else { return }
            let message = try IdentifyMessage(bytes: body)
            guard message.peerID == nil || message.peerID == connection.remotePeer else {
                throw .malformed("identify names another key")
            }
            effects.append(.identified(message))
            connection.finish(stream)
            forget(stream)
            openGossip(offeredBy: message, at: now)
        } catch {
            effects.append(.misbehaved(error))
            connection.reset(stream)
            forget(stream)
            openGossip(offeredBy: nil, at: now)
        }
    }

    /// A peer that does not say who it is may gossip all the same.
    mutating func passIdentifyDeadline(at now: Instant) {
        guard case .asked(let deadline) = identify, deadline <= now else { return }
        openGossip(offeredBy: nil, at: now)
    }

    /// Echoes what fits; the credit for the rest is not returned, so that a flood stops itself.
    mutating func receivePing(_ bytes: [UInt8], on stream: StreamID) {
        let written = connection.write(bytes[...], to: stream)
        connection.consume(written, of: stream)
        if written < bytes.count {
            connection.reset(stream)
            forget(stream)
        }
    }

    mutating func forget(_ stream: StreamID) {
        purposes[stream] = nil
        bodies[stream] = nil
        readers[stream] = nil
    }
}
