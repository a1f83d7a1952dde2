import Field
import Foundation
import Hash
import SansIO
import TestSupport
import Testing

struct Poseidon2Tests {
    private struct Vectors: Decodable {
        struct Instance: Decodable {
            struct KnownAnswer: Decodable {
                let `in`: [String]
                let out: [String]
            }
            let internalDiagonal: [String]
            let kat: [KnownAnswer]

            enum CodingKeys: String, CodingKey {
                case internalDiagonal = "diag_m_1"
                case kat
            }
        }
        let w12: Instance
    }

    private static func element(_ text: String) -> Goldilocks {
        Goldilocks(UInt64(text.dropFirst(2), radix: 16)!)
    }

    @Test func `the permutation gives the published answer`() throws {
        let vectors = try VectorFile.decode(
            Vectors.self, from: "poseidon2_goldilocks_plonky3.json")
        for answer in vectors.w12.kat {
            let input = answer.in.map(Self.element)
            var state = Poseidon2.State { input[$0] }
            Poseidon2.permute(&state)
            #expect((0..<12).map { state[$0] } == answer.out.map(Self.element))
        }
        #expect(Poseidon2.internalDiagonal == vectors.w12.internalDiagonal.map(Self.element))
    }

    @Test func `the fast layers agree with matrices on edge values`() {
        let edges: [UInt64] = [
            0, 1, 2, 7, 0xFFFF_FFFF, 0x1_0000_0000, Goldilocks.modulus - 1, Goldilocks.modulus,
            Goldilocks.modulus + 1, .max - 1, .max,
        ]
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let input = (0..<12).map { _ in Goldilocks(edges.randomElement(using: &generator)!) }
            var state = Poseidon2.State { input[$0] }
            Poseidon2.permute(&state)
            var reference = Poseidon2.State { input[$0] }
            Poseidon2.referencePermute(&reference)
            let expected = Self.plainPermutation(input)
            #expect((0..<12).map { state[$0] } == expected)
            #expect((0..<12).map { reference[$0] } == expected)
        }
    }

    /// The definition, with matrices and nothing clever.
    private static func plainPermutation(_ input: [Goldilocks]) -> [Goldilocks] {
        var state = external(input)
        for round in 0..<4 { state = external(fullRound(state, round)) }
        for round in 0..<22 {
            state[0] = (state[0] + Poseidon2.internalConstants[round]).power(7)
            let sum = state.reduce(.zero, +)
            state = (0..<12).map { sum + Poseidon2.internalDiagonal[$0] * state[$0] }
        }
        for round in 4..<8 { state = external(fullRound(state, round)) }
        return state
    }

    private static func fullRound(_ state: [Goldilocks], _ round: Int) -> [Goldilocks] {
        (0..<12).map { (state[$0] + Poseidon2.externalConstants[round * 12 + $0]).power(7) }
    }

    private static func external(_ state: [Goldilocks]) -> [Goldilocks] {
        let circulant: [[Goldilocks]] = [
            [2, 3, 1, 1], [1, 2, 3, 1], [1, 1, 2, 3], [3, 1, 1, 2],
        ]
        return (0..<12).map { row in
            (0..<12).reduce(.zero) { sum, column in
                let weight: Goldilocks = row / 4 == column / 4 ? 2 : 1
                return sum + weight * circulant[row % 4][column % 4] * state[column]
            }
        }
    }
}
