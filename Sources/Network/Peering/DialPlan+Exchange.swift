internal import Connection
internal import SansIO

// Peer records: our peers' own, those we are told, those we tell.
extension DialPlan {
    mutating func identified(
        _ peer: PeerID, _ agent: String?, _ envelope: [UInt8]?,
        _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard var connection = connections[peer] else { return }
        connection.agent = agent.map(Self.printable)
        connections[peer] = connection
        guard let envelope, envelope != connection.record?.envelope else { return }
        if let last = connection.recordVerifiedAt, now - last < PeeringParameters.ownRecordPause {
            return effects.append(.count(.peerRecordTooSoon, peer))
        }
        connections[peer]?.recordVerifiedAt = now
        do throws(ConnectionError) {
            let record = try PeerRecord(verifying: envelope)
            guard record.peer == peer else { throw .malformed("another peer's record") }
            connections[peer]?.record = record
            if connection.isApproved { learnOwnRecord(of: peer, &effects, at: now) }
        } catch {
            effects.append(.count(.invalidPeerRecord, peer))
            count(.peerRecord, of: peer, "\(error)", &effects, at: now)
        }
    }

    mutating func approved(
        _ peer: PeerID, _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard connections[peer] != nil else { return }
        connections[peer]?.isApproved = true
        learnOwnRecord(of: peer, &effects, at: now)
        noteReached(peer, at: now)
        askSoon(at: now)
    }

    mutating func askSoon(at now: Instant) {
        let soonest = lastAsk.map { max(now, $0 + PeeringParameters.shortestAskPause) } ?? now
        nextAsk = min(nextAsk ?? soonest, soonest)
    }

    private mutating func learnOwnRecord(
        of peer: PeerID, _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard let connection = connections[peer], let record = connection.record else { return }
        _ = learn(record, from: peer, &effects, at: now)
        noteReached(peer, at: now)
    }

    private mutating func noteReached(_ peer: PeerID, at now: Instant) {
        guard let connection = connections[peer], connection.isOutbound, connection.isApproved
        else { return }
        book.reached(peer, at: clock.seconds(at: now))
    }

    /// True where the peer is new.
    private mutating func learn(
        _ record: PeerRecord, from teller: PeerID, _ effects: inout [PeeringEffect],
        at now: Instant
    ) -> Bool {
        guard record.peer != localPeer, let connection = connections[teller] else { return false }
        let judgement = book.learn(
            record, from: teller, at: distance(ofHost: connection.host),
            now: clock.seconds(at: now))
        switch judgement {
        case .added, .renewed: retries[record.peer] = nil
        case .known: break
        case .undialable: effects.append(.count(.undialablePeerRecord, teller))
        case .full: effects.append(.count(.peerBookFull, teller))
        }
        return judgement == .added
    }

    // MARK: Asking

    var nextAskDeadline: Instant? {
        guard !isAsking, connections.contains(where: { $0.value.isApproved }) else { return nil }
        return nextAsk
    }

    mutating func askDue(_ effects: inout [PeeringEffect], at now: Instant) {
        guard let due = nextAskDeadline, due <= now else { return }
        let approved = connections.keys.sorted().filter { connections[$0]?.isApproved == true }
        let ranked = approved.map { peer in
            (
                asked: connections[peer]?.askedAt?.nanosecondsSinceOrigin ?? 0,
                order: generator.next(), peer: peer
            )
        }
        guard let next = ranked.min(by: { ($0.asked, $0.order) < ($1.asked, $1.order) }) else {
            return
        }
        connections[next.peer]?.askedAt = now
        isAsking = true
        lastAsk = now
        let hasEnough = connections.count >= target
        nextAsk = now + jittered(hasEnough ? PeeringParameters.idleAskPause : askPause)
        askPause = min(askPause * 2, PeeringParameters.longestAskPause)
        effects.append(.ask(next.peer))
    }

    mutating func told(
        _ teller: PeerID, _ records: [PeerRecord]?, _ effects: inout [PeeringEffect],
        at now: Instant
    ) {
        isAsking = false
        defer { tryUnknown(&effects, at: now) }
        guard let records else { return effects.append(.count(.peersNotTold, teller)) }
        var isNews = false
        for record in records.prefix(ConnectionParameters.maximumExchangedRecords)
        where learn(record, from: teller, &effects, at: now) {
            isNews = true
        }
        guard isNews, connections.count < target else { return }
        askPause = PeeringParameters.shortestAskPause
        let soon = now + jittered(askPause)
        nextAsk = min(nextAsk ?? soon, soon)
    }

    // MARK: Telling

    mutating func answer(
        _ peer: PeerID, _ ticket: UInt64, _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard mayAsk(peer, at: now), let host = connections[peer]?.host else {
            effects.append(.count(.peersAskedTooOften, peer))
            return effects.append(.answer(ticket: ticket, nil))
        }
        let seconds = clock.seconds(at: now)
        let nearest = distance(ofHost: host)
        var found: [PeerID: PeerRecord] = [:]
        for known in book.peers {
            guard let entry = book[known], let last = entry.lastSuccess,
                last + PeeringParameters.recentSeconds > seconds
            else { continue }
            found[known] = entry.record
        }
        for other in connections.keys.sorted() {
            guard let connection = connections[other], connection.isApproved else { continue }
            found[other] = connection.record ?? found[other]
        }
        let told = found.keys.sorted()
            .filter { $0 != peer && !isBarred($0, at: now) }
            .compactMap { found[$0] }
            .filter { $0.addresses.contains { $0.scope >= nearest } }
            .map { (order: generator.next(), envelope: $0.envelope) }
            .sorted { $0.order < $1.order }
            .prefix(ConnectionParameters.maximumExchangedRecords)
        effects.append(.answer(ticket: ticket, told.map(\.envelope)))
    }

    /// Takes one of what the peer may ask.
    private mutating func mayAsk(_ peer: PeerID, at now: Instant) -> Bool {
        guard var connection = connections[peer] else { return false }
        let refill = PeeringParameters.askRefill
        let grown = Int(
            clamping: (now - connection.refilledAt).clampedNanoseconds
                / refill.clampedNanoseconds)
        if grown > 0 {
            connection.asksLeft = min(
                connection.asksLeft + min(grown, PeeringParameters.askBurst),
                PeeringParameters.askBurst)
            connection.refilledAt = now
        }
        defer { connections[peer] = connection }
        guard connection.asksLeft > 0 else { return false }
        connection.asksLeft -= 1
        return true
    }

    /// A peer's words as they may be shown: printable ASCII, short.
    private static func printable(_ text: String) -> String {
        String(
            decoding: text.utf8.prefix(64).map {
                (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?")
            }, as: UTF8.self)
    }
}
