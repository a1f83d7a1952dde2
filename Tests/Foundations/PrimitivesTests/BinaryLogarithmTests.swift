import Primitives
import TestSupport
import Testing

@Suite struct BinaryLogarithmTests {
    struct Vectors: Decodable {
        struct Vector: Decodable {
            let value: String
            let log2: String
        }
        let vectors: [Vector]
    }

    @Test func `fixed-point log2 is Q6.58 by repeated squaring, floored`() throws {
        let file = try VectorFile.decode(Vectors.self, from: "fixedpoint/log2.json")
        #expect(file.vectors.count > 200)
        for vector in file.vectors {
            let value = try #require(UInt64(vector.value))
            #expect(BinaryLogarithm.floor(value) == UInt64(vector.log2), "value \(value)")
        }
    }

    @Test func `zero has no logarithm and counts as one in a race`() {
        #expect(BinaryLogarithm.floor(0) == nil)
        #expect(BinaryLogarithm.negatedOfFraction(0) == BinaryLogarithm.sixtyFour)
        #expect(BinaryLogarithm.negatedOfFraction(1) == BinaryLogarithm.sixtyFour)
        #expect(BinaryLogarithm.negatedOfFraction(.max) == 1)
    }

    @Test func `a race is exact where cross products need more than 128 bits`() {
        let slow = ExponentialRace(draw: 1, weight: (1 << 110) - 1)
        let slower = ExponentialRace(draw: 1, weight: (1 << 110) - 2)
        #expect(slow.precedes(slower))
        #expect(!slower.precedes(slow))
        #expect(!slow.precedes(slow))
    }

    @Test func `no weight loses to any weight`() {
        let none = ExponentialRace(draw: .max, weight: 0)
        let least = ExponentialRace(draw: 0, weight: 1)
        #expect(least.precedes(none))
        #expect(!none.precedes(least))
    }
}
