import Bundle
import Cryptography
import Payments
import Primitives
import SansIO
import Testing

struct NodeProofTests {
    private static func leaf(
        index: Int = 0, feeSum: UInt64 = 1, proof: [UInt8] = [1]
    ) -> NodeProof {
        .leaf(
            BundledLeaf(
                index: index, stateBefore: .zero, stateAfter: .zero, paymentRoot: .zero,
                prover: OperatorKey(.zero), feeSum: Amount(units: feeSum), proof: proof))
    }

    private static func merge(_ left: NodeProof, _ right: NodeProof) throws -> NodeProof {
        .merge(
            BundledMerge(
                left: left, right: right, prover: OperatorKey(.zero),
                signature: try #require(Signature([UInt8](repeating: 0, count: 64)))))
    }

    private static func decodingRefusal(_ bytes: [UInt8]) -> BundleError? {
        refusal { _ = try NodeProof(decoding: bytes) }
    }

    @Test func `decoding gives back what was encoded`() throws {
        let proven = try ProvenBlock(leafCount: 5)
        let bytes = try proven.prove(proven.root)
        #expect(try NodeProof(decoding: bytes).encoded == bytes)
    }

    @Test func `two proofs that the canonical tree does not join are not merged`() throws {
        let proven = try ProvenBlock(leafCount: 4)
        let leaves = try (0..<4).map { try proven.prove(LeafRange(first: $0, count: 1)!) }
        func refused(_ left: [UInt8], _ right: [UInt8]) -> BundleError? {
            do {
                _ = try proven.provers[0].core.proveMerge(
                    left, right, of: proven.header, control: .unattended)
                return nil
            } catch {
                return error as? BundleError
            }
        }
        func range(_ first: Int, _ count: Int = 1) -> LeafRange {
            LeafRange(first: first, count: count)!
        }
        #expect(refused(leaves[0], leaves[1]) == nil)
        #expect(refused(leaves[1], leaves[2]) == .notChildren(range(1), range(2)))
        #expect(refused(leaves[1], leaves[0]) == .notChildren(range(1), range(0)))
        #expect(refused(leaves[0], leaves[0]) == .notChildren(range(0), range(0)))
        #expect(refused(leaves[0], leaves[2]) == .notChildren(range(0), range(2)))
        let pair = try proven.prove(range(2, 2))
        #expect(refused(leaves[1], pair) == .notChildren(range(1), range(2, 2)))
        #expect(refused(try proven.prove(range(0, 2)), pair) == nil)
    }

    @Test func `proofs of two blocks are not merged`() throws {
        let first = try ProvenBlock(leafCount: 2)
        let second = try ProvenBlock(leafCount: 3)
        let left = try first.prove(LeafRange(first: 0, count: 1)!)
        let right = try second.prove(LeafRange(first: 1, count: 1)!)
        let merged = try first.provers[0].core.proveMerge(
            left, right, of: first.header, control: .unattended)
        let expected = try #require(first.expectation(first.root))
        let honest = refusal {
            _ = try first.verifier.verify(merged, expecting: expected)
        }
        guard case .leafProofRefused(let range, _, _) = honest else {
            Issue.record("\(String(describing: honest))")
            return
        }
        #expect(range == LeafRange(first: 1, count: 1))
    }

    @Test func `a cancelled merge ends with the cancellation`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let control = ProvingControl(progress: { _ in }, isCancelled: { true })
        #expect(throws: CancellationError.self) {
            _ = try proven.provers[0].core.proveMerge([], [], of: proven.header, control: control)
        }
    }

    @Test func `a tree deeper than the deepest is refused`() throws {
        var proof = Self.leaf()
        for depth in 0..<BundleParameters.maximumDepth {
            #expect(Self.decodingRefusal(proof.encoded) == nil, "depth \(depth)")
            proof = try Self.merge(proof, Self.leaf())
        }
        #expect(Self.decodingRefusal(proof.encoded) == nil)
        proof = try Self.merge(proof, Self.leaf())
        #expect(
            Self.decodingRefusal(proof.encoded)
                == .tooDeep(limit: BundleParameters.maximumDepth))
        let prefix = [UInt8](repeating: 0, count: 96)
        let endless = [[UInt8]](repeating: [2] + prefix, count: 10_000).flatMap { $0 }
        #expect(
            Self.decodingRefusal(endless) == .tooDeep(limit: BundleParameters.maximumDepth))
    }

    @Test func `each field of a leaf has its bounds`() {
        let good = Self.leaf().encoded
        #expect(Self.decodingRefusal(good) == nil)
        var index = good
        index.replaceSubrange(1..<5, with: [0, 1, 0, 0])
        #expect(Self.decodingRefusal(index) == .noSuchLeaf(65_536))
        for start in [5, 37, 69] {
            var digest = good
            digest.replaceSubrange(start..<start + 8, with: [1, 0, 0, 0, 255, 255, 255, 255])
            #expect(Self.decodingRefusal(digest) == .nonCanonicalDigest)
        }
        var fees = good
        fees.replaceSubrange(133..<141, with: [0x40, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            Self.decodingRefusal(fees)
                == .feesOutOfRange(end: PaymentLimits.amountEnd, found: 1 << 62))
        var length = good
        length.replaceSubrange(141..<145, with: [255, 255, 255, 255])
        #expect(
            Self.decodingRefusal(length)
                == .tooLarge(
                    limit: BundleParameters.maximumLeafProofByteCount, found: 4_294_967_295))
        length.replaceSubrange(141..<145, with: [0, 0, 0, 2])
        #expect(Self.decodingRefusal(length) == .truncated(neededByteCount: 2, found: 1))
        #expect(Self.decodingRefusal([3] + good.dropFirst()) == .unknownKind(3))
        #expect(Self.decodingRefusal([]) == .truncated(neededByteCount: 1, found: 0))
    }

    @Test func `a proof above the limit is refused before it is read`() {
        let count = BundleParameters.maximumByteCount + 1
        #expect(
            Self.decodingRefusal([UInt8](repeating: 0, count: count))
                == .tooLarge(limit: BundleParameters.maximumByteCount, found: count))
    }

    @Test func `random bytes are refused without a trap`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let honest = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            var bytes = honest
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                let byte = UInt8.random(in: 0...255, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[index] = byte
                } else {
                    bytes.insert(byte, at: index)
                }
            }
            guard bytes != honest else { continue }
            let found = refusal {
                _ = try proven.verifier.verify(bytes, expecting: expected)
            }
            #expect(found != nil)
        }
    }

    @Test func `the key of bundles is no circuit's and is not zero`() {
        #expect(BundleParameters.mergeKey != .zero)
        #expect(BundleParameters.mergeKey.elements[2...] == [0, 0])
    }
}
