import SansIO

// From a stream to what it is for.
extension PeerSession {
    /// A stream that the peer opened for a protocol of ours.
    mutating func serve(
        _ id: String, on stream: StreamID, _ effects: inout [Effect], at now: Instant
    ) {
        switch id {
        case Self.identifyID: tellIdentity(on: stream)
        case Self.identifyPushID:
            purposes[stream] = .identifyPushed
            readers[stream] = Self.identifyReader
        case Self.pingID: purposes[stream] = .pingServed
        default:
            if settings.gossipProtocols.contains(id) {
                serveGossip(on: stream)
            } else if let served = settings.requestProtocols.first(where: { $0.id == id }) {
                serveRequest(served, on: stream, &effects, at: now)
            }
        }
    }

    mutating func receive(
        _ bytes: [UInt8], on stream: StreamID, _ effects: inout [Effect], at now: Instant
    ) {
        switch purposes[stream] {
        case .identifyAsked, .identifyPushed:
            receiveIdentity(bytes, on: stream, &effects, at: now)
        case .pingServed: receivePing(bytes, on: stream)
        case .gossipIn: receiveGossip(bytes, on: stream, &effects)
        case .requestOut: receiveResponse(bytes, on: stream, &effects)
        case .requestIn: receiveRequest(bytes, on: stream, &effects, at: now)
        case .gossipOut, .answering, nil: connection.consume(bytes.count, of: stream)
        }
    }

    /// Writes what the stream takes now, then finishes it.
    mutating func feed(_ stream: StreamID) {
        if gossip.outbound == stream { return feedGossip(stream) }
        guard let body = bodies[stream] else { return }
        let written = connection.write(body.rest, to: stream)
        if written < body.rest.count {
            bodies[stream]!.rest = body.rest.dropFirst(written)
        } else {
            bodies[stream] = nil
            connection.finish(stream)
        }
    }

    /// The peer will send no more on `stream`.
    mutating func finished(
        _ stream: StreamID, _ effects: inout [Effect], at now: Instant
    ) {
        switch purposes[stream] {
        case .pingServed, .gossipIn, .identifyPushed:
            connection.finish(stream)
        case .requestOut, .identifyAsked:
            // Everything that was needed would have settled it before.
            connection.reset(stream)
            ended(stream, .reset, &effects, at: now)
        case .requestIn:
            guard inboundRequests.contains(where: { $0.stream == stream && !$0.isHandedOn })
            else { return }
            connection.reset(stream)
            ended(stream, .reset, &effects, at: now)
        case .gossipOut, .answering, nil: break
        }
    }

    /// `stream` is gone, for `failure` or because both sides had finished.
    mutating func ended(
        _ stream: StreamID, _ failure: ConnectionMachine.StreamFailure?,
        _ effects: inout [Effect], at now: Instant
    ) {
        let purpose = purposes[stream]
        forget(stream)
        switch purpose {
        case .identifyAsked: openGossip(offeredBy: nil, at: now)
        case .gossipOut: gossipStreamEnded(failure, &effects, at: now)
        case .gossipIn: if gossip.inbound == stream { gossip.inbound = nil }
        case .requestOut:
            guard let index = outboundRequests.firstIndex(where: { $0.stream == stream })
            else { return }
            let id = outboundRequests.remove(at: index).id
            let error: RequestError = failure == .notServed ? .notServed : .reset
            effects.append(.responded(id, .failure(error)))
        case .requestIn, .answering: inboundRequests.removeAll { $0.stream == stream }
        case .identifyPushed, .pingServed, nil: break
        }
    }
}
