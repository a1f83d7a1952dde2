import NodeProofs
import Payments
import Primitives
import ProofFixtures
import Testing

/// The bytes before the circuit's proof, one field after the other.
@Suite struct NodeProofTests {
    private let proven: ProvenBlock
    private let good: [UInt8]

    init() throws {
        proven = try ProvenBlock(leafCount: 2)
        good = try proven.prove(proven.root)
    }

    private func decodingRefusal(_ bytes: [UInt8]) -> NodeProofError? {
        refusal { _ = try proven.verifier.contributions(of: bytes) }
    }

    private func replacing(_ place: Range<Int>, with bytes: [UInt8]) -> [UInt8] {
        var changed = good
        changed.replaceSubrange(place, with: bytes)
        return changed
    }

    @Test func `each field has its bounds`() {
        #expect(decodingRefusal(good) == nil)
        #expect(
            decodingRefusal(replacing(0..<4, with: [0, 1, 0, 0]))
                == .noSuchLeaves(first: 65_536, count: 2))
        #expect(
            decodingRefusal(replacing(4..<8, with: [0, 0, 0, 0]))
                == .noSuchLeaves(first: 0, count: 0))
        #expect(
            decodingRefusal(replacing(0..<8, with: [UInt8](repeating: 255, count: 8)))
                == .noSuchLeaves(first: 4_294_967_295, count: 4_294_967_295))
        for start in [8, 48, 80, 112] {
            let element: [UInt8] = [1, 0, 0, 0, 255, 255, 255, 255]
            #expect(
                decodingRefusal(replacing(start..<start + 8, with: element))
                    == .nonCanonicalDigest, "at \(start)")
        }
        #expect(
            decodingRefusal(replacing(40..<48, with: [0x40, 0, 0, 0, 0, 0, 0, 0]))
                == .feesOutOfRange(end: PaymentLimits.amountEnd, found: 1 << 62))
    }

    @Test func `a claim of more leaves than there are bytes allocates nothing`() {
        let count = 65_536
        let found = decodingRefusal(replacing(4..<8, with: [0, 1, 0, 0]))
        let proofByteCount = proven.verifier.byteCount(leafCount: 1) - 48 - 96
        #expect(
            found
                == .truncated(
                    neededByteCount: 96 * count + proofByteCount, found: good.count - 48))
        #expect(decodingRefusal([]) == .truncated(neededByteCount: 4, found: 0))
    }

    @Test func `a proof above the limit is refused before it is read`() {
        let count = NodeProofParameters.maximumByteCount + 1
        #expect(
            decodingRefusal([UInt8](repeating: 0, count: count))
                == .tooLarge(limit: NodeProofParameters.maximumByteCount, found: count))
    }

    @Test func `a node has one size under one profile, whatever lies below`() throws {
        let four = try ProvenBlock(leafCount: 4)
        for count in [1, 2, 4] {
            let range = LeafRange(first: 0, count: count)!
            #expect(
                try four.prove(range).count
                    == four.verifier.byteCount(leafCount: 1) + 96 * (count - 1))
        }
    }
}
