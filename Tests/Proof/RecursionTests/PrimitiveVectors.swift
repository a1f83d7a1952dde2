import Circuit
import Commitment
import Field
import Hash
import IOP

/// `Tests/Vectors/proof-format/primitives.json`: the parts of a proof, one by one.
struct PrimitiveVectors: Codable, Equatable {
    struct Digest: Codable, Equatable {
        let count: Int
        let digest: [HexElement]
    }

    struct Products: Codable, Equatable {
        let degree: Int
        let left: [HexElement]
        let right: [HexElement]
        let product: [HexElement]
        let inverseOfLeft: [HexElement]
    }

    struct GateValues: Codable, Equatable {
        let gate: String
        let number: UInt8
        let extensionDegree: Int
        /// On a row of the values 7^1000, 7^1001, …: wires, then constants, then the public inputs'
        /// hash.
        let constraints: [HexElement]
    }

    let source: String
    /// Under the tag "mleaf", of 1, 2, …, count.
    let sponge: [Digest]
    /// Of (1, 2, 3, 4) and (5, 6, 7, 8).
    let compression: [HexElement]
    /// After absorbing 1, 2, …, count into a transcript of the tag "plonk", the version and no
    /// parameters, nine challenges; the same transcript for all.
    let transcript: [Draws]
    let extensions: [Products]
    let gates: [GateValues]
    /// Of gates on a row of each gate, by number: `[gate][group]`.
    let selectors: [[HexElement]]

    struct Draws: Codable, Equatable {
        let absorbed: Int
        let challenges: [HexElement]
    }

    init() {
        source = "made by this repository's ProofFormatTests; see README.md"
        func numbers(_ count: Int) -> [Goldilocks] {
            (0..<count).map { Goldilocks(UInt64($0 + 1)) }
        }
        sponge = [0, 1, 4, 7, 8, 9, 16, 17].map { count in
            Digest(
                count: count,
                digest: Self.hex(hash(domain: .merkleLeaf, numbers(count)).elements))
        }
        compression = Self.hex(
            compress(HashOutput(1, 2, 3, 4), HashOutput(5, 6, 7, 8)).elements)
        var transcript = Transcript(
            domain: .plonk, version: CircuitParameters.version, parameters: [])
        self.transcript = [3, 8, 0, 20].map { count in
            transcript.absorb(numbers(count))
            return Draws(
                absorbed: count, challenges: Self.hex((0..<9).map { _ in transcript.challenge() }))
        }
        extensions = [
            Self.products(of: QuadraticExtension.self), Self.products(of: CubicExtension.self),
        ]
        gates = GateKind.allCases.flatMap { gate in
            [
                Self.values(of: gate, over: QuadraticExtension.self),
                Self.values(of: gate, over: CubicExtension.self),
            ]
        }
        selectors = GateKind.allCases.map { Self.hex(SelectorLayout.standard.selectors(of: $0)) }
    }

    /// The row on which gates are evaluated.
    private static let row: [Goldilocks] = (0..<141).map { Goldilocks(7).power(1000 + $0) }

    private static func values<Extension: ExtensionField>(
        of gate: GateKind, over: Extension.Type
    ) -> GateValues {
        var sink = CollectingSink<Goldilocks>()
        let (wires, constants, digest) = (
            Array(row[..<135]), Array(row[135..<137]), Array(row[137...])
        )
        gate.constrain(
            over: Extension.self, wires: wires.span, constants: constants.span,
            publicInputsHash: digest.span, into: &sink)
        return GateValues(
            gate: "\(gate)", number: gate.rawValue, extensionDegree: Extension.degree,
            constraints: hex(sink.values))
    }

    private static func products<Extension: ExtensionField>(of: Extension.Type) -> Products {
        let left = Extension { row[$0] }
        let right = Extension { row[10 + $0] }
        return Products(
            degree: Extension.degree, left: hex(left.coefficients),
            right: hex(right.coefficients), product: hex((left * right).coefficients),
            inverseOfLeft: hex(left.inverse?.coefficients ?? []))
    }

    private static func hex(_ elements: [Goldilocks]) -> [HexElement] {
        elements.map { HexElement($0) }
    }
}
