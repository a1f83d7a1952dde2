import Connection
import Cryptography
import Peering
import SansIO

/// A peer of the tests: its key, record and address.
struct TestPeer {
    let signing: SharedSigningKey
    var id: PeerID { PeerID(publicKey: signing.publicKey) }

    init(_ number: Int) {
        var seed = [UInt8](repeating: 9, count: 32)
        seed[0] = UInt8(truncatingIfNeeded: number)
        seed[1] = UInt8(truncatingIfNeeded: number >> 8)
        guard let key = try? SigningKey(seed: SecretBytes(copying: seed)) else {
            preconditionFailure("a seed has 32 bytes")
        }
        signing = SharedSigningKey(key)
    }

    func record(_ addresses: [String], sequence: UInt64 = 1) throws -> PeerRecord {
        try PeerRecord(
            of: id, sequence: sequence, addresses: addresses.map { try Multiaddress($0) },
            sign: signing.sign)
    }
}

/// Plans and the network between them, in virtual time: sockets open after 10 ms, dials into the
/// void fail after a second, peers identify and approve each other 20 ms after they are connected.
struct PeeringWorld {
    struct Node {
        let peer: TestPeer
        let host: String
        let record: PeerRecord
        var plan: DialPlan
        /// Only nodes of one side reach each other.
        var side = 0
        var dialCount = 0

        var address: Multiaddress { record.addresses[0] }
    }

    private struct Link {
        let dialer: Int
        let listener: Int
        let dial: DialID
    }

    private enum Action {
        case deliver(Int, PeeringEvent)
        case open(Int, DialID, Multiaddress)
    }

    static let step = Duration.milliseconds(50)

    private(set) var nodes: [Node] = []
    private(set) var now = Instant.origin + .seconds(1_000)
    private var links: [Link] = []
    private var queue: [(due: Instant, action: Action)] = []

    /// Node 0 is known to all; nobody else is.
    init(nodeCount: Int, host: (Int) -> String = { "10.0.\($0 / 250).\($0 % 250 + 1)" }) throws {
        for number in 0..<nodeCount {
            let peer = TestPeer(number)
            let place = host(number)
            var plan = DialPlan(
                localPeer: peer.id, knowledge: PeerKnowledge(),
                clock: UnixClock(unixSeconds: 1_800_000_000, at: .origin + .seconds(1_000)),
                seed: UInt64(number))
            _ = plan.nextRecordSequence(at: now)
            let record = try peer.record(["/ip4/\(place)/tcp/\(4_000 + number)"])
            nodes.append(Node(peer: peer, host: place, record: record, plan: plan))
        }
        for number in 1..<nodeCount { tell(number, .added(nodes[0].address)) }
    }

    mutating func tell(_ node: Int, _ event: PeeringEvent) {
        perform(nodes[node].plan.handle(event, at: now), of: node)
    }

    mutating func run(for duration: Duration) {
        let end = now + duration
        while now < end {
            now = now + Self.step
            let ready = queue.filter { $0.due <= now }
            queue.removeAll { $0.due <= now }
            for entry in ready { perform(entry.action) }
            for node in nodes.indices {
                if let due = nodes[node].plan.nextDeadline, due <= now { tell(node, .deadline) }
            }
        }
    }

    /// Connections across the cut end.
    mutating func cut(_ side: (Int) -> Int) {
        for node in nodes.indices { nodes[node].side = side(node) }
        for link in links where nodes[link.dialer].side != nodes[link.listener].side { end(link) }
    }

    mutating func disconnect(_ one: Int, _ other: Int) {
        for link in links where areEnds(link, one, other) { end(link) }
    }

    func areConnected(_ one: Int, _ other: Int) -> Bool {
        links.contains { areEnds($0, one, other) }
    }

    func connectionCount(of node: Int) -> Int {
        links.count { $0.dialer == node || $0.listener == node }
    }

    var isFullyMeshed: Bool {
        links.count == nodes.count * (nodes.count - 1) / 2
    }

    private func areEnds(_ link: Link, _ one: Int, _ other: Int) -> Bool {
        (link.dialer, link.listener) == (one, other) || (link.dialer, link.listener) == (other, one)
    }

    private mutating func end(_ link: Link) {
        let rest = links.filter { !areEnds($0, link.dialer, link.listener) }
        links = rest
        tell(link.dialer, .disconnected(nodes[link.listener].peer.id))
        tell(link.listener, .disconnected(nodes[link.dialer].peer.id))
        let outcome = DialOutcome(peer: nodes[link.listener].peer.id, reason: .disconnected)
        tell(link.dialer, .dialEnded(link.dial, outcome))
    }

    private mutating func after(_ delay: Duration, _ action: Action) {
        queue.append((now + delay, action))
    }

    private mutating func perform(_ effects: [PeeringEffect], of node: Int) {
        for effect in effects {
            switch effect {
            case .dial(let id, let address):
                nodes[node].dialCount += 1
                let isReachable = target(of: address, from: node) != nil
                after(isReachable ? .milliseconds(10) : .seconds(1), .open(node, id, address))
            case .ask(let peer):
                guard let other = index(of: peer) else { continue }
                var told: PeeringEvent = .told(peer, nil)
                if areConnected(node, other) {
                    let event = PeeringEvent.asked(nodes[node].peer.id, ticket: 1)
                    let answer = nodes[other].plan.handle(event, at: now)
                    for case .answer(1, let envelopes) in answer {
                        told = .told(
                            peer, envelopes?.compactMap { try? PeerRecord(verifying: $0) })
                    }
                }
                after(.milliseconds(20), .deliver(node, told))
            case .disconnect(let peer, _):
                guard let other = index(of: peer) else { continue }
                disconnect(node, other)
            case .answer, .unreachable, .barred, .count: break
            }
        }
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .deliver(let node, let event): tell(node, event)
        case .open(let node, let id, let address): open(node, id, address)
        }
    }

    private mutating func open(_ node: Int, _ id: DialID, _ address: Multiaddress) {
        guard let other = target(of: address, from: node) else {
            return tell(node, .dialEnded(id, DialOutcome(peer: nil, reason: nil)))
        }
        let (here, there) = (nodes[node].peer.id, nodes[other].peer.id)
        let isRefused =
            nodes[other].plan.isBarred(here, at: now)
            || nodes[other].plan.isBarred(host: nodes[node].host, at: now)
        guard !isRefused, !areConnected(node, other) else {
            let reason: ConnectionError = isRefused ? .disconnected : .duplicateConnection
            return tell(node, .dialEnded(id, DialOutcome(peer: there, reason: reason)))
        }
        links.append(Link(dialer: node, listener: other, dial: id))
        tell(node, .connected(there, host: nodes[other].host, dial: id))
        tell(other, .connected(here, host: nodes[node].host, dial: nil))
        for (one, peer) in [(node, other), (other, node)] {
            let told = nodes[peer]
            after(
                .milliseconds(20),
                .deliver(
                    one,
                    .identified(
                        told.peer.id, agentVersion: "test",
                        signedPeerRecord: told.record.envelope)))
            after(.milliseconds(20), .deliver(one, .approved(told.peer.id)))
        }
    }

    private func target(of address: Multiaddress, from node: Int) -> Int? {
        nodes.indices.first {
            nodes[$0].address.endpoint?.host == address.endpoint?.host
                && nodes[$0].address.endpoint?.port == address.endpoint?.port
                && nodes[$0].side == nodes[node].side
        }
    }

    private func index(of peer: PeerID) -> Int? { nodes.firstIndex { $0.peer.id == peer } }
}
