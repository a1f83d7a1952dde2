internal import SansIO

// The way of a message: in, validated, on.

extension GossipRouter {
    mutating func receive(
        _ bytes: [UInt8], from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        guard peers[peer] != nil else { return turn.count(.unknownPeer) }
        guard scores.points(peer) >= parameters.score.graylistThreshold else {
            return turn.count(.graylistedPeer)
        }
        let rpc: GossipRPC
        do {
            rpc = try GossipRPC(decoding: bytes, limits: parameters.limits)
        } catch {
            return penalise(peer, error == .malformed ? .malformedRPC : .oversizedRPC, &turn)
        }
        for subscription in rpc.subscriptions { receive(subscription, from: peer, &turn) }
        for publication in rpc.publications { receive(publication, from: peer, &turn) }
        receiveAnnouncements(rpc.announcements, from: peer, &turn)
        receiveWanted(rpc.wanted, from: peer, &turn)
        for topic in rpc.grafts { receiveGraft(topic, from: peer, &turn) }
        for prune in rpc.prunes { receivePrune(prune, from: peer, &turn) }
        receiveRefusals(rpc.unwanted, from: peer, &turn)
    }

    private mutating func receive(
        _ publication: GossipPublication, from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        guard let policy = subscriptions[publication.topic] else {
            return turn.count(.unknownTopic)
        }
        guard publication.data.count <= parameters.limits.messageByteCount else {
            return penalise(peer, .oversizedMessage, &turn)
        }
        guard policy.permits(publication) else {
            return penalise(peer, .wrongSigningPolicy, &turn)
        }
        guard let id = messageID(of: publication, policy) else {
            return penalise(peer, .unidentifiableMessage, &turn)
        }
        promises.fulfil(id)
        guard !seen.contains(id) else {
            undecided.noteCopy(publication, id: id, from: peer)
            return turn.count(.duplicate)
        }
        guard !undecided.isFull else { return turn.count(.undecidedFull) }
        seen.insert(id, at: turn.now)
        let handle = undecided.insert(publication, id: id, from: peer, at: turn.now)
        turn.emit(.validate(handle, publication, from: peer))
        if publication.data.count > parameters.dontWantThresholdByteCount {
            for other in meshes[publication.topic]?.all ?? []
            where other != peer && peers[other]?.understandsDontWant == true {
                turn.refuse(id, to: other)
            }
        }
    }

    mutating func decide(
        _ handle: MessageHandle, _ acceptance: Acceptance, _ turn: inout GossipTurn
    ) {
        guard let entry = undecided.remove(handle) else { return turn.count(.unknownHandle) }
        switch acceptance {
        case .accept: forward(entry, &turn)
        case .ignore: break
        case .reject:
            for sender in entry.senders { penalise(sender, .invalidMessage, &turn) }
            reconsider(entry, &turn)
        }
    }

    private mutating func forward(
        _ entry: UndecidedMessages.Entry, _ turn: inout GossipTurn
    ) {
        cache.insert(entry.publication, id: entry.id)
        var rpc = GossipRPC()
        rpc.publications = [entry.publication]
        let serialised = rpc.encoded()
        for peer in meshes[entry.publication.topic]?.all ?? []
        where !entry.senders.contains(peer) && peers[peer]?.refused[entry.id] == nil {
            turn.publish(serialised: serialised, to: peer)
        }
    }

    /// A rejected copy says nothing about the message: the next one under its id is validated,
    /// and where there is none, any that comes. Mesh peers that were told not to send theirs are
    /// asked for it, without a promise: they may not have it.
    private mutating func reconsider(
        _ entry: UndecidedMessages.Entry, _ turn: inout GossipTurn
    ) {
        if let next = entry.alternates.first {
            let handle = undecided.insert(
                next.publication, id: entry.id, from: next.sender,
                alternates: Array(entry.alternates.dropFirst()), at: turn.now)
            turn.emit(.validate(handle, next.publication, from: next.sender))
            return
        }
        seen.remove(entry.id)
        guard entry.publication.data.count > parameters.dontWantThresholdByteCount else { return }
        for peer in meshes[entry.publication.topic]?.all ?? []
        where !entry.senders.contains(peer) && peers[peer]?.understandsDontWant == true {
            turn.want([entry.id], from: peer)
        }
    }

