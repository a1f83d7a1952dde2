import SansIO

/// When to dial again: the pause doubles from a quarter of a second to five, each drawn between
/// half and the whole of it, for ever. It starts over once a connection has lasted.
///
/// The ceiling is low because healing after a partition waits for it; a lost peer costs one SYN
/// every few seconds. Source: docs/protocol/network.md.
package struct DialBackoff: Sendable {
    package static let shortest = Duration.milliseconds(250)
    package static let longest = Duration.seconds(5)
    /// A connection that ended sooner counts as a failure.
    package static let lastingConnection = Duration.seconds(10)

    private var ceiling = Self.shortest
    private var generator: SeededGenerator

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    package mutating func nextPause() -> Duration {
        let nanoseconds = ceiling.clampedNanoseconds
        ceiling = min(ceiling * 2, Self.longest)
        return .nanoseconds(
            Int64(UInt64.random(in: (nanoseconds / 2)...nanoseconds, using: &generator)))
    }

    package mutating func reset() { ceiling = Self.shortest }
}

/// One connection for each pair of peers: which of two survives.
package enum DuplicateRule {
    /// Within this time two connections are taken for a simultaneous dial.
    package static let simultaneity = Duration.seconds(10)

    /// Whether a new connection replaces the one that is there. Of a simultaneous dial the one
    /// dialled by the smaller id stays, on which both sides agree without a word. Otherwise the
    /// newer one wins: a peer dials only when it has lost the older one.
    package static func replaces(
        existing: (isDialer: Bool, age: Duration), byNewDialler isDialer: Bool, local: PeerID,
        remote: PeerID
    ) -> Bool {
        guard existing.isDialer != isDialer, existing.age < simultaneity else { return true }
        return isDialer == (local < remote)
    }
}
