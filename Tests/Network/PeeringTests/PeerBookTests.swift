import Connection
import Cryptography
import Peering
import SansIO
import Testing

@Suite struct PeerBookTests {
    private let now: UInt64 = 1_800_000_000

    private func learn(
        _ number: Int, sequence: UInt64 = 1, host: String? = nil, from teller: Int? = nil,
        into book: inout PeerBook
    ) throws -> PeerBook.Judgement {
        let peer = TestPeer(number)
        let place = host ?? "10.\(number / 62_500).\(number / 250 % 250).\(number % 250)"
        return book.learn(
            try peer.record(["/ip4/\(place)/tcp/1"], sequence: sequence),
            from: TestPeer(teller ?? number).id, at: .site, now: now)
    }

    @Test func `a newer record replaces an older one and nothing else does`() throws {
        var book = PeerBook()
        #expect(try learn(1, sequence: 5, into: &book) == .added)
        #expect(try learn(1, sequence: 5, host: "10.9.9.9", into: &book) == .known)
        #expect(try learn(1, sequence: 4, host: "10.9.9.9", into: &book) == .known)
        book.reached(TestPeer(1).id, at: now)
        #expect(try learn(1, sequence: 6, host: "10.9.9.9", from: 2, into: &book) == .renewed)
        let entry = try #require(book[TestPeer(1).id])
        #expect(entry.addresses.first?.endpoint?.host == "10.9.9.9")
        #expect(entry.lastSuccess == now)
    }

    @Test func `a full book makes room for news, but not at the cost of who was reached lately`()
        throws
    {
        var book = PeerBook()
        for number in 0..<PeeringParameters.maximumPeers {
            #expect(try learn(number, into: &book) == .added)
            book.reached(TestPeer(number).id, at: now)
        }
        #expect(try learn(5_000, into: &book) == .full)
        var half = PeerBook()
        for number in 0..<PeeringParameters.maximumPeers {
            #expect(try learn(number, into: &half) == .added)
            if number > 0 { half.reached(TestPeer(number).id, at: now) }
        }
        half.failed(TestPeer(0).id, at: now)
        #expect(try learn(5_000, into: &half) == .added)
        #expect(half[TestPeer(0).id] == nil && half.count == PeeringParameters.maximumPeers)
    }

    @Test func `a peer that was reached is kept for a week`() throws {
        var book = PeerBook()
        _ = try learn(1, into: &book)
        book.reached(TestPeer(1).id, at: now)
        for _ in 0..<100 { book.failed(TestPeer(1).id, at: now + 6 * 24 * 3_600) }
        #expect(book.count == 1)
        book.failed(TestPeer(1).id, at: now + 8 * 24 * 3_600)
        #expect(book.count == 0)
    }

    @Test func `an own record's sequence rises, whatever the clock does`() {
        var book = PeerBook()
        let sequences = [now, now, now - 100, now + 50, .max, .max].map {
            book.nextSequence(at: $0)
        }
        #expect(sequences.prefix(4) == [now, now + 1, now + 2, now + 50])
        #expect(sequences[5] == UInt64(Int64.max))
    }

    // MARK: On disk

    private func knowledge() throws -> PeerKnowledge {
        var knowledge = PeerKnowledge()
        for number in 1...5 { _ = try learn(number, into: &knowledge.book) }
        knowledge.book.reached(TestPeer(2).id, at: now)
        knowledge.book.failed(TestPeer(3).id, at: now)
        _ = knowledge.book.nextSequence(at: now)
        for number in 10..<14 {
            _ = knowledge.bans.bar(TestPeer(number).id, host: "10.0.0.9", for: .faults, at: now)
        }
        _ = knowledge.bans.bar(TestPeer(20).id, host: nil, for: .otherNetwork, at: now)
        return knowledge
    }

    @Test func `what is known of peers is read back, bans included`() throws {
        let knowledge = try knowledge()
        let bytes = knowledge.encoded(at: now)
        let again = try #require(PeerKnowledge(decoding: bytes, at: now))
        #expect(again.damagedLineCount == 0)
        #expect(again.encoded(at: now) == bytes)
        #expect(again.book.peers == knowledge.book.peers)
        #expect(again.book[TestPeer(2).id]?.lastSuccess == now)
        #expect(again.bans.isBarred(TestPeer(11).id, at: now + 599))
        #expect(!again.bans.isBarred(TestPeer(11).id, at: now + 600))
        #expect(again.bans.isBarred(host: "10.0.0.9", at: now + 10))
        var book = again.book
        #expect(book.nextSequence(at: 5) == now + 1)
    }

    @Test func `damaged lines are left out, and the rest is used`() throws {
        let bytes = try knowledge().encoded(at: now)
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[index] ^= 0x15
            guard let read = PeerKnowledge(decoding: damaged, at: now) else { continue }
            #expect(read.book.count >= 4)
        }
        for end in stride(from: 0, to: bytes.count, by: 11) {
            _ = PeerKnowledge(decoding: Array(bytes[..<end]), at: now)
        }
        #expect(PeerKnowledge(decoding: Array("{}".utf8), at: now) == nil)
        #expect(PeerKnowledge(decoding: [], at: now) == nil)
        let worse = "grove peers 1\nbarred x 1 1 faults\npeer\nnonsense\nsequence -1\n"
        #expect(PeerKnowledge(decoding: Array(worse.utf8), at: now)?.damagedLineCount == 4)
    }

    @Test func `a clock that was set back makes no ban longer than the longest`() throws {
        let bytes = try knowledge().encoded(at: now)
        let past: UInt64 = 1_000
        let again = try #require(PeerKnowledge(decoding: bytes, at: past))
        let longest = past + PeeringParameters.longestBanSeconds
        #expect(again.bans.isBarred(TestPeer(11).id, at: past))
        #expect(!again.bans.isBarred(TestPeer(11).id, at: longest))
    }
}
