package import Connection

/// Who is known: for each peer its signed record, which of its addresses make sense from here, and
/// how dialling it went.
///
/// A record is taken from the peer itself or from another that tells it; what counts is its
/// signature and that it is newer. No single teller and no single host can fill the book, and a
/// peer that was reached never makes room for one that is only talked of (the tried and the new of
/// Bitcoin's address manager; Heilman et al., "Eclipse Attacks on Bitcoin's Peer-to-Peer Network",
/// 2015). Bounds: `PeeringParameters`. Times are in Unix seconds.
package struct PeerBook: Sendable {
    package struct Entry: Hashable, Sendable {
        package let record: PeerRecord
        /// Of the record's, those that mean something from here; never empty.
        package let addresses: [Multiaddress]
        /// Who told it; the peer itself, or nil from the disk.
        package let teller: PeerID?
        /// When it was last reached by dialling.
        package var lastSuccess: UInt64?
        /// Attempts since then that failed.
        package var failures = 0

        package init(record: PeerRecord, addresses: [Multiaddress], teller: PeerID?) {
            self.record = record
            self.addresses = addresses
            self.teller = teller
        }
    }

    /// What became of a record.
    package enum Judgement: Hashable, Sendable {
        case added
        case renewed
        /// Known as well or better.
        case known
        case undialable
        case full
    }

    private var entries: [PeerID: Entry] = [:]
    /// Peers by host, of all their addresses.
    private var peersByHost: [String: Int] = [:]
    /// Of our own record, when it was last made.
    package private(set) var ownSequence: UInt64 = 0
    /// Rises with every change.
    package private(set) var revision = 0

    package init() {}

    package var count: Int { entries.count }
    package subscript(peer: PeerID) -> Entry? { entries[peer] }
    /// Ascending.
    package var peers: [PeerID] { entries.keys.sorted() }
    package var triedCount: Int { entries.reduce(0) { $0 + ($1.value.lastSuccess == nil ? 0 : 1) } }

    /// Takes what `teller` says, who is as far away as `distance`.
    package mutating func learn(
        _ record: PeerRecord, from teller: PeerID, at distance: AddressScope, now seconds: UInt64
    ) -> Judgement {
        // An address of a network that we do not share with the teller is another machine's here.
        let addresses = record.addresses.filter { $0.scope >= max(distance, .machine) }
        guard !addresses.isEmpty else { return .undialable }
        let known = entries[record.peer]
        if let known, known.record.sequence >= record.sequence { return .known }
        var entry = Entry(
            record: record, addresses: addresses, teller: known == nil ? teller : known?.teller)
        entry.lastSuccess = known?.lastSuccess
        if known != nil { remove(record.peer) }
        guard hasRoom(for: entry, toldBy: teller, now: seconds) else {
            if let known { insert(known) }
            return .full
        }
        insert(entry)
        revision += 1
        return known == nil ? .added : .renewed
    }

    private mutating func hasRoom(
        for entry: Entry, toldBy teller: PeerID, now seconds: UInt64
    ) -> Bool {
        for host in Self.hosts(of: entry)
        where peersByHost[host, default: 0] >= PeeringParameters.maximumPeersPerHost {
            return false
        }
        if teller != entry.record.peer, entry.lastSuccess == nil {
            let told = entries.reduce(0) { count, next in
                let isUntried = next.value.teller == teller && next.value.lastSuccess == nil
                return count + (isUntried ? 1 : 0)
            }
            guard told < PeeringParameters.maximumUntriedPerTeller else { return false }
        }
        return entries.count < PeeringParameters.maximumPeers || makeRoom(now: seconds)
    }

    /// The untried peer with the most failures goes, else one that was not reached for long.
    private mutating func makeRoom(now seconds: UInt64) -> Bool {
        let untried = entries.filter { $0.value.lastSuccess == nil }
        let worst = untried.max {
            ($0.value.failures, $0.key) < ($1.value.failures, $1.key)
        }
        if let worst, worst.value.failures > 0 {
            remove(worst.key)
            return true
        }
        let oldest = entries.filter { $0.value.lastSuccess != nil }.min {
            ($0.value.lastSuccess ?? 0, $0.key) < ($1.value.lastSuccess ?? 0, $1.key)
        }
        guard let oldest, let last = oldest.value.lastSuccess,
            last + PeeringParameters.recentSeconds < seconds
        else { return false }
        remove(oldest.key)
        return true
    }

    package mutating func reached(_ peer: PeerID, at seconds: UInt64) {
        guard var entry = entries[peer] else { return }
        let last = entry.lastSuccess
        entry.lastSuccess = max(last ?? 0, seconds)
        entry.failures = 0
        guard entry != entries[peer] else { return }
        entries[peer] = entry
        // A moment more or less is not worth writing down.
        if seconds >= (last ?? 0) + 600 { revision += 1 }
    }

    /// A peer that was never reached, or not for long, is forgotten in the end.
    package mutating func failed(_ peer: PeerID, at seconds: UInt64) {
        guard var entry = entries[peer] else { return }
        entry.failures += 1
        entries[peer] = entry
        let isLost: Bool
        if let last = entry.lastSuccess {
            isLost = last + PeeringParameters.keptSeconds < seconds
        } else {
            isLost = entry.failures >= PeeringParameters.maximumUntriedFailures
        }
        if isLost { forget(peer) }
    }

    package mutating func forget(_ peer: PeerID) {
        guard entries[peer] != nil else { return }
        remove(peer)
        revision += 1
    }

    /// The sequence of a new record of our own: the clock's, or one more than the last where the
    /// clock went back. Below 2⁶³.
    package mutating func nextSequence(at seconds: UInt64) -> UInt64 {
        let largest = UInt64(Int64.max)
        ownSequence = min(max(min(seconds, largest), min(ownSequence, largest - 1) + 1), largest)
        revision += 1
        return ownSequence
    }

    // MARK: Keeping count

    private mutating func insert(_ entry: Entry) {
        entries[entry.record.peer] = entry
        for host in Self.hosts(of: entry) { peersByHost[host, default: 0] += 1 }
    }

    private mutating func remove(_ peer: PeerID) {
        guard let entry = entries.removeValue(forKey: peer) else { return }
        for host in Self.hosts(of: entry) {
            let rest = peersByHost[host, default: 1] - 1
            peersByHost[host] = rest > 0 ? rest : nil
        }
    }

    /// Each once, the machine itself left out.
    private static func hosts(of entry: Entry) -> [String] {
        var hosts: [String] = []
        for address in entry.addresses where address.scope != .machine {
            guard let host = address.hostGroup, !hosts.contains(host) else { continue }
            hosts.append(host)
        }
        return hosts
    }

    // MARK: From the disk

    package mutating func restore(_ entry: Entry) {
        guard entries[entry.record.peer] == nil, entries.count < PeeringParameters.maximumPeers
        else { return }
        insert(entry)
    }

    package mutating func restore(ownSequence: UInt64) { self.ownSequence = ownSequence }

    mutating func noteChange() { revision += 1 }
}
