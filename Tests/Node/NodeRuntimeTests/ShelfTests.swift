import Circuit
import Cryptography
import NodeProofs
import NodeRuntime
import Primitives
import Testing

struct ShelfTests {
    @Test func `proofs stay for the kept slots and then go`() {
        var shelf = ProofShelf()
        let hashes = (0..<4).map { SHA256.hash([UInt8($0)]) }
        for slot in 0..<4 { shelf.add([UInt8(slot)], hash: hashes[slot], of: Slot(UInt64(slot))) }
        shelf.ended(Slot(1))
        #expect(hashes.map { shelf[$0] } == [[0], [1], [2], [3]])
        shelf.ended(Slot(2))
        #expect(hashes.map { shelf[$0] } == [nil, [1], [2], [3]])
        shelf.ended(Slot(9))
        #expect(hashes.allSatisfy { shelf[$0] == nil })
    }

    @Test func `the first bytes under a hash stay`() {
        var shelf = ProofShelf()
        let hash = SHA256.hash([1])
        shelf.add([1], hash: hash, of: Slot(1))
        shelf.add([2], hash: hash, of: Slot(5))
        #expect(shelf[hash] == [1])
    }

    @Test func `records may go two slots after theirs has ended`() {
        var marks = RecordMarks()
        let gone = [(4, 10), (5, 20), (6, 30), (9, 40), (10, 50)].map { slot, sequence in
            marks.ended(Slot(slot), at: sequence)
        }
        #expect(gone == [nil, nil, 10, 30, nil])
    }

    @Test func `a slot that is over is cancelled for ever, and a stop cancels all`() {
        let cancellation = SlotCancellation()
        #expect(!cancellation.isCancelled(Slot(0)))
        cancellation.cancel(through: Slot(5))
        cancellation.cancel(through: Slot(2))
        #expect(cancellation.isCancelled(Slot(5)) && !cancellation.isCancelled(Slot(6)))
        cancellation.stop()
        #expect(cancellation.isCancelled(Slot(6)))
    }

    @Test func `progress is shown until a proof or its slot ends`() throws {
        let activity = ProvingActivity()
        func progress(_ fraction: Double) -> ProofProgress {
            ProofProgress(phase: .quotient, fraction: fraction)
        }
        let one = try #require(LeafRange(first: 0, count: 1))
        let two = try #require(LeafRange(first: 1, count: 1))
        activity.progressed(Slot(1), two, progress(0.5))
        activity.progressed(Slot(1), one, progress(0.1))
        activity.progressed(Slot(1), one, progress(0.2))
        #expect(activity.all.map(\.range) == [one, two])
        #expect(activity.all.map(\.progress.fraction) == [0.2, 0.5])
        activity.finished(Slot(1), two)
        activity.progressed(Slot(2), two, progress(0.7))
        activity.ended(through: Slot(1))
        activity.progressed(Slot(1), one, progress(0.9))
        #expect(activity.all.map(\.progress.fraction) == [0.7])
    }
}
