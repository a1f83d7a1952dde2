import Gossip
import SansIO

/// Routers in memory. An RPC takes a millisecond; verdicts are immediate unless a test says
/// otherwise. Everything follows from the seed.
struct TestNetwork {
    struct Delivery: Hashable {
        let node: Int
        let data: [UInt8]
    }

    private struct Flight {
        let receiver: Int
        let sender: Int
        let rpc: [UInt8]
    }

    static let topic = "t"

    private(set) var routers: [GossipRouter] = []
    private(set) var now = Instant.origin
    private(set) var deliveries: [Delivery] = []
    private(set) var drops: [GossipDrop: Int] = [:]
    private(set) var faults: [GossipFault: Int] = [:]
    /// Publications that crossed a wire.
    private(set) var copyCount = 0
    private var flights: [Flight] = []
    /// Whether an RPC from a node to another is lost.
    var loses: (_ sender: Int, _ receiver: Int, GossipRPC) -> Bool = { _, _, _ in false }
    var verdict: (_ node: Int, GossipPublication) -> Acceptance = { _, _ in .accept }

    init(
        nodeCount: Int, seed: UInt64, parameters: GossipParameters = TestNetwork.parameters
    ) {
        for node in 0..<nodeCount {
            var router = Self.router(seed: seed &+ UInt64(node), parameters: parameters)
            _ = router.handle(.subscribe(topic: Self.topic, .strictNoSign), at: now)
            routers.append(router)
        }
    }

    static let parameters = GossipParameters.standard(seenLifetime: .seconds(60))

    static func router(
        seed: UInt64, parameters: GossipParameters = TestNetwork.parameters
    ) -> GossipRouter {
        GossipRouter(parameters: parameters, seed: seed, startingAt: .origin) {
            id(of: $0.data)
        }
    }

    /// The first eight bytes name a message; what follows does not, as a signature would not.
    static func id(of data: [UInt8]) -> GossipMessageID? {
        data.count < 8 ? nil : GossipMessageID(bytes: Array(data.prefix(8)))
    }

    static func peer(_ node: Int) -> GossipPeer {
        GossipPeer(bytes: [UInt8(node >> 8), UInt8(node & 255)])
    }

    static func message(_ name: UInt8, byteCount: Int) -> GossipPublication {
        let data = [UInt8](repeating: name, count: 8) + [UInt8](repeating: 0, count: byteCount - 8)
        return GossipPublication(topic: topic, data: data)
    }

    mutating func connectAll() {
        for node in routers.indices {
            for other in routers.indices where node < other { connect(node, other) }
        }
        settle()
    }

    mutating func connect(_ node: Int, _ other: Int) {
        perform(.connected(Self.peer(other), isOutbound: true, understandsDontWant: true), node)
        perform(.connected(Self.peer(node), isOutbound: false, understandsDontWant: true), other)
    }

    mutating func publish(_ publication: GossipPublication, from node: Int) {
        perform(.publish(publication), node)
    }

    mutating func perform(_ event: GossipEvent, _ node: Int) {
        carryOut(routers[node].handle(event, at: now), of: node)
    }

    /// Delivers what is under way until nothing is.
    mutating func settle() {
        while !flights.isEmpty {
            now = now + .milliseconds(1)
            let landing = flights
            flights = []
            for flight in landing {
                perform(.received(Self.peer(flight.sender), rpc: flight.rpc), flight.receiver)
            }
        }
    }

    mutating func runHeartbeats(_ count: Int) {
        for _ in 0..<count {
            now = now + .milliseconds(700)
            for node in routers.indices { perform(.deadline, node) }
            settle()
        }
    }

    private mutating func carryOut(_ effects: [GossipEffect], of node: Int) {
        for effect in effects {
            switch effect {
            case .send(let peer, let rpc): send(rpc, from: node, to: peer)
            case .validate(let handle, let publication, _):
                let acceptance = verdict(node, publication)
                if acceptance == .accept {
                    deliveries.append(Delivery(node: node, data: publication.data))
                }
                perform(.verdict(handle, acceptance), node)
            case .published, .subscribed: break
            case .penalise(_, let fault): faults[fault, default: 0] += 1
            case .count(let drop): drops[drop, default: 0] += 1
            }
        }
    }

    private mutating func send(_ bytes: [UInt8], from node: Int, to peer: GossipPeer) {
        let receiver = Int(peer.bytes[0]) << 8 | Int(peer.bytes[1])
        let limits = Self.parameters.limits
        guard let rpc = try? GossipRPC(decoding: bytes, limits: limits) else { return }
        guard !loses(node, receiver, rpc) else { return }
        copyCount += rpc.publications.count
        flights.append(Flight(receiver: receiver, sender: node, rpc: bytes))
    }
}
