package import Connection

/// Who is not let in, until when and why. Every ban ends; a second one within a day is longer.
///
/// A host is barred for a while once several of its peers were: an identity costs nothing. Never
/// the machine itself, on which a whole network may run. Bounds: `PeeringParameters`; the ban that
/// ends soonest makes room. Times are in Unix seconds.
package struct BanList: Hashable, Sendable {
    package struct Ban: Hashable, Sendable {
        package var until: UInt64
        package var reason: BanReason
        /// How often, within the memory.
        package var times: Int

        package init(until: UInt64, reason: BanReason, times: Int) {
            self.until = until
            self.reason = reason
            self.times = times
        }
    }

    /// A host and who of it was barred lately.
    private struct Host: Hashable, Sendable {
        var peers: [(peer: PeerID, since: UInt64)] = []
        var until: UInt64 = 0

        static func == (lhs: Host, rhs: Host) -> Bool {
            lhs.until == rhs.until && lhs.peers.map(\.peer) == rhs.peers.map(\.peer)
        }
        func hash(into hasher: inout Hasher) { hasher.combine(until) }
    }

    private var bans: [PeerID: Ban] = [:]
    private var hosts: [String: Host] = [:]

    package init() {}

    package func ban(of peer: PeerID, at seconds: UInt64) -> Ban? {
        guard let ban = bans[peer], ban.until > seconds else { return nil }
        return ban
    }

    package func isBarred(_ peer: PeerID, at seconds: UInt64) -> Bool {
        ban(of: peer, at: seconds) != nil
    }

    package func isBarred(host: String, at seconds: UInt64) -> Bool {
        (hosts[host]?.until ?? 0) > seconds
    }

    /// Returns how long the ban lasts. `host` is nil where the peer is not connected.
    package mutating func bar(
        _ peer: PeerID, host: String?, for reason: BanReason, at seconds: UInt64
    ) -> UInt64 {
        let earlier = bans[peer].flatMap {
            $0.until + PeeringParameters.banMemorySeconds > seconds ? $0 : nil
        }
        let times = reason == .faults ? min((earlier?.times ?? 0) + 1, 32) : earlier?.times ?? 0
        let length = Self.length(of: reason, times: times)
        let until = max(seconds + length, earlier?.until ?? 0)
        insert(peer, Ban(until: until, reason: reason, times: times))
        if reason == .faults, let host { note(peer, of: host, at: seconds) }
        return until - seconds
    }

    private static func length(of reason: BanReason, times: Int) -> UInt64 {
        switch reason {
        case .otherNetwork: return PeeringParameters.otherNetworkBanSeconds
        case .faults:
            let longest = PeeringParameters.longestBanSeconds
            let doublings = UInt64(max(times - 1, 0))
            return min(PeeringParameters.firstBanSeconds << doublings, longest)
        }
    }

    private mutating func insert(_ peer: PeerID, _ ban: Ban) {
        if bans[peer] == nil, bans.count >= PeeringParameters.maximumBans,
            let soonest = bans.min(by: { ($0.value.until, $0.key) < ($1.value.until, $1.key) })
        {
            bans[soonest.key] = nil
        }
        bans[peer] = ban
    }

    private mutating func note(_ peer: PeerID, of host: String, at seconds: UInt64) {
        guard !isThisMachine(host) else { return }
        if hosts[host] == nil, hosts.count >= PeeringParameters.maximumBannedHosts,
            let soonest = hosts.min(by: { ($0.value.until, $0.key) < ($1.value.until, $1.key) })
        {
            hosts[soonest.key] = nil
        }
        let time = PeeringParameters.hostBanSeconds
        var entry = hosts[host] ?? Host()
        entry.peers.removeAll { $0.peer == peer || $0.since + time <= seconds }
        entry.peers.append((peer, seconds))
        if entry.peers.count >= PeeringParameters.bannedPeersPerHost {
            entry.until = seconds + time
            entry.peers.removeAll()
        }
        hosts[host] = entry
    }

    // MARK: For the disk and for people

    /// Bans that have not ended, by peer.
    package func current(at seconds: UInt64) -> [(peer: PeerID, ban: Ban)] {
        bans.sorted { $0.key < $1.key }.filter { $0.value.until > seconds }
            .map { (peer: $0.key, ban: $0.value) }
    }

    /// Those that still make the next one longer, too.
    package func remembered(at seconds: UInt64) -> [(peer: PeerID, ban: Ban)] {
        bans.sorted { $0.key < $1.key }
            .filter { $0.value.until + PeeringParameters.banMemorySeconds > seconds }
            .map { (peer: $0.key, ban: $0.value) }
    }

    package func currentHosts(at seconds: UInt64) -> [(host: String, until: UInt64)] {
        hosts.sorted { $0.key < $1.key }.filter { $0.value.until > seconds }
            .map { (host: $0.key, until: $0.value.until) }
    }

    /// From the disk: whatever the clock was then, no ban is longer than the longest.
    package mutating func restore(_ peer: PeerID, _ ban: Ban, at seconds: UInt64) {
        guard bans.count < PeeringParameters.maximumBans else { return }
        let latest = seconds + PeeringParameters.longestBanSeconds
        bans[peer] = Ban(
            until: min(ban.until, latest), reason: ban.reason, times: min(max(ban.times, 0), 32))
    }

    package mutating func restore(host: String, until: UInt64, at seconds: UInt64) {
        guard hosts.count < PeeringParameters.maximumBannedHosts else { return }
        hosts[host] = Host(peers: [], until: min(until, seconds + PeeringParameters.hostBanSeconds))
    }
}

/// Whether `host`, an IP address as text, is the machine itself.
func isThisMachine(_ host: String) -> Bool { scope(ofHost: host) == .machine }

/// How far away somebody at `host` is; a link-local neighbour shares a site with us.
func distance(ofHost host: String) -> AddressScope {
    let scope = scope(ofHost: host)
    return scope == .nowhere ? .site : scope
}

/// `nowhere` where it is no IP address.
func scope(ofHost host: String) -> AddressScope {
    let family = host.contains(":") ? "ip6" : "ip4"
    return (try? Multiaddress("/\(family)/\(host)/tcp/1"))?.hostScope ?? .nowhere
}
