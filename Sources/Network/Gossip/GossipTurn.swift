internal import SansIO

/// What one event makes the router say: effects in order, and for each peer one RPC at the end
/// that holds all of it, so that control messages travel together and with data.
struct GossipTurn: Sendable {
    let now: Instant
    private let limitByteCount: Int
    private var effects: [GossipEffect] = []
    private var boxes: [GossipPeer: Box] = [:]

    private struct Box: Sendable {
        /// Serialised RPCs one after another are their union: repeated fields append.
        var serialised: [UInt8] = []
        var control = GossipRPC()
    }

    init(now: Instant, limitByteCount: Int) {
        self.now = now
        self.limitByteCount = limitByteCount
    }

    mutating func emit(_ effect: GossipEffect) { effects.append(effect) }

    mutating func count(_ drop: GossipDrop) { effects.append(.count(drop)) }

    mutating func subscribe(_ topic: String, _ isSubscribing: Bool, to peer: GossipPeer) {
        var rpc = GossipRPC()
        rpc.subscriptions = [.init(topic: topic, isSubscribing: isSubscribing)]
        append(rpc.encoded(), to: peer)
    }

    /// `serialised` is an RPC that holds one publication; encoded once for all its receivers.
    mutating func publish(serialised: [UInt8], to peer: GossipPeer) {
        append(serialised, to: peer)
    }

    mutating func announce(_ ids: [GossipMessageID], on topic: String, to peer: GossipPeer) {
        boxes[peer, default: Box()].control.announcements.append(.init(topic: topic, ids: ids))
    }

    mutating func want(_ ids: [GossipMessageID], from peer: GossipPeer) {
        boxes[peer, default: Box()].control.wanted += ids
    }

    mutating func graft(_ topic: String, _ peer: GossipPeer) {
        boxes[peer, default: Box()].control.grafts.append(topic)
    }

    mutating func prune(_ topic: String, _ peer: GossipPeer, backoff: Duration) {
        let seconds = UInt64(max(backoff.components.seconds, 0))
        boxes[peer, default: Box()].control.prunes.append(
            .init(topic: topic, backoffSeconds: seconds, offeredPeerCount: 0))
    }

    mutating func refuse(_ id: GossipMessageID, to peer: GossipPeer) {
        boxes[peer, default: Box()].control.unwanted.append(id)
    }

    /// Nothing more is said to a peer that left.
    mutating func forget(_ peer: GossipPeer) {
        boxes[peer] = nil
        effects.removeAll {
            guard case .send(let receiver, _) = $0 else { return false }
            return receiver == peer
        }
    }

    /// The effects, then the RPCs in ascending order of peer.
    consuming func finish() -> [GossipEffect] {
        for peer in boxes.keys.sorted() {
            guard let box = boxes[peer] else { continue }
            if box.control.hasControl { append(box.control.encoded(), to: peer) }
            let serialised = boxes[peer]?.serialised ?? []
            if !serialised.isEmpty { effects.append(.send(peer, rpc: serialised)) }
        }
        return effects
    }

    private mutating func append(_ serialised: [UInt8], to peer: GossipPeer) {
        var box = boxes[peer] ?? Box()
        if box.serialised.count + serialised.count > limitByteCount, !box.serialised.isEmpty {
            effects.append(.send(peer, rpc: box.serialised))
            box.serialised = []
        }
        box.serialised += serialised
        boxes[peer] = box
    }
}
