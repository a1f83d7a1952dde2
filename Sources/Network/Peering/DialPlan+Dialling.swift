internal import Connection
internal import SansIO

// When to dial whom.
extension DialPlan {
    mutating func add(_ address: Multiaddress, at now: Instant) {
        guard address.endpoint != nil, address.peerID != localPeer,
            fixed.count < PeeringParameters.maximumFixedAddresses,
            !fixed.contains(where: { $0.address == address })
        else { return }
        fixed.append(
            Fixed(
                address: address, peer: address.peerID,
                backoff: DialBackoff(seed: generator.next()), due: now))
    }

    // MARK: Connections

    mutating func connected(_ peer: PeerID, host: String, dial: DialID?, at now: Instant) {
        let wasAlone = connections.isEmpty
        connections[peer] = PeerConnection(host: host, isOutbound: dial != nil, since: now)
        wanted[peer] = nil
        guard let dial else { return }
        dials[dial]?.hasConnected = true
        if case .fixed(let index) = dials[dial]?.target { fixed[index].peer = peer }
        if wasAlone { startOver(at: now) }
    }

    /// The network is back: nobody waits for the end of a pause that an outage made long.
    private mutating func startOver(at now: Instant) {
        if let lastRestart, now - lastRestart < DialBackoff.lastingConnection { return }
        lastRestart = now
        for index in fixed.indices where isWaiting(fixed[index]) {
            fixed[index].backoff.reset()
            fixed[index].due = min(fixed[index].due, now + fixed[index].backoff.nextPause())
        }
        for peer in retries.keys.sorted() {
            retries[peer]?.ceiling = DialBackoff.shortest
            retries[peer]?.due = now
        }
    }

    mutating func disconnected(_ peer: PeerID, at now: Instant) {
        guard let connection = connections.removeValue(forKey: peer) else { return }
        let hasLasted = now - connection.since >= DialBackoff.lastingConnection
        for index in fixed.indices where fixed[index].peer == peer {
            if hasLasted { fixed[index].backoff.reset() }
            if !fixed[index].isDialling {
                fixed[index].due = now + fixed[index].backoff.nextPause()
            }
        }
        if hasLasted { retries[peer]?.ceiling = DialBackoff.shortest }
        pause(peer, at: now)
    }

    mutating func ended(
        _ id: DialID, _ outcome: DialOutcome, _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard let dial = dials.removeValue(forKey: id) else { return }
        switch dial.target {
        case .fixed(let index):
            fixed[index].isDialling = false
            fixed[index].peer = outcome.peer ?? fixed[index].peer
            fixed[index].isOff = outcome.reason == .dialledSelf
            fixed[index].due = now + fixed[index].backoff.nextPause()
            if let peer = fixed[index].peer, !dial.hasConnected {
                tryNext(peer, &effects, at: now)
            }
        case .known(let peer):
            guard outcome.reason != .dialledSelf else {
                book.forget(peer)
                retries[peer] = nil
                return tryNext(peer, &effects, at: now)
            }
            // A duplicate was reached, and has another connection.
            if dial.hasConnected || outcome.peer == peer { return }
            book.failed(peer, at: clock.seconds(at: now))
            effects.append(.count(.dialFailed, nil))
            pause(peer, at: now)
            if book[peer] == nil { retries[peer] = nil }
            tryNext(peer, &effects, at: now)
        }
    }

    /// Sets when a peer of the book is dialled again.
    private mutating func pause(_ peer: PeerID, at now: Instant) {
        guard let entry = book[peer] else { return }
        var retry = retries[peer] ?? Retry(due: now)
        retry.due = now + jittered(retry.ceiling)
        let recent = (entry.lastSuccess ?? 0) + PeeringParameters.recentSeconds
        let isRecent = entry.lastSuccess != nil && recent > clock.seconds(at: now)
        retry.ceiling = min(
            retry.ceiling * 2,
            isRecent ? PeeringParameters.longestRecentPause : PeeringParameters.longestPause)
        retries[peer] = retry
    }

    /// Between half of `pause` and the whole.
    mutating func jittered(_ pause: Duration) -> Duration {
        let nanoseconds = pause.clampedNanoseconds
        return .nanoseconds(
            Int64(
                clamping: UInt64.random(in: (nanoseconds / 2)...nanoseconds, using: &generator)))
    }

    // MARK: Wanted peers

    mutating func want(_ peer: PeerID, _ effects: inout [PeeringEffect], at now: Instant) {
        guard connections[peer] == nil, wanted[peer] == nil else { return }
        guard wanted.count < PeeringParameters.maximumWanted else {
            effects.append(.count(.wantedTooMany, nil))
            return effects.append(.unreachable(peer))
        }
        guard !isBarred(peer, at: now) else { return effects.append(.unreachable(peer)) }
        let last = retries[peer]?.lastAttempt
        let isTooSoon = last.map { now - $0 < PeeringParameters.wantedPause } ?? false
        let isDialling = dials.contains { $0.value.target == .known(peer) }
        let addressCount = book[peer]?.addresses.count ?? 0
        wanted[peer] = Wanted(
            addressesLeft: isDialling ? addressCount - 1 : isTooSoon ? 0 : addressCount,
            unknownSince: book[peer] == nil ? now : nil)
        for index in fixed.indices where fixed[index].peer == peer && isWaiting(fixed[index]) {
            fixed[index].due = now
        }
        if !isDialling { tryNext(peer, &effects, at: now) }
    }

