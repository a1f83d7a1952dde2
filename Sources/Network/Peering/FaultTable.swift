internal import Connection
internal import SansIO

/// The faults of peers, connected or not: leaving and coming back cleans no record, time does, a
/// point a minute. A full table forgets whoever has the least.
struct FaultTable: Sendable {
    private struct Points: Sendable {
        var count: Int
        /// When the last point was forgotten, or the first one given.
        var since: Instant
    }

    private var points: [PeerID: Points] = [:]

    func count(of peer: PeerID, at now: Instant) -> Int {
        points[peer].map { Self.decayed($0, at: now).count } ?? 0
    }

    /// The peer's points with `weight` more.
    mutating func add(_ weight: Int, to peer: PeerID, at now: Instant) -> Int {
        var entry = points[peer].map { Self.decayed($0, at: now) } ?? Points(count: 0, since: now)
        entry.count = min(entry.count + weight, PeeringParameters.maximumFaultPoints)
        if points[peer] == nil { makeRoom(at: now) }
        points[peer] = entry
        return entry.count
    }

    /// It was punished.
    mutating func clear(_ peer: PeerID) { points[peer] = nil }

    private mutating func makeRoom(at now: Instant) {
        guard points.count >= PeeringParameters.maximumFaultyPeers else { return }
        let least = points.min { lhs, rhs in
            (Self.decayed(lhs.value, at: now).count, lhs.key)
                < (Self.decayed(rhs.value, at: now).count, rhs.key)
        }
        if let least { points[least.key] = nil }
    }

    private static func decayed(_ entry: Points, at now: Instant) -> Points {
        let step = PeeringParameters.faultDecay
        let forgotten = Int(
            clamping: (now - entry.since).clampedNanoseconds / step.clampedNanoseconds)
        guard forgotten > 0 else { return entry }
        guard forgotten < entry.count else { return Points(count: 0, since: now) }
        return Points(count: entry.count - forgotten, since: entry.since + step * forgotten)
    }
}
