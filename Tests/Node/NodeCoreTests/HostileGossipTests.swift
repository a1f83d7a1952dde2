import Cryptography
import Gossip
import Ledger
import Mempool
import Messages
import NodeCore
import Payments
import Primitives
import SansIO
import Sequencing
import TestSupport
import Testing
import VRF

/// Every kind of gossip, altered: signed by a stranger, and properly by an admitted key.
@Suite struct HostileGossipTests {
    private typealias World = NodeWorld

    /// A message that the world passes on or holds, by its author.
    private struct Sample {
        let name: String
        let world: NodeWorld
        let message: GossipMessage
        let author: TestOperator
    }

    /// What gossip must never change.
    private struct Fingerprint: Equatable {
        let ledgerRoot: Digest
        let rollupRoot: FieldDigest
        let pendingPaymentCount: Int
        let haltReason: String?

        init(_ world: NodeWorld) {
            ledgerRoot = world.machine.ledger.root
            rollupRoot = world.machine.rollup.root
            pendingPaymentCount = world.machine.mempool.count
            haltReason = world.machine.haltReason
        }
    }

    /// One of each case of `GossipMessage`.
    private static func samples() throws -> [Sample] {
        let wallet = try PaymentFixture()
        var open = try NodeWorld(accounts: wallet.accounts)
        try open.reach(.open)
        var reveal = try NodeWorld(accounts: wallet.accounts)
        try reveal.reach(.reveal)
        let slot = try open.slot.slot
        let range = try #require(LeafRange(first: 0, count: 1))
        let (sequencer, prover) = (World.sequencers[0], World.provers[0])
        let leader = try reveal.leader
        let statements = try [1, 2].map {
            World.transaction(
                .fernetProposal(try open.proposal(by: sequencer, feeShare: $0)), by: sequencer)
        }
        let next = LogHeader(
            height: open.machine.ledger.nextHeight, timeMilliseconds: 1, previousHash: .zero,
            transactionsHash: .zero)
        let height = Height(NodeParameters.ledgerRootInterval)
        func sample(
            _ name: String, _ world: NodeWorld, _ message: GossipMessage, _ author: TestOperator
        ) -> Sample {
            Sample(name: name, world: world, message: message, author: author)
        }
        return [
            sample("payment", open, .payment(try wallet.payment()), World.stranger),
            sample(
                "intent", open,
                .intent(
                    Intent(
                        sequence: 9, firstSlot: slot, lastSlot: slot.advanced(by: 3),
                        capacity: 2, minFeePerUnit: .zero)), prover),
            sample("proposal", open, .proposal(try open.proposal(by: sequencer)), sequencer),
            sample("header", reveal, .blockHeader(try reveal.header()), leader),
            sample(
                "election", reveal,
                .election(try reveal.election(of: try reveal.blockID(), by: leader)), leader),
            sample(
                "commitment", open,
                .proofCommitment(
                    ProofCommitment(
                        slot: slot, range: range, commitment: TestOperator.digest(1))), prover),
            sample(
                "announcement", open,
                .proofAnnouncement(
                    ProofAnnouncement(
                        slot: slot, range: range, proofHash: TestOperator.digest(2),
                        byteCount: 9, server: [1])), prover),
            sample(
                "evidence", open,
                .evidence(Evidence(first: statements[0], second: statements[1])),
                World.stranger),
            sample(
                "log header", open, .logHeader(World.signed(next, by: World.authority)),
                World.authority),
            sample(
                "ledger root", open,
                .ledgerRoot(
                    LedgerRootStatement(height: height, ledgerRoot: open.machine.ledger.root)),
                prover),
        ]
    }

    @Test func `the samples are taken as they are`() throws {
        for sample in try Self.samples() {
            var world = sample.world
            let outcome = world.hear(sample.message, by: sample.author)
            #expect(outcome == .passedOn || outcome == .held, "\(sample.name): \(outcome)")
        }
    }

    @Test func `a message under another's signature changes nothing`() throws {
        for sample in try Self.samples() {
            let before = Fingerprint(sample.world)
            var world = sample.world
            let forger = World.provers[1]
            let outcome = world.hear(sample.message, by: sample.author, forger: forger)
            #expect(outcome == .rejected(.badSignature), "\(sample.name)")
            #expect(Fingerprint(world) == before, "\(sample.name)")
        }
    }

