import Gossip
import Messages
import NodeCore
import Primitives
import SansIO
import Simulator
import Testing

/// Who subscribes late is told what gossip has said already.
@Suite struct LateSubscriberTests {
    private let newcomer = GossipPeer(bytes: [3])
    private var machine: NodeMachine
    private let now: Instant

    /// A node that has heard somebody's proof announced in the open slot.
    init() throws {
        var world = try World(
            plan: WorldPlan(
                seed: 9, sequencerCount: 2, proverCount: 4, walletCount: 6, paymentsPerTick: 1,
                tick: .seconds(1), minimumLatency: .milliseconds(5),
                maximumLatency: .milliseconds(80), leafTime: .seconds(3),
                mergeTime: .seconds(9)))
        _ = world.run(until: .origin + .seconds(300)) { world in
            world.nodes[0].machine.treeProgress.count { $0.state == .proven } < 2
        }
        machine = world.nodes[0].machine
        now = world.now
        #expect(machine.treeProgress.count { $0.state == .proven } >= 2)
    }

    @inline(never)
    private mutating func connect() {
        _ = machine.handle(
            .peerConnected(newcomer, isOutbound: false, understandsDontWant: false), at: now)
    }

    /// The topics of the messages that the newcomer is sent for its subscription.
    @inline(never)
    private mutating func told(_ topic: Topic, isSubscribing: Bool = true) throws -> [Topic] {
        let networkID = machine.identity.networkID
        var rpc = GossipRPC()
        rpc.subscriptions = [
            .init(topic: topic.wireName(networkID: networkID), isSubscribing: isSubscribing)
        ]
        var topics: [Topic] = []
        let effects = machine.handle(
            .gossipReceived(from: newcomer, rpcBytes: rpc.encoded()), at: now)
        for case .sendGossip(newcomer, let bytes) in effects {
            for publication in try GossipRPC(decoding: bytes, limits: .standard).publications {
                topics.append(
                    try #require(Topic(wireName: publication.topic, networkID: networkID)))
            }
        }
        return topics
    }

    @Test mutating func `a newcomer hears proof messages and payments, each on its topic`() throws {
        connect()
        let others = try told(.log)
        let proofs = try told(.proof)
        let payments = try told(.payment)
        #expect(others.isEmpty)
        #expect(proofs.count >= 4, "two commitments and two announcements")
        #expect(proofs.allSatisfy { $0 == .proof })
        #expect(!payments.isEmpty && payments.allSatisfy { $0 == .payment })
    }

    @Test mutating func `it is told once a connection, however often it subscribes`() throws {
        connect()
        let first = try told(.proof)
        var again: [Topic] = []
        for _ in 0..<3 {
            again += try told(.proof, isSubscribing: false)
            again += try told(.proof)
        }
        _ = machine.handle(.peerDisconnected(newcomer), at: now)
        connect()
        let back = try told(.proof)
        #expect(!first.isEmpty && again.isEmpty && back == first)
    }

    @Test mutating func `a stranger to the router is told nothing`() throws {
        let proofs = try told(.proof)
        #expect(proofs.isEmpty)
    }
}
