import Field
import Hash
import SansIO
import Testing

struct BatchHashingTests {
    private static let edges: [UInt64] = [
        0, 1, 2, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0001, 0xFFFF_FFFF_0000_0000,
        Goldilocks.modulus - 1, Goldilocks.modulus, Goldilocks.modulus + 1, .max - 1, .max,
    ]

    /// Edge values and random ones, half each.
    private static func matrix(rows: Int, columns: Int) -> FieldMatrix {
        var generator = SeededGenerator(seed: UInt64(rows * 1000 + columns))
        return FieldMatrix(
            rowCount: rows, columnCount: columns,
            elements: (0..<rows * columns).map { _ in
                let random = generator.next()
                return Goldilocks(random & 1 == 0 ? edges[Int(random >> 1) % 12] : random)
            })
    }

    @Test(arguments: InstructionSet.available, [0, 1, 4, 7, 8, 9, 16, 135])
    func `rows hash as they do one by one`(instructions: InstructionSet, columns: Int) {
        for rows in [0, 1, 7, 8, 9, 64] {
            let matrix = Self.matrix(rows: rows, columns: columns)
            #expect(
                hashRows(domain: "test", matrix, instructions: instructions)
                    == (0..<rows).map { hash(domain: "test", matrix.row($0)) })
        }
    }

    @Test(arguments: InstructionSet.available)
    func `digests of batches are canonical`(instructions: InstructionSet) {
        let digests = hashRows(
            domain: "test", Self.matrix(rows: 64, columns: 3), instructions: instructions)
        #expect(
            digests.flatMap(\.elements).allSatisfy { $0.representative == $0.canonical })
    }

    @Test(arguments: InstructionSet.available)
    func `pairs compress as they do one by one`(instructions: InstructionSet) {
        for count in [0, 2, 14, 16, 18, 64] {
            let digests = hashRows(domain: "test", Self.matrix(rows: count, columns: 2))
            #expect(
                compressPairs(digests, instructions: instructions)
                    == stride(from: 0, to: count, by: 2).map {
                        compress(digests[$0], digests[$0 + 1])
                    })
        }
    }

    @Test(arguments: InstructionSet.available, [0, 5, 7])
    func `the lowest element is found whatever the kernel`(
        instructions: InstructionSet, position: Int
    ) {
        for seed in 0..<6 {
            let state = Poseidon2.State { Goldilocks(UInt64($0 + 100 * seed)) }
            var lowest: UInt64 = 0
            while true {
                var trial = state
                trial[position] = Goldilocks(lowest)
                Poseidon2.referencePermute(&trial)
                if trial[0].canonical & 31 == 0 { break }
                lowest += 1
            }
            #expect(
                Poseidon2.lowestElement(
                    at: position, of: state, givingZeroBits: 5, instructions: instructions)
                    == Goldilocks(lowest))
        }
    }
}
