// What happens every 0.7 seconds.

extension GossipRouter {
    mutating func heartbeat(_ turn: inout GossipTurn) {
        breakPromises(&turn)
        expire(&turn)
        for topic in meshes.keys.sorted() { maintainMesh(topic, &turn) }
        maintainFanouts(&turn)
        for topic in meshes.keys.sorted() {
            announce(topic, except: meshes[topic]?.all ?? [], &turn)
        }
        for topic in fanouts.keys.sorted() {
            announce(topic, except: fanouts[topic]?.peers ?? [], &turn)
        }
        cache.shift()
    }

    private mutating func breakPromises(_ turn: inout GossipTurn) {
        let broken = promises.breakOverdue(at: turn.now)
        // Once for each peer: a hundred ids lost together are one fault.
        var culprits = SortedPeers()
        for promise in broken { culprits.insert(promise.peer) }
        for peer in culprits.all { penalise(peer, .brokenPromise, &turn) }
        for promise in broken { askNext(promise, &turn) }
    }

    private mutating func expire(_ turn: inout GossipTurn) {
        seen.expire(at: turn.now)
        for _ in 0..<undecided.expire(at: turn.now) { turn.count(.undecidedExpired) }
        backoffs.expire(at: turn.now)
        scores.decay()
        for peer in peers.keys.sorted() {
            guard var state = peers[peer] else { continue }
            state.demand = PeerState.Demand()
            state.refused = state.refused.compactMapValues { $0 > 1 ? $0 - 1 : nil }
            state.served = state.served.filter { cache[$0.key] != nil }
            peers[peer] = state
        }
    }

    private mutating func maintainFanouts(_ turn: inout GossipTurn) {
        for topic in fanouts.keys.sorted() {
            guard var fanout = fanouts[topic] else { continue }
            guard fanout.expiry > turn.now else {
                fanouts[topic] = nil
                continue
            }
            let threshold = parameters.score.publishThreshold
            let eligible = (subscribers[topic]?.all ?? []).filter {
                scores.points($0) >= threshold
            }
            fanout.peers.removeAll { !eligible.contains($0) }
            let others = eligible.filter { !fanout.peers.contains($0) }
            fanout.peers += generator.sample(
                parameters.meshSize - fanout.peers.count, from: others)
            fanouts[topic] = fanout
        }
    }

    /// IHAVE to max(D_lazy, a quarter) of the subscribers that we do not push to.
    private mutating func announce(
        _ topic: String, except pushed: [GossipPeer], _ turn: inout GossipTurn
    ) {
        let ids = cache.announced(topic: topic)
        guard !ids.isEmpty else { return }
        let threshold = parameters.score.gossipThreshold
        let eligible = (subscribers[topic]?.all ?? []).filter {
            !pushed.contains($0) && scores.points($0) >= threshold
        }
        let share = eligible.count * parameters.gossipPercent / 100
        // All topics of one heartbeat may go to one peer, which takes so many ids in all.
        let topicCount = meshes.count + fanouts.count
        let most = parameters.limits.announcedIDsPerHeartbeat / max(1, topicCount)
        for peer in generator.sample(max(parameters.lazyPeerCount, share), from: eligible) {
            let chosen = ids.count <= most ? ids : generator.sample(most, from: ids)
            turn.announce(chosen, on: topic, to: peer)
        }
    }
}
