internal import SansIO

// Who is in the mesh of a topic: gossipsub-v1.1.md, "Mesh maintenance".

extension GossipRouter {
    func canGraft(_ peer: GossipPeer, _ topic: String, at now: Instant) -> Bool {
        peers[peer] != nil && scores.points(peer) >= 0
            && subscribers[topic]?.contains(peer) == true
            && meshes[topic]?.contains(peer) == false
            && !backoffs.isActive(peer, topic: topic, at: now)
    }

    mutating func graft(_ peer: GossipPeer, _ topic: String, _ turn: inout GossipTurn) {
        meshes[topic]?.insert(peer)
        turn.graft(topic, peer)
    }

    mutating func prune(_ peer: GossipPeer, _ topic: String, _ turn: inout GossipTurn) {
        meshes[topic]?.remove(peer)
        turn.prune(topic, peer, backoff: parameters.pruneBackoff)
        backoffs.start(peer, topic: topic, for: parameters.pruneBackoff, at: turn.now)
    }

    /// Up to D, if there are enough to graft.
    mutating func fillMesh(_ topic: String, _ turn: inout GossipTurn) {
        let missing = parameters.meshSize - (meshes[topic]?.count ?? 0)
        guard missing > 0 else { return }
        let candidates = (subscribers[topic]?.all ?? []).filter {
            canGraft($0, topic, at: turn.now)
        }
        for peer in generator.sample(missing, from: candidates) { graft(peer, topic, &turn) }
    }

    mutating func maintainMesh(_ topic: String, _ turn: inout GossipTurn) {
        for peer in meshes[topic]?.all ?? [] where scores.points(peer) < 0 {
            prune(peer, topic, &turn)
        }
        guard let mesh = meshes[topic] else { return }
        if mesh.count < parameters.meshSizeLow {
            fillMesh(topic, &turn)
        } else if mesh.count > parameters.meshSizeHigh {
            trimMesh(mesh, topic, &turn)
        }
        addOutbound(topic, &turn)
    }

    /// Down to D, of which D_out outbound where there are so many.
    private mutating func trimMesh(
        _ mesh: SortedPeers, _ topic: String, _ turn: inout GossipTurn
    ) {
        let shuffled = generator.sample(mesh.count, from: mesh.all)
        let outbound = shuffled.filter { peers[$0]?.isOutbound == true }
            .prefix(parameters.meshOutboundMinimum)
        let others = shuffled.filter { !outbound.contains($0) }
        let kept = parameters.meshSize - outbound.count
        for peer in others.dropFirst(max(kept, 0)) { prune(peer, topic, &turn) }
    }

    private mutating func addOutbound(_ topic: String, _ turn: inout GossipTurn) {
        guard let mesh = meshes[topic], mesh.count >= parameters.meshSizeLow else { return }
        let present = mesh.all.count { peers[$0]?.isOutbound == true }
        let missing = parameters.meshOutboundMinimum - present
        guard missing > 0 else { return }
        let candidates = (subscribers[topic]?.all ?? []).filter {
            peers[$0]?.isOutbound == true && canGraft($0, topic, at: turn.now)
        }
        for peer in generator.sample(missing, from: candidates) { graft(peer, topic, &turn) }
    }

    mutating func receiveGraft(
        _ topic: String, from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        // An unknown topic gets no answer: a PRUNE for each would amplify (gossipsub-v1.1.md,
        // "Spam protection"), and py-libp2p grafts topics of others.
        guard let mesh = meshes[topic], subscribers[topic]?.contains(peer) == true else {
            return turn.count(.unwantedGraft)
        }
        guard !mesh.contains(peer) else { return }
        if backoffs.isActive(peer, topic: topic, at: turn.now) {
            penalise(peer, .graftDuringBackoff, &turn)
            return prune(peer, topic, &turn)
        }
        let isWelcome = mesh.count < parameters.meshSizeHigh || peers[peer]?.isOutbound == true
        guard isWelcome, scores.points(peer) >= 0 else {
            turn.count(.unwantedGraft)
            return prune(peer, topic, &turn)
        }
        meshes[topic]?.insert(peer)
    }

    mutating func receivePrune(
        _ prune: GossipRPC.Prune, from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        if prune.offeredPeerCount > 0 { turn.count(.peerExchange) }
        // Only for topics of ours: else a peer could fill the table with names.
        guard meshes[prune.topic] != nil else { return }
        meshes[prune.topic]?.remove(peer)
        let wait = parameters.backoff(wishedSeconds: prune.backoffSeconds)
        backoffs.start(peer, topic: prune.topic, for: wait, at: turn.now)
    }
}
