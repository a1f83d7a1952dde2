import Circuit
import Commitment
import Field
import Foundation
import Hash
import IOP
import Testing

/// The golden proofs of leaf and merge with something changed: always an error, never a trap.
@Suite struct GoldenForgeryTests {
    private static let takesTime =
        ProcessInfo.processInfo.environment["GROVE_SLOW_TESTS"] != nil

    private struct Golden {
        let name: String
        let bytes: [UInt8]
        let publicInputs: [Goldilocks]
        let key: VerifyingKey
        let otherKey: VerifyingKey

        var elementCount: Int { bytes.count / Goldilocks.byteCount }

        static func all(_ profile: VectorProfile) throws -> [Golden] {
            let vectors = try profile.vectors()
            let (leafKey, mergeKey) = try (
                profile.key(vectors.leafKey), profile.key(vectors.mergeKey)
            )
            return try [
                Golden(
                    name: "leaf", bytes: profile.proof(vectors.leaf),
                    publicInputs: vectors.leaf.publicInputs.map(\.element), key: leafKey,
                    otherKey: mergeKey),
                Golden(
                    name: "merge", bytes: profile.proof(vectors.merge),
                    publicInputs: vectors.merge.publicInputs.map(\.element), key: mergeKey,
                    otherKey: leafKey),
            ]
        }

        func element(_ index: Int) -> UInt64 {
            (0..<8).reversed().reduce(0) { $0 << 8 | UInt64(bytes[8 * index + $1]) }
        }

        func replacing(_ index: Int, with value: UInt64) -> [UInt8] {
            var changed = bytes
            for byte in 0..<8 {
                changed[8 * index + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
            }
            return changed
        }

        func replacing(_ index: Int, with element: Goldilocks) -> [UInt8] {
            replacing(index, with: element.canonical)
        }

        /// Why these bytes are refused; nil if they aren't.
        func refusal(
            _ bytes: [UInt8], publicInputs: [Goldilocks]? = nil, key: VerifyingKey? = nil
        ) -> CircuitError? {
            do throws(CircuitError) {
                try CircuitVerifier.verify(
                    proofBytes: bytes, publicInputs: publicInputs ?? self.publicInputs,
                    key: key ?? self.key)
                return nil
            } catch { return error }
        }
    }

    /// `fast` and `proven100` take a minute and are left to CI; of their queries, one element in
    /// sixty-one.
    @Test(arguments: takesTime ? VectorProfile.all : [.tiny])
    func `a leaf or merge proof with any element changed is refused`(
        profile: VectorProfile
    ) throws {
        for golden in try Golden.all(profile) {
            #expect(golden.refusal(golden.bytes) == nil)
            let firstQueries = golden.elementCount / profile.profile.fri.queryCount * 2
            for index in 0..<golden.elementCount
            where profile.name == "tiny" || index < firstQueries || index.isMultiple(of: 61) {
                let value = Goldilocks(golden.element(index))
                for changed in [value + 1, value + Goldilocks(1 << 63)] {
                    #expect(
                        golden.refusal(golden.replacing(index, with: changed)) != nil,
                        "\(golden.name), element \(index)")
                }
            }
        }
    }

