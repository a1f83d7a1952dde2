import Cryptography
import Gossip
import NodeCore
import Primitives
import TestSupport
import Testing

@Suite struct NonceCounterTests {
    @Test func `nonces are consecutive, whatever is in flight`() {
        var counter = NonceCounter(lastSigned: 0)
        #expect([0, 0, 1].map { counter.next(folded: $0) } == [1, 2, 3])
    }

    @Test func `a nonce that was signed before a restart never comes back`() {
        var counter = NonceCounter(lastSigned: 7)
        #expect(counter.next(folded: 3) == 8)
    }

    @Test func `the ledger's nonce counts where it is ahead`() {
        var counter = NonceCounter(lastSigned: 2)
        #expect(counter.next(folded: 9) == 10)
    }

    @Test func `a refused nonce and those above it are free again`() {
        var counter = NonceCounter(lastSigned: 0)
        for _ in 0..<3 { _ = counter.next(folded: 0) }
        counter.refused(2)
        #expect(counter.next(folded: 0) == 2)
        counter.refused(7)
        #expect(counter.next(folded: 0) == 3)
    }

    @Test func `the log says which nonce comes next`() {
        var counter = NonceCounter(lastSigned: 2)
        counter.expect(9)
        #expect(counter.next(folded: 0) == 9)
    }
}

@Suite struct LogFollowerTests {
    private func block(_ height: UInt64) -> LogBlock {
        let header = LogHeader(
            height: Height(height), timeMilliseconds: 0, previousHash: .zero,
            transactionsHash: .zero)
        let signature = Signature([UInt8](repeating: 0, count: 64))!
        return LogBlock(
            header: SignedLogHeader(header: header, signature: signature), transactions: [])
    }

    @Test func `blocks are judged one at a time and in their order`() {
        var follower = LogFollower()
        let queued = [0, 1].map { follower.enqueue(block($0)) }
        #expect(queued == [true, true])
        #expect(follower.next()?.height == Height(0))
        #expect(follower.next() == nil)
        #expect(follower.finish(Height(1)) == nil)
        #expect(follower.finish(Height(0))?.height == Height(0))
        #expect(follower.next()?.height == Height(1))
    }

    @Test func `a follower that is behind the log's head is not live`() {
        var follower = LogFollower()
        follower.saw(Height(3))
        #expect(!follower.isLive)
        for height in UInt64(0)...2 {
            _ = follower.enqueue(block(height))
            _ = follower.next()
            _ = follower.finish(Height(height))
        }
        #expect(follower.isLive)
    }

    @Test func `a full queue takes no further block`() {
        var follower = LogFollower()
        let bound = NodeParameters.maximumQueuedLogBlocks
        let queued = (0...bound).map { follower.enqueue(block(UInt64($0))) }
        #expect(queued == Array(repeating: true, count: bound) + [false])
        #expect(follower.head == Height(UInt64(NodeParameters.maximumQueuedLogBlocks - 1)))
    }

    @Test func `headers that were announced are forgotten when the log is there`() {
        var follower = LogFollower()
        follower.announce(Height(2))
        follower.announce(Height(5))
        follower.saw(Height(3))
        #expect(follower.announced == [Height(5)])
    }
}

@Suite struct EarlyMessagesTests {
    private func entry(_ number: Int, by prover: Int) throws -> EarlyMessages.Entry {
        let range = try #require(LeafRange(first: 0, count: 1))
        let message = GossipMessage.proofCommitment(
            ProofCommitment(
                slot: Slot(1), range: range, commitment: TestOperator.digest(number)))
        let envelope = GossipEnvelope(
            networkID: NetworkID(genesisNonce: [1]), topic: .proof, bodyBytes: [],
            key: TestOperator.key(prover),
            signature: try #require(Signature([UInt8](repeating: 0, count: 64))))
        return EarlyMessages.Entry(
            envelope: envelope, message: message,
            handle: MessageHandle(number: UInt64(number)), teller: GossipPeer(bytes: [1]))
    }

    @Test func `early messages come out in the order of their arrival, once`() throws {
        var early = EarlyMessages()
        let held = try (0..<5).map { early.hold(try entry($0, by: $0)) }
        #expect(held == Array(repeating: true, count: 5))
        #expect(early.release().map(\.handle.number) == [0, 1, 2, 3, 4])
        #expect(early.release().isEmpty)
    }

    @Test func `one prover cannot crowd out the others`() throws {
        var early = EarlyMessages()
        let room = NodeParameters.maximumEarlyProofMessagesPerProver
        let held = try (0...room).map { early.hold(try entry($0, by: 1)) }
        #expect(held == Array(repeating: true, count: room) + [false])
        let other = early.hold(try entry(room, by: 2))
        #expect(other)
        _ = early.release()
        let afterwards = early.hold(try entry(room, by: 1))
        #expect(afterwards)
    }

    @Test func `no more early messages wait than the bound`() throws {
        var early = EarlyMessages()
        let bound = NodeParameters.maximumEarlyProofMessages
        let held = try (0...bound).map { early.hold(try entry($0, by: $0 / 8)) }
        #expect(held == Array(repeating: true, count: bound) + [false])
    }
}
