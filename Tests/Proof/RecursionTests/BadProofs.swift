import Circuit
import Commitment
import Field
import Hash
import IOP
import PaymentsCircuit
import Recursion
import TestSupport
import Testing

/// `Tests/Vectors/proof-format/bad.json`: proofs by provers who cheat in one thing and in all else do
/// as an honest one. `BadProofTests` makes them.
struct BadProofVectors: Codable, Equatable {
    struct Entry: Codable, Equatable {
        /// Beside this file.
        let file: String
        let profile: String
        /// Of the profile's file.
        let key: BadProof.Key
        let breaks: BadProof.Check
        let how: String
        let publicInputs: [HexElement]
    }

    let source: String
    let version: UInt64
    let proofs: [Entry]

    static func read() throws -> BadProofVectors {
        try VectorFile.decode(BadProofVectors.self, from: "proof-format/bad.json")
    }
}

/// A cheat that a verifier notices by one check alone.
struct BadProof: CustomTestStringConvertible, Sendable {
    enum Key: String, Codable {
        case leaf = "leafKey"
        case merge = "mergeKey"
    }

    /// The checks of the proof format's page that bad proofs fail.
    enum Check: String, Codable {
        case equation
        case firstRound = "value in round 0"
        case secondRound = "value in round 1"
        case finalPolynomial = "final polynomial"
        case work
        case range
        case count
        case ownKey = "own key"
    }

    struct Made {
        let key: Key
        let publicInputs: [Goldilocks]
        let bytes: [UInt8]
    }

    let name: String
    let breaks: Check
    let how: String
    let profile: VectorProfile
    /// The first query that shows it, of a proof whose openings are wrong.
    var query = 0
    let make: @Sendable (VectorBlock) throws -> Made

    var file: String { "\(name).proof" }
    var testDescription: String { name }

    func entry(_ made: Made) -> BadProofVectors.Entry {
        BadProofVectors.Entry(
            file: file, profile: profile.name, key: made.key, breaks: breaks, how: how,
            publicInputs: made.publicInputs.map { HexElement($0) })
    }

