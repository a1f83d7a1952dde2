import SansIO

// Requests of ours and of the peer.
extension PeerSession {
    // MARK: Ours

    mutating func start(
        _ request: OutboundRequest, _ effects: inout [Effect], at now: Instant
    ) {
        let limit = ConnectionParameters.maximumOutboundRequests
        guard outboundRequests.count < limit else {
            let failure = RequestError.tooManyRequests(limit: limit)
            return effects.append(.responded(request.id, .failure(failure)))
        }
        guard let stream = connection.openStream([request.protocolID], at: now) else {
            return effects.append(.responded(request.id, .failure(.notConnected)))
        }
        purposes[stream] = .requestOut
        outboundRequests.append(
            PendingRequest(
                id: request.id, stream: stream, deadline: now + request.timeout,
                maximumByteCount: request.maximumResponseByteCount))
        let prefix = UnsignedVarint.encode(UInt64(request.payload.count))
        bodies[stream] = OutgoingBody(prefix + request.payload)
        feed(stream)
    }

    mutating func cancelRequest(_ id: UInt64) {
        guard let index = outboundRequests.firstIndex(where: { $0.id == id }) else { return }
        let stream = outboundRequests.remove(at: index).stream
        connection.reset(stream)
        forget(stream)
    }

    mutating func receiveResponse(
        _ bytes: [UInt8], on stream: StreamID, _ effects: inout [Effect]
    ) {
        connection.consume(bytes.count, of: stream)
        guard let index = outboundRequests.firstIndex(where: { $0.stream == stream }) else {
            return
        }
        outboundRequests[index].bytes += bytes
        do throws(RequestError) {
            guard let outcome = try outboundRequests[index].advance() else { return }
            settle(index, outcome, &effects)
        } catch {
            settle(index, .failure(error), &effects)
        }
    }

    private mutating func settle(
        _ index: Int, _ outcome: Result<[UInt8], RequestError>, _ effects: inout [Effect]
    ) {
        let request = outboundRequests.remove(at: index)
        switch outcome {
        case .failure(.malformedResponse):
            effects.append(.misbehaved(.malformed("response")))
            connection.reset(request.stream)
        case .success where bodies[request.stream] == nil: break
        default: connection.reset(request.stream)
        }
        forget(request.stream)
        effects.append(.responded(request.id, outcome))
    }

    // MARK: The peer's

    mutating func serveRequest(
        _ served: RequestProtocol, on stream: StreamID, _ effects: inout [Effect], at now: Instant
    ) {
        guard inboundRequests.count < ConnectionParameters.maximumInboundRequests else {
            effects.append(.dropped(.tooManyInboundRequests, byteCount: 0))
            return write(.busy, [], on: stream)
        }
        purposes[stream] = .requestIn
        readers[stream] = LengthPrefixedReader(
            maximumByteCount: served.maximumRequestByteCount)
        inboundRequests.append(
            ServedRequest(
                stream: stream, protocolID: served.id,
                deadline: now + ConnectionParameters.inboundRequestTimeout))
    }

    mutating func receiveRequest(
        _ bytes: [UInt8], on stream: StreamID, _ effects: inout [Effect], at now: Instant
    ) {
        connection.consume(bytes.count, of: stream)
        guard let index = inboundRequests.firstIndex(where: { $0.stream == stream }),
            !inboundRequests[index].isHandedOn
        else { return }
        readers[stream]?.append(bytes)
        do throws(ConnectionError) {
            guard let payload = try readers[stream]?.next() else { return }
            readers[stream] = nil
            inboundRequests[index].isHandedOn = true
            inboundRequests[index].deadline = now + ConnectionParameters.responseTimeout
            effects.append(
                .requested(
                    stream, protocolID: inboundRequests[index].protocolID, payload: payload))
        } catch {
            effects.append(.misbehaved(error))
            inboundRequests.remove(at: index)
            connection.reset(stream)
            forget(stream)
        }
    }

    /// Ignored when the request is gone: timed out, or torn down by the peer.
    mutating func respond(
        _ status: ResponseStatus, _ body: [UInt8], on stream: StreamID, at now: Instant
    ) {
        guard
            let index = inboundRequests.firstIndex(where: {
                $0.stream == stream && $0.isHandedOn
            }), bodies[stream] == nil
        else { return }
        inboundRequests[index].deadline = now + ConnectionParameters.responseTimeout
        // A peer that asks for much and reads little is told to come back.
        let waiting = waitingResponseByteCount
        guard
            waiting == 0
                || waiting + body.count <= ConnectionParameters.maximumWaitingResponseByteCount
        else { return write(.busy, [], on: stream) }
        write(status, body, on: stream)
    }

    /// What the peer has asked for, or is asked, and the stream's credit does not carry yet.
    package var waitingResponseByteCount: Int {
        bodies.values.map(\.rest.count).reduce(0, +)
    }

    private mutating func write(
        _ status: ResponseStatus, _ body: [UInt8], on stream: StreamID
    ) {
        purposes[stream] = .answering
        var bytes = [status.rawValue]
        UnsignedVarint.append(UInt64(body.count), to: &bytes)
        bodies[stream] = OutgoingBody(bytes + body)
        feed(stream)
    }

    // MARK: Deadlines

    mutating func passRequestDeadlines(_ effects: inout [Effect], at now: Instant) {
        for request in outboundRequests where request.deadline <= now {
            cancelRequest(request.id)
            effects.append(.responded(request.id, .failure(.timeout)))
        }
        for request in inboundRequests where request.deadline <= now {
            connection.reset(request.stream)
            forget(request.stream)
        }
        inboundRequests.removeAll { $0.deadline <= now }
    }
}

extension PendingRequest {
    /// Reads status and length, then waits for the body. Nil while bytes are missing.
    mutating func advance() throws(RequestError) -> Result<[UInt8], RequestError>? {
        if expectedByteCount == nil { try readHead() }
        guard let expectedByteCount, let status else { return nil }
        guard bytes.count <= expectedByteCount else { throw .malformedResponse }
        guard bytes.count == expectedByteCount else { return nil }
        return status == .ok ? .success(bytes) : .failure(.status(status))
    }

    private mutating func readHead() throws(RequestError) {
        guard let first = bytes.first else { return }
        guard let status = ResponseStatus(rawValue: first) else { throw .malformedResponse }
        let head: (value: UInt64, byteCount: Int)?
        do { head = try UnsignedVarint.decode(bytes.dropFirst()) } catch {
            throw .malformedResponse
        }
        guard let head else { return }
        guard head.value <= UInt64(maximumByteCount) else {
            throw .responseTooLong(limit: maximumByteCount, found: head.value)
        }
        self.status = status
        expectedByteCount = Int(head.value)
        bytes.removeFirst(1 + head.byteCount)
    }
}