    /// x and x + p are one element and two byte strings, of which one is refused: a proof has one
    /// form.
    @Test(arguments: VectorProfile.all)
    func `an element's second form is refused`(profile: VectorProfile) throws {
        for golden in try Golden.all(profile) {
            var count = 0
            for index in 0..<golden.elementCount {
                let (alias, overflow) = golden.element(index).addingReportingOverflow(
                    Goldilocks.modulus)
                guard !overflow else { continue }
                count += 1
                #expect(
                    golden.refusal(golden.replacing(index, with: alias))
                        == .commitment(.nonCanonicalElement(offset: 8 * index)))
            }
            // The nonce is small.
            #expect(count > 0, "\(golden.name)")
            for value in [Goldilocks.modulus, Goldilocks.modulus + 1, .max] {
                for index in stride(from: 0, to: golden.elementCount, by: 97) {
                    #expect(
                        golden.refusal(golden.replacing(index, with: value))
                            == .commitment(.nonCanonicalElement(offset: 8 * index)))
                }
            }
        }
    }

    @Test(arguments: VectorProfile.all)
    func `a proof of another length is refused`(profile: VectorProfile) throws {
        for golden in try Golden.all(profile) {
            let bytes = golden.bytes
            for length in [0, 1, 7, 8, bytes.count / 2, bytes.count - 8, bytes.count - 1] {
                guard case .commitment(.truncated) = golden.refusal(Array(bytes[..<length]))
                else {
                    Issue.record("\(golden.name): \(length) bytes")
                    continue
                }
            }
            for extra in [1, 8, 4096] {
                #expect(
                    golden.refusal(bytes + [UInt8](repeating: 0, count: extra))
                        == .commitment(.trailingBytes(count: extra)))
            }
        }
    }

    @Test(arguments: VectorProfile.all)
    func `another statement or another key is refused`(profile: VectorProfile) throws {
        for golden in try Golden.all(profile) {
            for index in golden.publicInputs.indices {
                var changed = golden.publicInputs
                changed[index] += 1
                #expect(
                    golden.refusal(golden.bytes, publicInputs: changed) == .constraintsBroken,
                    "\(golden.name), public input \(index)")
            }
            #expect(golden.refusal(golden.bytes, key: golden.otherKey) == .constraintsBroken)
            var keyBytes = golden.key.bytes
            for element in 1..<keyBytes.count / 8 {
                keyBytes[8 * element] ^= 1
                let key = try VerifyingKey(bytes: keyBytes, profile: golden.key.profile)
                #expect(
                    golden.refusal(golden.bytes, key: key) != nil,
                    "\(golden.name), element \(element) of the key")
                keyBytes[8 * element] ^= 1
            }
        }
    }

    /// What a proof says before a challenge decides it: nothing said is left out of the transcript.
    @Test func `each element said changes every later challenge and none before`() throws {
        for golden in try Golden.all(.tiny) {
            let profile = golden.key.profile
            let elements = try CircuitProof(bytes: golden.bytes, key: golden.key).elements
            func draws(_ elements: [Goldilocks], _ inputs: [Goldilocks]) -> [[HexElement]] {
                ChallengeTrace(key: golden.key, elements: elements, publicInputs: inputs).draws
            }
            let honest = draws(elements, golden.publicInputs)
            let sizes = Self.saidBeforeEachDraw(profile)
            #expect(sizes.count == honest.count)
            var index = 0
            for (draw, size) in sizes.enumerated() {
                for _ in 0..<size {
                    var changed = elements
                    changed[index] += 1
                    let found = draws(changed, golden.publicInputs)
                    #expect(found[..<draw] == honest[..<draw], "element \(index)")
                    #expect(
                        zip(found, honest)[draw...].allSatisfy { Self.differ($0, $1) },
                        "element \(index)")
                    index += 1
                }
            }
            for input in golden.publicInputs.indices {
                var changed = golden.publicInputs
                changed[input] += 1
                #expect(
                    zip(draws(elements, changed), honest).allSatisfy { Self.differ($0, $1) },
                    "public input \(input)")
            }
        }
    }

    private static func differ(_ first: [HexElement], _ second: [HexElement]) -> Bool {
        zip(first, second).allSatisfy { $0 != $1 }
    }

    /// The number of a proof's elements absorbed before each of `ChallengeTrace.draws`.
    private static func saidBeforeEachDraw(_ profile: ProofProfile) -> [Int] {
        let fri = profile.fri
        let degree = profile.extensionDegree
        let cap = 4 << fri.oracleCapHeight
        let openings =
            degree == 2
            ? PlonkShape<QuadraticExtension>(fri).openingCounts
            : PlonkShape<CubicExtension>(fri).openingCounts
        return [cap, cap, cap, openings.reduce(0, +) * degree]
            + (0..<fri.roundCount).map { 4 << fri.capHeight(round: $0) }
            + [fri.finalPolynomialCount * degree + 1]
    }
}

extension Zip2Sequence {
    fileprivate subscript(range: PartialRangeFrom<Int>) -> [Element] {
        Array(dropFirst(range.lowerBound))
    }
}