    static let all = [
        leaf("bad-gate", .equation, "a wire of a Poseidon2 row is one higher, which no copy sees") {
            $0.wires = try brokenGate($1)
        },
        leaf(
            "bad-copy", .equation, "an operation of an arithmetic row is zeros, its copies are not"
        ) {
            $0.wires = brokenCopy($1)
        },
        leaf("bad-start", .equation, "all products are doubled, so Z begins with 2") { forgery, _ in
            forgery.products = { products in
                for index in products.elements.indices { products.elements[index] *= 2 }
            }
        },
        leaf(
            "bad-opening", .firstRound,
            "the openings at zeta of the two columns of chunk 0 are others, which join to the same value"
        ) { forgery, _ in
            // (y₀ − X) + (y₁ + 1)·X is y₀ + y₁·X.
            let counts = PlonkShape<QuadraticExtension>(ProofProfile.tinyMerge.fri).columnCounts
            let chunk = counts[..<3].reduce(0, +)
            forgery.openings = { openings in
                openings[chunk, 1] -= 1
                openings[chunk + 1, 0] += 1
            }
        },
        leaf(
            "bad-first-fold", .firstRound,
            "round 0 commits to V + X·x^5, x being the point and X the generator of K"
        ) { forgery, _ in forgery.polynomial = added(inRound: 0, power: 5) },
        leaf("bad-fold", .secondRound, "round 1 commits to the fold of round 0, and X·x^5") {
            forgery, _ in forgery.polynomial = added(inRound: 1, power: 5)
        },
        leaf("bad-final", .finalPolynomial, "the final polynomial is the last fold, and X") {
            forgery, _ in forgery.polynomial = added(inRound: 2, power: 0)
        },
        leaf(
            "bad-last-query", .finalPolynomial,
            "the final polynomial is the last fold, and X times one that the first two queries hit roots of",
            query: 2
        ) { forgery, _ in forgery.polynomial = lastQueryAlone },
        leaf(
            "bad-work", .work, "of the work's low bits, only the 16th is one", profile: .fast
        ) { forgery, _ in forgery.proofOfWorkBits = 15 },
        misplaced("bad-range", .range, "the first leaf is 2^16") { $0.firstLeaf = 1 << 16 },
        misplaced("bad-range-field", .range, "the first leaf is p - 1: its end is 0 in F") {
            $0.firstLeaf = Goldilocks.modulus - 1
        },
        merge("bad-range-merge", .range, "leaves 2^16 - 1 and 2^16") { block in
            let children = try (0..<2).map { index in
                try block.child(index) { $0.firstLeaf = UInt64((1 << 16) - 1 + index) }
            }
            return block.input(
                children[0], children[1], ownKey: block.merge.verifyingKey.digest)
        },
        merge("bad-count", .count, "a merge of two leaves with the own key of a leaf, zero") {
            block in
            block.input(try block.child(0), try block.child(1), ownKey: .zero)
        },
        merge("bad-own-key", .ownKey, "the last element of the own key is one higher") { block in
            var ownKey = block.merge.verifyingKey.digest.elements
            ownKey[3] += 1
            return block.input(
                try block.child(0), try block.child(1),
                ownKey: try #require(HashOutput(elements: ownKey)))
        },
    ]

    // MARK: Rooms

    /// A proof of leaf 0, whose statement is true.
    private static func leaf(
        _ name: String, _ breaks: Check, _ how: String, profile: VectorProfile = .tiny,
        query: Int = 0,
        _ forge: @escaping @Sendable (inout ProofForgery, VectorBlock) throws -> Void
    ) -> BadProof {
        BadProof(name: name, breaks: breaks, how: how, profile: profile, query: query) { block in
            var forgery = ProofForgery()
            try forge(&forgery, block)
            let input = block.input(0)
            return Made(
                key: .leaf, publicInputs: block.publicInputs(input),
                bytes: try block.circuit.proveUnchecked(input, forgery: forgery))
        }
    }

    /// A valid proof of leaf 0, said to be another.
    private static func misplaced(
        _ name: String, _ breaks: Check, _ how: String,
        _ change: @escaping @Sendable (inout LeafInput) -> Void
    ) -> BadProof {
        BadProof(name: name, breaks: breaks, how: how, profile: .tiny) { block in
            let child = try block.child(0, change)
            return Made(
                key: .leaf, publicInputs: child.publicInputs, bytes: child.proof.bytes)
        }
    }

    /// A valid proof of any merge.
    private static func merge(
        _ name: String, _ breaks: Check, _ how: String,
        _ input: @escaping @Sendable (VectorBlock) throws -> MergeInput
    ) -> BadProof {
        BadProof(name: name, breaks: breaks, how: how, profile: .tiny) { block in
            let input = try input(block)
            return Made(
                key: .merge, publicInputs: input.claim,
                bytes: try block.merge.proveUnchecked(input))
        }
    }

    /// Only cells of columns from `routedWireCount` on are in no copy.
    static func brokenGate(_ block: VectorBlock) throws -> (inout FieldMatrix) -> Void {
        let row = try #require(block.table.table.gates.firstIndex(of: .poseidon2))
        return { $0[row, CircuitParameters.wireCount - 1] += 1 }
    }

    /// k₀·0·0 + k₁·0 = 0, whatever the constants.
    static func brokenCopy(_ block: VectorBlock) -> (inout FieldMatrix) -> Void {
        let gates = block.table.table.gates
        let rows = gates.indices.filter { gates[$0] == .arithmetic }
        return { wires in
            for row in rows {
                for first in stride(from: 0, to: CircuitParameters.routedWireCount, by: 4)
                where (first..<first + 4).contains(where: { !wires[row, $0].isZero }) {
                    for column in first..<first + 4 { wires[row, column] = 0 }
                    return
                }
            }
        }
    }

    /// Adds X·x^power to what a round commits to. The constant coefficients stay right.
    private static func added(
        inRound changed: Int, power: Int
    ) -> (_ round: Int, inout FieldMatrix) -> Void {
        { round, polynomial in if round == changed { polynomial[power, 1] += 1 } }
    }

    /// Adds 223·X·Π (x − r) to the final polynomial, over the seven first points r of its domain of
    /// 64: the lowest multiple after which the first two queries fall on such points, and the last
    /// does not.
    private static func lastQueryAlone(round: Int, polynomial: inout FieldMatrix) {
        let parameters = ProofProfile.tinyMerge.fri
        guard round == parameters.roundCount else { return }
        let bits = parameters.domainBits(round: round)
        var root = Goldilocks.multiplicativeGenerator.squared(
            times: parameters.roundCount * parameters.arityBits)
        var product: [Goldilocks] = [223]
        while product.count < parameters.finalPolynomialCount {
            product = zip([0] + product, product + [0]).map { $0 - root * $1 }
            root *= Goldilocks.rootOfUnity(bits: bits)
        }
        for (power, coefficient) in product.enumerated() { polynomial[power, 1] += coefficient }
    }
}

extension VectorBlock {
    /// What the rows of a leaf compute.
    func publicInputs(_ input: LeafInput) -> [Goldilocks] {
        table.table.completingUnchecked(table.witness(input)).publicInputs
    }

    /// A leaf as a merge takes it, its input changed.
    func child(
        _ index: Int, _ change: (inout LeafInput) -> Void = { _ in }
    ) throws -> MergeInput.Child {
        var input = input(index)
        change(&input)
        return try child(
            publicInputs: publicInputs(input), bytes: circuit.proveUnchecked(input))
    }

    func child(publicInputs: [Goldilocks], bytes: [UInt8]) throws -> MergeInput.Child {
        let key = circuit.verifyingKey
        return MergeInput.Child(
            publicInputs: publicInputs, isMerge: 0, keyCap: key.constantsCap,
            proof: try CircuitProof(bytes: bytes, key: key))
    }
}
