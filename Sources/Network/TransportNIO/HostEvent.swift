package import Connection

/// What a host tells its node. For each peer: `connected`, then any of the others, then
/// `disconnected`; `gossipOpened` and `gossipLost` alternate between them.
package enum HostEvent: Sendable {
    /// Requests may be made.
    case peerConnected(PeerID)
    /// A fresh gossip stream: send it all subscriptions. The router's peers come and go with these
    /// two events. `isOutbound`: this host dialled the connection.
    case gossipOpened(PeerID, protocolID: String, isOutbound: Bool)
    case gossipLost(PeerID)
    case peerDisconnected(PeerID)
    /// One gossipsub RPC, without its length.
    case gossip(from: PeerID, rpcBytes: [UInt8])
    /// To be answered through the responder, within `ConnectionParameters.responseTimeout`.
    case request(from: PeerID, protocolID: String, payload: [UInt8], RequestResponder)
    /// What the peer said of itself.
    case identified(PeerID, IdentifyMessage)
    /// The peer broke a rule on one of its streams.
    case misbehaved(PeerID, ConnectionError)

    /// The bytes it holds while it waits for the node; nil for what must never be dropped.
    var droppableByteCount: Int? {
        switch self {
        case .gossip(_, let bytes): bytes.count
        case .request(_, _, let payload, _): payload.count
        case .identified, .misbehaved: 0
        case .peerConnected, .peerDisconnected, .gossipOpened, .gossipLost: nil
        }
    }
}

/// Answers one request; only the first answer counts.
package struct RequestResponder: Sendable {
    let link: PeerLink
    let stream: UInt32

    package func respond(_ status: ResponseStatus, _ body: [UInt8]) {
        link.handle(.respond(stream, status, body))
    }

    package func succeed(_ body: [UInt8]) { respond(.ok, body) }
    package func fail(_ status: ResponseStatus) { respond(status, []) }
}
