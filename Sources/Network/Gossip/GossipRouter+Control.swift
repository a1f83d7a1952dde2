// IHAVE, IWANT and IDONTWANT as they arrive.

extension GossipRouter {
    mutating func receiveAnnouncements(
        _ announcements: [GossipRPC.Announcement], from peer: GossipPeer,
        _ turn: inout GossipTurn
    ) {
        guard !announcements.isEmpty, var demand = peers[peer]?.demand else { return }
        defer { peers[peer]?.demand = demand }
        guard scores.points(peer) >= parameters.score.gossipThreshold else {
            return turn.count(.lowScore)
        }
        let limits = parameters.limits
        demand.announcements += 1
        guard demand.announcements <= limits.announcementsPerHeartbeat else {
            return turn.count(.announcementFlood)
        }
        var missing: [GossipMessageID] = []
        for announcement in announcements where meshes[announcement.topic] != nil {
            for id in announcement.ids {
                demand.announcedIDs += 1
                guard demand.announcedIDs <= limits.announcedIDsPerHeartbeat else {
                    turn.count(.announcementFlood)
                    break
                }
                if !seen.contains(id), promises.shouldAsk(peer, for: id, at: turn.now) {
                    missing.append(id)
                }
            }
        }
        if !missing.isEmpty { turn.want(missing, from: peer) }
    }

    mutating func receiveWanted(
        _ ids: [GossipMessageID], from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        guard !ids.isEmpty, var state = peers[peer] else { return }
        defer { peers[peer] = state }
        guard scores.points(peer) >= parameters.score.gossipThreshold else {
            return turn.count(.lowScore)
        }
        let limits = parameters.limits
        for id in ids {
            state.demand.wantedIDs += 1
            guard state.demand.wantedIDs <= limits.wantedIDsPerHeartbeat else {
                return turn.count(.wantFlood)
            }
            guard let publication = cache[id] else {
                turn.count(.wantedUnknown)
                continue
            }
            guard state.served[id, default: 0] < limits.retransmissions else {
                turn.count(.wantedTooOften)
                continue
            }
            state.demand.servedByteCount += publication.data.count
            guard state.demand.servedByteCount <= limits.servedByteCountPerHeartbeat else {
                return turn.count(.wantFlood)
            }
            state.served[id, default: 0] += 1
            var rpc = GossipRPC()
            rpc.publications = [publication]
            turn.publish(serialised: rpc.encoded(), to: peer)
        }
    }

    mutating func receiveRefusals(
        _ ids: [GossipMessageID], from peer: GossipPeer, _ turn: inout GossipTurn
    ) {
        guard !ids.isEmpty, var state = peers[peer] else { return }
        defer { peers[peer] = state }
        for id in ids {
            state.demand.refusedIDs += 1
            guard state.demand.refusedIDs <= parameters.limits.dontWantIDsPerHeartbeat else {
                return turn.count(.dontWantFlood)
            }
            state.refused[id] = parameters.dontWantHeartbeats
        }
    }

    /// After a broken promise, or one of a peer that left.
    mutating func askNext(_ broken: Promises.Broken, _ turn: inout GossipTurn) {
        guard let next = broken.next, peers[next] != nil else { return }
        turn.want([broken.id], from: next)
    }
}
