import Field
import Hash
import Primitives
import Testing

struct SpongeTests {
    private let elements = (0..<20).map { Goldilocks(UInt64($0)) }

    @Test func `the sponge is the permutation over overwritten blocks`() {
        var state = Poseidon2.State(repeating: .zero)
        let tag: DomainTag = "test"
        state[8] = tag.element
        state[9] = 11
        for index in 0..<8 { state[index] = elements[index] }
        Poseidon2.permute(&state)
        for index in 8..<11 { state[index - 8] = elements[index] }
        Poseidon2.permute(&state)
        let expected = HashOutput(elements: (0..<4).map { state[$0] })
        #expect(hash(domain: tag, Array(elements[..<11])) == expected)
        #expect(hash(domain: tag, elements[..<11]) == expected)
    }

    @Test func `every length and every domain gives another digest`() {
        var seen: Set<HashOutput> = []
        for length in 0...20 {
            seen.insert(hash(domain: "one", Array(elements[..<length])))
            seen.insert(hash(domain: "two", Array(elements[..<length])))
            seen.insert(hash(domain: "one", Array(repeating: .zero, count: length)))
        }
        // Under "one", no elements and one zero were met twice.
        #expect(seen.count == 61)
    }

    @Test func `compression tells left from right`() {
        let left = hash(domain: "test", [1])
        let right = hash(domain: "test", [2])
        #expect(compress(left, right) != compress(right, left))
        var state = Poseidon2.State(repeating: .zero)
        for index in 0..<4 {
            state[index] = left.elements[index]
            state[index + 4] = right.elements[index]
        }
        Poseidon2.permute(&state)
        #expect(compress(left, right).elements == (0..<4).map { state[$0] })
    }

    @Test func `a digest survives its travelling form`() {
        let output = hash(domain: "test", elements)
        #expect(HashOutput(output.digest) == output)
        #expect(FieldDigest(output).elements == output.elements.map(\.canonical))
        #expect(HashOutput(elements: elements) == nil)
    }

    @Test func `thirty-two bytes are eight little-endian limbs`() {
        let bytes = (0..<32).map { UInt8($0) }
        let packed = [Goldilocks](packing: bytes)
        #expect(packed.count == 8)
        #expect(packed[0] == 0x0302_0100)
        #expect(packed[7] == 0x1F1E_1D1C)
    }

    @Test func `a tag is its name read as a little-endian integer`() {
        let tag: DomainTag = "ab"
        #expect(tag.element == 0x6261)
    }
}
