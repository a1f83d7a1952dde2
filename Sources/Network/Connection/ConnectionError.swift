/// What can go wrong on a connection. Each case says what it means about the peer: *fault* (it
/// broke a rule; disconnect), *absent* (it went away or is slow; redial later), *ours*.
package enum ConnectionError: Error, Hashable, Sendable {
    /// Fault: not a minimal unsigned varint below 2⁶³.
    case invalidVarint
    /// Fault: a length prefix announces more than its limit.
    case messageTooLong(limit: Int, found: UInt64)
    /// Fault: a multistream message without its newline, or a wrong header.
    case malformedNegotiation
    /// Absent: none of our proposals is served by the peer.
    case noCommonProtocol(proposed: [String])
    /// Fault: a responder answered with another protocol than was proposed.
    case unexpectedProtocol(expected: String, found: String)
    /// Fault: more proposals than are allowed.
    case tooManyProposals(limit: Int)
    /// Fault, or somebody on the path: see `NoiseError`.
    case noise(NoiseError)
    /// Ours: the address leads to this node itself.
    case dialledSelf
    /// Absent: the handshake did not end in time.
    case handshakeTimeout
    /// Fault: a yamux frame that breaks a rule.
    case yamux(YamuxFault)
    /// Absent: our ping was not answered in time.
    case pingTimeout
    /// Absent: the peer provokes answers and does not read them.
    case peerNotReading(limit: Int)
    /// Absent: the peer said GO_AWAY.
    case goAway(code: UInt32)
    /// Absent: the socket closed.
    case disconnected
    /// Ours: a second connection to the same peer lost against the first.
    case duplicateConnection
    /// Ours: the connection was closed here.
    case closedHere
    /// Ours: the peer is barred here, for its faults or because its network is another one.
    case barred
    /// Fault: a protobuf or multiformat field does not parse.
    case malformed(String)
    /// Ignore: well formed, but of a kind this network does not use.
    case unsupported(String)
}

/// Rules of yamux that a peer can break.
package enum YamuxFault: Hashable, Sendable {
    case unknownVersion(UInt8)
    case unknownType(UInt8)
    case unknownFlags(UInt16)
    case frameTooLong(limit: Int, found: UInt32)
    case receiveWindowExceeded(stream: UInt32, window: Int, found: Int)
    case streamAlreadyOpen(UInt32)
    case wrongStreamParity(UInt32)
    case sessionFrameOnStream(UInt32)
    case dataOnSession
}