    /// The next address of a wanted peer, or a question to others, or word that there is nothing.
    mutating func tryNext(_ peer: PeerID, _ effects: inout [PeeringEffect], at now: Instant) {
        guard let rest = wanted[peer] else { return }
        if rest.addressesLeft > 0, book[peer] != nil {
            wanted[peer]?.addressesLeft -= 1
            return dial(peer, &effects, at: now)
        }
        let isPending =
            dials.contains { $0.value.target == .known(peer) }
            || fixed.contains { entry in
                entry.peer == peer && (entry.isDialling || isWaiting(entry) && entry.due <= now)
            }
        if isPending { return }
        if rest.unknownSince != nil, connections.contains(where: { $0.value.isApproved }) {
            return askSoon(at: now)
        }
        wanted[peer] = nil
        effects.append(.count(.wantedUnreachable, nil))
        effects.append(.unreachable(peer))
    }

    /// The answer to the last question has come: peers that were wanted before it was asked are
    /// known now, or given up.
    mutating func tryUnknown(_ effects: inout [PeeringEffect], at now: Instant) {
        for peer in wanted.keys.sorted() {
            guard let since = wanted[peer]?.unknownSince, let lastAsk,
                since <= lastAsk || book[peer] != nil
            else { continue }
            wanted[peer] = Wanted(
                addressesLeft: book[peer]?.addresses.count ?? 0, unknownSince: nil)
            tryNext(peer, &effects, at: now)
        }
    }

    // MARK: Dialling

    /// Not connected, not being dialled, not ourselves.
    func isWaiting(_ entry: Fixed) -> Bool {
        guard !entry.isDialling, !entry.isOff else { return false }
        return entry.peer.map { connections[$0] == nil } ?? true
    }

    /// The same of a peer of the book.
    func isIdle(_ peer: PeerID) -> Bool {
        connections[peer] == nil && !fixed.contains { $0.peer == peer }
            && !dials.contains { $0.value.target == .known(peer) }
    }

    /// Fewer connections than wanted, or too few of our own choice, counting what is on its way.
    var seeksMore: Bool {
        let pending = dials.reduce(0) { count, dial in
            guard case .known = dial.value.target else { return count }
            return count + (dial.value.hasConnected ? 0 : 1)
        }
        guard pending < PeeringParameters.maximumDials else { return false }
        let outbound = connections.reduce(0) { $0 + ($1.value.isOutbound ? 1 : 0) }
        return connections.count + pending < target
            || outbound + pending < minimumOutbound
    }

    mutating func dialFixed(_ effects: inout [PeeringEffect], at now: Instant) {
        for index in fixed.indices where isWaiting(fixed[index]) && fixed[index].due <= now {
            if let peer = fixed[index].peer, isBarred(peer, at: now) {
                fixed[index].due = now + DialBackoff.longest
                continue
            }
            fixed[index].isDialling = true
            effects.append(.dial(begin(.fixed(index)), fixed[index].address))
        }
    }

    mutating func dialKnown(_ effects: inout [PeeringEffect], at now: Instant) {
        guard seeksMore, book.count > 0 else { return }
        var candidates: [(failures: Int, order: UInt64, peer: PeerID)] = []
        for peer in book.peers where isIdle(peer) && (retries[peer]?.due ?? .origin) <= now {
            guard !isBarred(peer, at: now) else {
                retries[peer, default: Retry(due: now)].due = now + DialBackoff.longest
                continue
            }
            candidates.append((book[peer]?.failures ?? 0, generator.next(), peer))
        }
        candidates.sort { ($0.failures, $0.order) < ($1.failures, $1.order) }
        for candidate in candidates {
            guard seeksMore else { return }
            dial(candidate.peer, &effects, at: now)
        }
    }

    /// Dials the peer's next address.
    private mutating func dial(
        _ peer: PeerID, _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard let entry = book[peer] else { return }
        var retry = retries[peer] ?? Retry(due: now)
        let address = entry.addresses[retry.nextAddress % entry.addresses.count]
        retry.nextAddress = (retry.nextAddress + 1) % entry.addresses.count
        retry.lastAttempt = now
        retries[peer] = retry
        effects.append(.dial(begin(.known(peer)), address))
    }

    private mutating func begin(_ target: Target) -> DialID {
        nextDial += 1
        let id = DialID(number: nextDial)
        dials[id] = Dial(target: target)
        return id
    }
}
