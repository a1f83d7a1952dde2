import Audit
import Cryptography
import Ledger
import NodeCore
import Primitives
import SansIO
import Simulator
import Testing

/// A simulated network's log, and what an audit says once it is tampered with.
@Suite struct LogAuditTests {
    private static let world = Result { try makeWorld() }

    private static func makeWorld() throws -> World {
        var world = try World(
            plan: WorldPlan(
                seed: 21, sequencerCount: 2, proverCount: 3, walletCount: 4, paymentsPerTick: 1,
                tick: .seconds(1), minimumLatency: .milliseconds(5),
                maximumLatency: .milliseconds(80), leafTime: .seconds(4),
                mergeTime: .seconds(1)))
        _ = world.run(until: .origin + .seconds(120)) { world in
            world.nodes[0].machine.ledger.finalBlockCount < 3
        }
        return world
    }

    private var world: World

    init() throws { world = try Self.world.get() }

    @Test func `an honest log is clean, and its sums are those of every node`() throws {
        var world = world
        let report = world.audit()
        #expect(report.isClean, "\(report.findings)")
        #expect(report.counts.provenBlocks >= 2)
        #expect(report.counts.signedRoots > 0)
        #expect(report.counts.statements > report.counts.transactions / 2)
        #expect(report.minted - report.burned == report.held)
        #expect(UInt128(report.bridge.units) == report.rollupSupply)
        let node = try #require(
            world.nodes.first { $0.machine.ledger.nextHeight.number == world.logBlocks.count })
        #expect(node.machine.ledger.root == report.ledgerRoot)
    }

    @Test func `a block that the authority has not signed ends the audit`() throws {
        var world = world
        var blocks = world.logBlocks
        let header = blocks[5].header.header
        blocks[5] = LogBlock(
            header: SignedLogHeader(header: header, signature: blocks[4].header.signature),
            transactions: blocks[5].transactions)
        let report = world.audit(of: blocks).report()
        #expect(report.findings == [.unsignedBlock(Height(5))])
        #expect(report.tip?.height == Height(4))
    }

    @Test func `a missing block, a missing transaction and two swapped blocks are found`() throws {
        var world = world
        let blocks = world.logBlocks
        let full = try #require(blocks.first { $0.transactions.count >= 2 }).height
        let place = Int(full.number)
        var gap = blocks
        gap.remove(at: place)
        var lost = blocks
        lost[place] = LogBlock(
            header: blocks[place].header,
            transactions: Array(blocks[place].transactions.dropLast()))
        var swapped = blocks
        swapped.swapAt(place, place + 1)
        for tampered in [gap, lost, swapped] {
            let findings = world.audit(of: tampered).report().findings
            guard case .brokenLog = findings.first else {
                Issue.record("\(findings)")
                continue
            }
            #expect(findings.count == 1)
        }
    }

    @Test func `two headers of one key for one slot contradict each other, wherever they stand`()
        throws
    {
        var world = world
        var audit = world.audit(of: world.logBlocks)
        #expect(audit.report().isClean)
        let (leader, header) = try reveal(in: world)
        let other = BlockHeader(
            slot: header.slot, round: header.round, parent: header.parent,
            stateBefore: header.stateBefore, stateAfter: header.stateAfter,
            paymentRoot: header.paymentRoot, leafCount: header.leafCount,
            feeSum: Amount(units: header.feeSum.units + 1), bodyHash: header.bodyHash)
        // The same again, and another key's: nothing is wrong with either.
        let stranger = leader == 0 ? 1 : 0
        audit.note(world.envelope(.blockHeader(header), signedBy: leader), in: "a", duty: "x")
        audit.note(world.envelope(.blockHeader(other), signedBy: stranger), in: "b", duty: "x")
        #expect(audit.report().isClean)
        audit.note(world.envelope(.blockHeader(other), signedBy: leader), in: "c", duty: "x")
        let findings = audit.report().findings
        guard case .contradiction(let key, _, .log, .node("c", _)) = findings.first else {
            Issue.record("\(findings)")
            return
        }
        #expect(key == world.nodes[leader].key && findings.count == 1)
    }

    @Test func `a second proof of one node by one key is found`() throws {
        var world = world
        var audit = world.audit(of: [])
        let range = try #require(LeafRange(first: 0, count: 1))
        let hashes = [taggedHash("one"), taggedHash("two")]
        let key = world.nodes[2].key
        let commitments = hashes.map {
            ProofCommitment(
                slot: Slot(1), range: range,
                commitment: ProofCommitment.commitment(proofHash: $0, prover: key))
        }
        let announcement = ProofAnnouncement(
            slot: Slot(1), range: range, proofHash: hashes[0], byteCount: 1, server: [1])
        audit.note(
            world.envelope(.proofCommitment(commitments[0]), signedBy: 2), in: "a", duty: "x")
        audit.note(
            world.envelope(.proofAnnouncement(announcement), signedBy: 2), in: "a", duty: "y")
        #expect(audit.report().isClean, "an announcement of what was committed to")
        audit.note(
            world.envelope(.proofCommitment(commitments[1]), signedBy: 2), in: "b", duty: "x")
        #expect(audit.report().findings.map(\.name) == ["provenTwice"])
    }

    @Test func `a signed ledger root that the log does not give is found`() throws {
        var world = world
        var audit = world.audit(of: world.logBlocks)
        let root = try #require(audit.root(at: Height(4)))
        let statements = [root, taggedHash("another root")].map {
            GossipMessage.ledgerRoot(LedgerRootStatement(height: Height(4), ledgerRoot: $0))
        }
        audit.note(world.envelope(statements[0], signedBy: 0), in: "a", duty: "x")
        #expect(audit.report().isClean)
        audit.note(world.envelope(statements[1], signedBy: 1), in: "b", duty: "x")
        #expect(audit.report().findings.map(\.name) == ["otherLedgerRoot"])
        audit.note(world.envelope(statements[1], signedBy: 0), in: "b", duty: "x")
        #expect(
            audit.report().findings.map(\.name) == [
                "otherLedgerRoot", "contradiction", "otherLedgerRoot",
            ])
    }

    @Test func `a node with another log block, or of another network, is found`() throws {
        var world = world
        let blocks = world.logBlocks
        var audit = world.audit(of: Array(blocks.dropLast()))
        let header = blocks[3].header.header
        audit.noteNode(audit.networkID, in: "a")
        audit.noteBlock(header, in: "a")
        // Beyond what the audit has folded.
        audit.noteBlock(blocks[blocks.count - 1].header.header, in: "a")
        #expect(audit.report().isClean)
        audit.noteBlock(
            LogHeader(
                height: header.height, timeMilliseconds: header.timeMilliseconds + 1,
                previousHash: header.previousHash, transactionsHash: header.transactionsHash),
            in: "b")
        audit.noteNode(NetworkID(genesisNonce: [1]), in: "c")
        #expect(audit.report().findings.map(\.name) == ["otherLogBlock", "otherNetwork"])
    }

    @Test func `a statement with a wrong signature is found and says nothing`() throws {
        var world = world
        var audit = world.audit(of: [])
        let message = GossipMessage.ledgerRoot(
            LedgerRootStatement(height: Height(4), ledgerRoot: taggedHash("root")))
        let envelope = world.envelope(message, signedBy: 0)
        let forged = GossipEnvelope(
            networkID: envelope.networkID, topic: envelope.topic, bodyBytes: envelope.bodyBytes,
            key: world.nodes[1].key, signature: envelope.signature)
        audit.note(forged, in: "a", duty: "x")
        audit.noteUndecodable(in: "a", duty: "y")
        let report = audit.report()
        #expect(report.findings.map(\.name) == ["badSignature", "undecodable"])
        #expect(report.counts.statements == 0)
    }

    /// The first leader's place among the nodes, and what it revealed.
    private func reveal(in world: World) throws -> (leader: Int, header: BlockHeader) {
        for transaction in world.logBlocks.flatMap(\.transactions) {
            guard case .blockReveal(let reveal) = transaction.body else { continue }
            let leader = try #require(
                world.nodes.firstIndex { $0.key == transaction.key })
            return (leader, reveal.header)
        }
        throw Missing()
    }

    private struct Missing: Error {}
}
