package import Connection
package import SansIO

/// Seconds since 1970 out of the monotonic clock: the wall clock is read once, by the shell, so
/// that a clock which jumps moves nothing. What is kept on disk is told in them.
package struct UnixClock: Hashable, Sendable {
    /// Of the monotonic clock's origin.
    private let originSeconds: UInt64

    /// `unixSeconds` is the wall clock's answer at `now`.
    package init(unixSeconds: UInt64, at now: Instant) {
        let elapsed = now.nanosecondsSinceOrigin / 1_000_000_000
        originSeconds = unixSeconds > elapsed ? unixSeconds - elapsed : 0
    }

    package func seconds(at now: Instant) -> UInt64 {
        originSeconds + now.nanosecondsSinceOrigin / 1_000_000_000
    }
}

/// Names one dial.
package struct DialID: Hashable, Comparable, Sendable {
    package let number: UInt64
    package init(number: UInt64) { self.number = number }
    package static func < (lhs: DialID, rhs: DialID) -> Bool { lhs.number < rhs.number }
}

/// What became of a dial whose socket is closed, or never opened.
package struct DialOutcome: Hashable, Sendable {
    /// Who answered and proved it; nil where nobody did.
    package var peer: PeerID?
    package var reason: ConnectionError?

    package init(peer: PeerID?, reason: ConnectionError?) {
        self.peer = peer
        self.reason = reason
    }
}

/// What a peer did wrong, in the words that are counted.
package enum PeerFaultKind: String, Hashable, Sendable, CaseIterable {
    /// A rule of gossip that a hasty peer may break: pruned and grafted again, promised and not
    /// kept.
    case gossip
    /// Gossip that does not parse, or that the application rejected.
    case invalidGossip
    /// A proof that proves nothing, told by the one who served it.
    case invalidProof
    /// Bytes of another hash than was asked for.
    case wrongBytes
    /// A rule of a stream: lengths, formats.
    case stream
    /// A peer record that does not verify.
    case peerRecord

    /// How much it weighs against `PeeringParameters.maximumFaultPoints`.
    package var weight: Int {
        switch self {
        case .gossip, .stream: 1
        case .invalidGossip, .invalidProof, .wrongBytes, .peerRecord: 4
        }
    }
}

/// Why a peer is barred.
package enum BanReason: String, Hashable, Sendable, CaseIterable {
    case faults
    case otherNetwork
}

/// What was not done or not kept, by name.
package enum PeeringDrop: String, Hashable, Sendable, CaseIterable {
    case barredForFaults
    case barredForOtherNetwork
    /// A connection of a peer, or from a host, that is barred.
    case barredPeer
    case barredHost
    /// A record that does not verify.
    case invalidPeerRecord
    /// A record without an address that could be dialled from here.
    case undialablePeerRecord
    /// The book, its host or its teller has no room for it.
    case peerBookFull
    /// A peer's own record, sooner than it may tell another.
    case peerRecordTooSoon
    /// A peer asked for peers more often than it may.
    case peersAskedTooOften
    /// A peer did not answer, or not what was asked.
    case peersNotTold
    case dialFailed
    /// A peer was wanted and could not be reached.
    case wantedUnreachable
    case wantedTooMany
}

/// What the plan hears.
package enum PeeringEvent: Sendable {
    /// Dial this address for ever.
    case added(Multiaddress)
    /// `dial` is nil where the peer dialled us; `host` is the other end's IP address.
    case connected(PeerID, host: String, dial: DialID?)
    case disconnected(PeerID)
    /// The socket of a dial is closed, whatever was said over it.
    case dialEnded(DialID, DialOutcome)
    /// What the peer says of itself.
    case identified(PeerID, agentVersion: String?, signedPeerRecord: [UInt8]?)
    /// It is of this network.
    case approved(PeerID)
    case fault(PeerID, PeerFaultKind, detail: String)
    /// It is of another network, or has other rules.
    case foreign(PeerID, detail: String)
    /// Somebody waits for a connection to it.
    case wanted(PeerID)
    /// It asks for peers; the ticket comes back with the answer.
    case asked(PeerID, ticket: UInt64)
    /// The answer to `ask`, verified; nil where there was none.
    case told(PeerID, [PeerRecord]?)
    /// The moment of `nextDeadline`.
    case deadline
}

/// What the shell must do.
package enum PeeringEffect: Hashable, Sendable {
    /// End with `dialEnded`.
    case dial(DialID, Multiaddress)
    /// Answer with `told`.
    case ask(PeerID)
    /// Sealed records; nil to say that it asks too often.
    case answer(ticket: UInt64, [[UInt8]]?)
    case disconnect(PeerID, ConnectionError)
    /// Nobody need wait for it any longer.
    case unreachable(PeerID)
    /// For the node's eyes: it was barred.
    case barred(PeerID, BanReason, seconds: UInt64, detail: String)
    case count(PeeringDrop, PeerID?)
}
