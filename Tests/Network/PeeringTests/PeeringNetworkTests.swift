import Connection
import Peering
import SansIO
import Testing

/// Many plans and the network between them.
@Suite struct PeeringNetworkTests {
    @Test func `strangers who know one node find each other within seconds`() throws {
        var world = try PeeringWorld(nodeCount: 12)
        world.run(for: .seconds(10))
        #expect(world.isFullyMeshed)
        // And then it is quiet: nobody dials who is connected.
        let dials = world.nodes.map(\.dialCount)
        world.run(for: .seconds(600))
        #expect(world.isFullyMeshed && world.nodes.map(\.dialCount) == dials)
    }

    @Test func `a whole network on one machine finds itself`() throws {
        var world = try PeeringWorld(nodeCount: 20) { _ in "127.0.0.1" }
        world.run(for: .seconds(10))
        #expect(world.isFullyMeshed)
    }

    @Test func `after a cut of a minute both halves are one again within ten seconds`() throws {
        var world = try PeeringWorld(nodeCount: 12)
        world.run(for: .seconds(60))
        world.cut { $0 < 6 ? 0 : 1 }
        world.run(for: .seconds(60))
        #expect((0..<12).allSatisfy { world.connectionCount(of: $0) == 5 })
        world.cut { _ in 0 }
        world.run(for: .seconds(11))
        #expect(world.isFullyMeshed)
    }

    @Test func `a node that was cut off for an hour finds everybody once anybody answers`() throws {
        var world = try PeeringWorld(nodeCount: 8)
        world.run(for: .seconds(30))
        world.cut { $0 == 7 ? 1 : 0 }
        world.run(for: .seconds(3_600))
        #expect(world.connectionCount(of: 7) == 0)
        world.cut { _ in 0 }
        world.run(for: .seconds(11))
        #expect(world.connectionCount(of: 7) == 7)
    }

    @Test func `without the node that all began with, those who met stay together`() throws {
        var world = try PeeringWorld(nodeCount: 6)
        world.run(for: .seconds(20))
        world.cut { $0 == 0 ? 1 : 0 }
        world.disconnect(3, 4)
        world.run(for: .seconds(20))
        #expect(world.areConnected(3, 4))
        #expect((1..<6).allSatisfy { world.connectionCount(of: $0) == 4 })
    }

    @Test func `a large network gives everybody enough connections and nobody too many dials`()
        throws
    {
        var world = try PeeringWorld(nodeCount: 80)
        world.run(for: .seconds(120))
        let outbound = PeeringParameters.minimumOutboundConnections
        for node in world.nodes.indices {
            #expect(world.connectionCount(of: node) >= PeeringParameters.targetConnections)
            let limit = PeeringParameters.targetConnections + PeeringParameters.maximumDials
            #expect(world.nodes[node].dialCount <= limit + outbound)
        }
    }

    @Test func `who is barred by one is barred by that one only, and comes back`() throws {
        var world = try PeeringWorld(nodeCount: 4)
        world.run(for: .seconds(10))
        for _ in 0..<4 {
            world.tell(0, .fault(world.nodes[1].peer.id, .invalidProof, detail: "test"))
        }
        world.run(for: .seconds(500))
        #expect(!world.areConnected(0, 1))
        #expect(world.areConnected(1, 2) && world.areConnected(1, 3))
        world.run(for: .seconds(120))
        #expect(world.areConnected(0, 1))
    }
}
