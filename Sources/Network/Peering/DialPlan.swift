package import Connection
package import SansIO

/// Whom a node dials, asks for others, lets in and bars.
///
/// - **Fixed addresses** (bootstrap list, configuration) are dialled for ever, whoever else is
///   connected; the pause doubles from a quarter of a second to five.
/// - **Peers of the book** are dialled while there are fewer than 32 connections, or fewer than
///   eight that we dialled: those with the fewest failures first, else at random. The pause of one
///   doubles to ten seconds where it was reached lately, else to five minutes. When the first
///   connection after none is made, every pause starts over: the network is back.
/// - **Wanted peers** are dialled at once, each address once, whatever their pause; one that is not
///   in the book is asked for first.
/// - Whoever is **approved** (of this network) is asked for others, one at a time, after pauses that
///   double from two seconds to a minute and start over when somebody new was told; seldom where
///   there are connections enough. It is told about, too: up to 32 approved or lately reached
///   peers, drawn at random, that make sense from where the asker is.
/// - **Faults** add up, and a point a minute is forgotten; at 16 a peer is barred (`BanList`), which
///   also goes for fixed addresses, and ends.
///
/// Bounds: `PeeringParameters`. Sources: docs/protocol/network.md; libp2p RFC 0003 for records.
package struct DialPlan: StateMachine {
    /// An address that is dialled for ever.
    struct Fixed: Sendable {
        let address: Multiaddress
        /// As the address says, or as it answered last.
        var peer: PeerID?
        var backoff: DialBackoff
        var due: Instant
        var isDialling = false
        /// It leads to this node itself.
        var isOff = false
    }

    /// How dialling a peer of the book goes in this process.
    struct Retry: Sendable {
        var ceiling = DialBackoff.shortest
        var due: Instant
        var lastAttempt: Instant?
        var nextAddress = 0
    }

    enum Target: Hashable, Sendable {
        case fixed(Int)
        case known(PeerID)
    }

    /// What is still to be tried for a peer that somebody waits for.
    struct Wanted: Sendable {
        var addressesLeft: Int
        /// Others may know it: when it was first wanted, since an earlier question does not count.
        var unknownSince: Instant?
    }

    struct Dial: Sendable {
        let target: Target
        /// It became the connection to its peer.
        var hasConnected = false
    }

    let localPeer: PeerID
    let clock: UnixClock
    /// Others are sought below so many connections, and below so many of our own choice.
    let target: Int
    let minimumOutbound: Int
    var generator: SeededGenerator
    var book: PeerBook
    var bans: BanList
    var faults = FaultTable()
    var connections: [PeerID: PeerConnection] = [:]
    var fixed: [Fixed] = []
    var retries: [PeerID: Retry] = [:]
    var dials: [DialID: Dial] = [:]
    var nextDial: UInt64 = 0
    /// Peers that somebody waits for.
    var wanted: [PeerID: Wanted] = [:]
    var lastRestart: Instant?
    var nextAsk: Instant?
    var lastAsk: Instant?
    var askPause = PeeringParameters.shortestAskPause
    var isAsking = false
    /// Bans and faults since the start, by name.
    private(set) var banRevision = 0

    /// `seed` is drawn by the shell.
    package init(
        localPeer: PeerID, knowledge: PeerKnowledge, clock: UnixClock, seed: UInt64,
        target: Int = PeeringParameters.targetConnections,
        minimumOutbound: Int = PeeringParameters.minimumOutboundConnections
    ) {
        self.localPeer = localPeer
        self.clock = clock
        self.target = target
        self.minimumOutbound = minimumOutbound
        book = knowledge.book
        bans = knowledge.bans
        generator = SeededGenerator(seed: seed)
    }

    package mutating func handle(_ event: PeeringEvent, at now: Instant) -> [PeeringEffect] {
        var effects: [PeeringEffect] = []
        switch event {
        case .added(let address): add(address, at: now)
        case .connected(let peer, let host, let dial):
            connected(peer, host: host, dial: dial, at: now)
        case .disconnected(let peer): disconnected(peer, at: now)
        case .dialEnded(let id, let outcome): ended(id, outcome, &effects, at: now)
        case .identified(let peer, let agent, let record):
            identified(peer, agent, record, &effects, at: now)
        case .approved(let peer): approved(peer, &effects, at: now)
        case .fault(let peer, let kind, let detail):
            count(kind, of: peer, detail, &effects, at: now)
        case .foreign(let peer, let detail):
            bar(peer, for: .otherNetwork, detail, &effects, at: now)
        case .wanted(let peer): want(peer, &effects, at: now)
        case .asked(let peer, let ticket): answer(peer, ticket, &effects, at: now)
        case .told(let peer, let records): told(peer, records, &effects, at: now)
        case .deadline: break
        }
        dialFixed(&effects, at: now)
        dialKnown(&effects, at: now)
        askDue(&effects, at: now)
        return effects
    }

    package var nextDeadline: Instant? {
        var earliest = nextAskDeadline
        func take(_ due: Instant) { earliest = min(earliest ?? due, due) }
        for entry in fixed where isWaiting(entry) { take(entry.due) }
        if seeksMore {
            for peer in book.peers where isIdle(peer) { take(retries[peer]?.due ?? .origin) }
        }
        return earliest
    }

    // MARK: Letting in

    /// Whether a connection of `peer` is refused.
    package func isBarred(_ peer: PeerID, at now: Instant) -> Bool {
        bans.isBarred(peer, at: clock.seconds(at: now))
    }

    /// Whether sockets from `host` are refused.
    package func isBarred(host: String, at now: Instant) -> Bool {
        bans.isBarred(host: host, at: clock.seconds(at: now))
    }

    // MARK: For the disk and for people

    /// Rises with every change of what is worth keeping.
    package var revision: Int { book.revision + banRevision }

    package func encodedKnowledge(at now: Instant) -> [UInt8] {
        PeerKnowledge(book: book, bans: bans).encoded(at: clock.seconds(at: now))
    }

    /// The sequence number of a new record of our own.
    package mutating func nextRecordSequence(at now: Instant) -> UInt64 {
        book.nextSequence(at: clock.seconds(at: now))
    }

    mutating func noteBan() { banRevision += 1 }
}

/// A connected peer, as far as it matters here.
struct PeerConnection: Sendable {
    let host: String
    let isOutbound: Bool
    let since: Instant
    var isApproved = false
    /// Printable ASCII.
    var agent: String?
    /// Its own, verified.
    var record: PeerRecord?
    var recordVerifiedAt: Instant?
    /// When we asked it last.
    var askedAt: Instant?
    /// What it may still ask, and from when on that is counted.
    var asksLeft = PeeringParameters.askBurst
    var refilledAt: Instant

    init(host: String, isOutbound: Bool, since: Instant) {
        self.host = host
        self.isOutbound = isOutbound
        self.since = since
        refilledAt = since
    }
}
