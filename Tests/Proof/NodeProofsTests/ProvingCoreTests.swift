import NodeProofs
import Payments
import Primitives
import ProofFixtures
import Synchronization
import Testing

@Suite struct ProvingCoreTests {
    private static func range(_ first: Int, _ count: Int = 1) -> LeafRange {
        LeafRange(first: first, count: count)!
    }

    @Test func `one statement has one proof`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let leaf = try proven.core(of: proven.provers[0]).proveLeaf(
            proven.block.leaves[0], of: proven.header, control: .unattended)
        #expect(try leaf == proven.prove(Self.range(0)))
        let root = try proven.core(of: proven.prover(of: proven.root)).proveMerge(
            leaf, proven.prove(Self.range(1)), of: proven.header, control: .unattended)
        #expect(try root == proven.prove(proven.root))
    }

    @Test func `two proofs that the canonical tree does not join are not merged`() throws {
        let proven = try ProvenBlock(leafCount: 4)
        let leaves = try (0..<4).map { try proven.prove(Self.range($0)) }
        func refused(_ left: [UInt8], _ right: [UInt8]) -> NodeProofError? {
            refusal {
                _ = try proven.core(of: proven.provers[0]).proveMerge(
                    left, right, of: proven.header, control: .unattended)
            }
        }
        #expect(refused(leaves[1], leaves[2]) == .notChildren(Self.range(1), Self.range(2)))
        #expect(refused(leaves[1], leaves[0]) == .notChildren(Self.range(1), Self.range(0)))
        #expect(refused(leaves[0], leaves[0]) == .notChildren(Self.range(0), Self.range(0)))
        #expect(refused(leaves[0], leaves[2]) == .notChildren(Self.range(0), Self.range(2)))
        let pair = try proven.prove(Self.range(2, 2))
        #expect(refused(leaves[1], pair) == .notChildren(Self.range(1), Self.range(2, 2)))
    }

    @Test func `proofs of two blocks are not merged`() throws {
        let first = try ProvenBlock(leafCount: 2)
        let second = try ProvenBlock(leafCount: 3)
        let left = try first.prove(Self.range(0))
        let right = try second.prove(Self.range(1))
        // As one block's they do not hold, so no witness satisfies the merge circuit.
        #expect(throws: (any Error).self) {
            _ = try first.core(of: first.provers[0]).proveMerge(
                left, right, of: first.header, control: .unattended)
        }
    }

    @Test func `a cancelled merge ends with the cancellation`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let control = ProvingControl(progress: { _ in }, isCancelled: { true })
        let core = proven.core(of: proven.provers[0])
        let (left, right) = (try proven.prove(Self.range(0)), try proven.prove(Self.range(1)))
        #expect(throws: CancellationError.self) {
            _ = try core.proveMerge(left, right, of: proven.header, control: control)
        }
    }

    @Test func `progress of a leaf proof rises to its end and a cancelled one stops`() throws {
        let proven = try ProvenBlock(leafCount: 1)
        let core = proven.core(of: proven.provers[0])
        let fractions = Mutex<[Double]>([])
        _ = try core.proveLeaf(
            proven.block.leaves[0], of: proven.header,
            control: ProvingControl(
                progress: { progress in fractions.withLock { $0.append(progress.fraction) } },
                isCancelled: { false }))
        let seen = fractions.withLock { $0 }
        #expect(seen == seen.sorted())
        #expect(seen.allSatisfy { (0...1).contains($0) })
        #expect((seen.last ?? 0) > 0.8)
        #expect(throws: CancellationError.self) {
            _ = try core.proveLeaf(
                proven.block.leaves[0], of: proven.header,
                control: ProvingControl(progress: { _ in }, isCancelled: { true }))
        }
    }
}