    @Test func `a message signed for another network is refused, whoever signed it`() throws {
        for sample in try Self.samples() {
            var world = sample.world
            let outcome = world.hear(
                MessageCodec.encode(sample.message), on: sample.message.topic, by: sample.author,
                networkID: NetworkID(genesisNonce: [12]))
            #expect(outcome == .refusedByRouter, "\(sample.name)")
            #expect(Fingerprint(world) == Fingerprint(sample.world), "\(sample.name)")
        }
    }

    @Test func `a message on another's topic is rejected`() throws {
        for sample in try Self.samples() {
            for topic in Topic.allCases where topic != sample.message.topic {
                var world = sample.world
                let outcome = world.hear(
                    MessageCodec.encode(sample.message), on: topic, by: sample.author)
                #expect(outcome == .rejected(.undecodableEnvelope), "\(sample.name) \(topic)")
            }
        }
    }

    /// Properly signed, by a stranger and by an admitted key.
    @Test func `a body cut at any byte or with any bit flipped changes nothing unless it is valid`()
        throws
    {
        for sample in try Self.samples() {
            let bytes = MessageCodec.encode(sample.message)
            let step = max(1, bytes.count / 150)
            for place in stride(from: 0, to: bytes.count, by: step) {
                try check(Array(bytes.prefix(place)), of: sample, by: sample.author)
                for bit in 0..<8 {
                    var flipped = bytes
                    flipped[place] ^= 1 << UInt8(bit)
                    let author = bit % 4 == 0 ? World.stranger : sample.author
                    try check(flipped, of: sample, by: author)
                }
            }
        }
    }

    @inline(never)
    private func check(
        _ bytes: [UInt8], of sample: Sample, by author: TestOperator
    ) throws {
        let before = Fingerprint(sample.world)
        var world = sample.world
        let outcome = world.hear(bytes, on: sample.message.topic, by: author)
        let after = Fingerprint(world)
        // What is signed by who may sign it is only checked and passed on.
        #expect(
            after == before || (sample.name == "payment" && outcome == .passedOn),
            "\(sample.name): \(outcome)")
    }

    @Test func `an envelope cut at any byte or with any bit flipped changes nothing`() throws {
        for sample in try Self.samples() {
            let envelope = MessageCodec.encode(
                MessageCodec.envelope(
                    sample.message, networkID: World.networkID, key: sample.author.key,
                    sign: { sample.author.signing.sign($0) }))
            let before = Fingerprint(sample.world)
            let step = max(1, envelope.count / 200)
            for place in stride(from: 0, to: envelope.count, by: step) {
                var flipped = envelope
                flipped[place] ^= 1 << UInt8(place % 8)
                for bytes in [flipped, Array(envelope.prefix(place))] {
                    var world = sample.world
                    let outcome = world.hear(data: bytes, on: sample.message.topic)
                    let isRefused =
                        switch outcome {
                        case .rejected, .ignored, .refusedByRouter: true
                        case .passedOn, .held: false
                        }
                    #expect(isRefused, "\(sample.name): \(outcome)")
                    #expect(Fingerprint(world) == before, "\(sample.name)")
                }
            }
        }
    }

    @Test func `numbers at the end of their range never trap`() throws {
        let samples = try Self.samples()
        let world = samples[0].world
        let last = Slot(.max)
        let range = try #require(
            LeafRange(first: LeafRange.maximumLeafCount - 1, count: 1))
        let extremes: [GossipMessage] = [
            .intent(
                Intent(
                    sequence: .max, firstSlot: last, lastSlot: last, capacity: .max,
                    minFeePerUnit: Amount(units: .max))),
            .intent(
                Intent(
                    sequence: .max, firstSlot: Slot(0), lastSlot: try world.slot.slot,
                    capacity: .max, minFeePerUnit: Amount(units: .max))),
            .proofCommitment(
                ProofCommitment(slot: last, range: range, commitment: .zero)),
            .proofCommitment(
                ProofCommitment(
                    slot: try world.slot.slot, range: range, commitment: .zero)),
            .ledgerRoot(LedgerRootStatement(height: Height(.max), ledgerRoot: .zero)),
            .logHeader(
                World.signed(
                    LogHeader(
                        height: Height(.max), timeMilliseconds: .max, previousHash: .zero,
                        transactionsHash: .zero), by: World.authority)),
        ]
        for message in extremes {
            for author in [World.provers[0], World.sequencers[0], World.authority] {
                var fresh = world
                _ = fresh.hear(message, by: author)
                #expect(Fingerprint(fresh) == Fingerprint(world))
            }
        }
    }
}
