// Who is there, and who is subscribed to what.

extension GossipRouter {
    /// A second `connected` means that our stream broke and is open again: the peer's mesh state
    /// about us went with it, so ours goes too, and it hears our subscriptions anew.
    mutating func connect(
        _ peer: GossipPeer, isOutbound: Bool, understandsDontWant: Bool, _ turn: inout GossipTurn
    ) {
        guard peers[peer] != nil || peers.count < parameters.limits.peers else {
            return turn.count(.tooManyPeers)
        }
        var state = PeerState(isOutbound: isOutbound, understandsDontWant: understandsDontWant)
        state.topics = peers[peer]?.topics ?? []
        peers[peer] = state
        for topic in meshes.keys.sorted() { meshes[topic]?.remove(peer) }
        for topic in subscriptions.keys.sorted() { turn.subscribe(topic, true, to: peer) }
    }

    mutating func disconnect(_ peer: GossipPeer, _ turn: inout GossipTurn) {
        guard let state = peers.removeValue(forKey: peer) else { return }
        for topic in state.topics { removeSubscriber(peer, from: topic) }
        for topic in meshes.keys.sorted() { meshes[topic]?.remove(peer) }
        for topic in fanouts.keys.sorted() { fanouts[topic]?.peers.removeAll { $0 == peer } }
        for broken in promises.forget(peer, at: turn.now) { askNext(broken, &turn) }
        turn.forget(peer)
    }

    mutating func subscribe(_ topic: String, _ policy: TopicPolicy, _ turn: inout GossipTurn) {
        let limits = parameters.limits
        guard subscriptions[topic] != nil || subscriptions.count < limits.topics,
            topic.utf8.count <= limits.topicByteCount
        else { return turn.count(.tooManyTopics) }
        let isNew = subscriptions.updateValue(policy, forKey: topic) == nil
        guard isNew else { return }
        meshes[topic] = SortedPeers()
        for peer in peers.keys.sorted() { turn.subscribe(topic, true, to: peer) }
        let former = fanouts.removeValue(forKey: topic)?.peers ?? []
        for peer in former where canGraft(peer, topic, at: turn.now) {
            graft(peer, topic, &turn)
        }
        fillMesh(topic, &turn)
    }

    mutating func unsubscribe(_ topic: String, _ turn: inout GossipTurn) {
        guard subscriptions.removeValue(forKey: topic) != nil else { return }
        let wait = parameters.unsubscribeBackoff
        for peer in meshes.removeValue(forKey: topic)?.all ?? [] {
            turn.prune(topic, peer, backoff: wait)
            backoffs.start(peer, topic: topic, for: wait, at: turn.now)
        }
        for peer in peers.keys.sorted() { turn.subscribe(topic, false, to: peer) }
    }

    mutating func receive(
        _ subscription: GossipRPC.Subscription, from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        guard var state = peers[peer] else { return }
        let topic = subscription.topic
        let place = state.topics.firstIndex { $0 >= topic } ?? state.topics.count
        let isKnown = place < state.topics.count && state.topics[place] == topic
        guard subscription.isSubscribing else {
            if isKnown {
                state.topics.remove(at: place)
                peers[peer] = state
                removeSubscriber(peer, from: topic)
                meshes[topic]?.remove(peer)
                fanouts[topic]?.peers.removeAll { $0 == peer }
            }
            return
        }
        guard !isKnown else { return }
        guard state.topics.count < parameters.limits.topicsPerPeer else {
            return penalise(peer, .tooManySubscriptions, &turn)
        }
        state.topics.insert(topic, at: place)
        peers[peer] = state
        subscribers[topic, default: SortedPeers()].insert(peer)
        if subscriptions[topic] != nil { turn.emit(.subscribed(peer, topic: topic)) }
        // Without waiting for the heartbeat: what is published meanwhile would miss the newcomer.
        if let mesh = meshes[topic], mesh.count < parameters.meshSizeLow,
            canGraft(peer, topic, at: turn.now)
        {
            graft(peer, topic, &turn)
        }
    }

    private mutating func removeSubscriber(_ peer: GossipPeer, from topic: String) {
        subscribers[topic]?.remove(peer)
        if subscribers[topic]?.isEmpty == true { subscribers[topic] = nil }
    }
}