    mutating func publish(_ publication: GossipPublication, _ turn: inout GossipTurn) {
        let policy =
            subscriptions[publication.topic]
            ?? (publication.from.isEmpty ? .strictNoSign : .strictSign)
        precondition(policy.permits(publication), "an own message breaks its topic's policy")
        guard publication.data.count <= parameters.limits.messageByteCount else {
            return turn.count(.ownMessageTooLong)
        }
        guard let id = messageID(of: publication, policy) else {
            preconditionFailure("an own message has no id")
        }
        guard !seen.contains(id) else { return turn.count(.duplicate) }
        seen.insert(id, at: turn.now)
        cache.insert(publication, id: id)
        let receivers = receivers(of: publication, &turn)
        var rpc = GossipRPC()
        rpc.publications = [publication]
        let serialised = rpc.encoded()
        for peer in receivers { turn.publish(serialised: serialised, to: peer) }
        turn.emit(.published(id, peerCount: receivers.count))
    }

    /// Nothing is remembered of it: the peer drops what it has seen.
    mutating func tell(
        _ publications: [GossipPublication], to peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        guard let topics = peers[peer]?.topics else { return turn.count(.unknownPeer) }
        for publication in publications where topics.contains(publication.topic) {
            var rpc = GossipRPC()
            rpc.publications = [publication]
            turn.publish(serialised: rpc.encoded(), to: peer)
        }
    }

    private mutating func receivers(
        of publication: GossipPublication, _ turn: inout GossipTurn
    ) -> [GossipPeer] {
        let topic = publication.topic
        let threshold = parameters.score.publishThreshold
        let eligible = (subscribers[topic]?.all ?? []).filter { scores.points($0) >= threshold }
        if publication.data.count <= parameters.floodLimitByteCount { return eligible }
        if let mesh = meshes[topic] {
            // A short mesh would lose the message: others fill in up to D.
            let others = eligible.filter { !mesh.contains($0) }
            return mesh.all + generator.sample(parameters.meshSize - mesh.count, from: others)
        }
        return fanoutPeers(topic, eligible, &turn)
    }

    private mutating func fanoutPeers(
        _ topic: String, _ eligible: [GossipPeer], _ turn: inout GossipTurn
    ) -> [GossipPeer] {
        var chosen = fanouts[topic]?.peers ?? []
        let others = eligible.filter { !chosen.contains($0) }
        chosen += generator.sample(parameters.meshSize - chosen.count, from: others)
        let isNew = fanouts[topic] == nil
        if !chosen.isEmpty, !isNew || fanouts.count < parameters.limits.topics {
            fanouts[topic] = Fanout(
                peers: chosen, expiry: turn.now + parameters.fanoutLifetime)
        }
        return chosen
    }

    private func messageID(
        of publication: GossipPublication, _ policy: TopicPolicy
    ) -> GossipMessageID? {
        let id: GossipMessageID? =
            switch policy {
            case .strictNoSign: identify(publication)
            case .strictSign:
                GossipMessageID(bytes: publication.from + publication.sequenceNumber)
            }
        guard let id, id.bytes.count <= parameters.limits.messageIDByteCount else { return nil }
        return id
    }
}

extension TopicPolicy {
    fileprivate func permits(_ publication: GossipPublication) -> Bool {
        switch self {
        case .strictNoSign:
            publication.from.isEmpty && publication.sequenceNumber.isEmpty
                && publication.signature.isEmpty && publication.key.isEmpty
        case .strictSign:
            !publication.from.isEmpty && publication.sequenceNumber.count == 8
                && !publication.signature.isEmpty
        }
    }
}
