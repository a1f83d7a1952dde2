package import Commitment
package import Field

/// A proof over one extension field.
struct PlonkProof<Element: ExtensionField>: Hashable, Sendable {
    /// Caps of the wires, of Z and partial products, and of the quotient's chunks.
    var wiresCap: MerkleCap
    var productsCap: MerkleCap
    var quotientCap: MerkleCap
    /// At ζ: constants and σ, wires, products, quotient chunks. At g·ζ: Z.
    var openings: [[Element]]
    var fri: FRIProof<Element>
}

/// What a key's parameters make of every proof: sizes, and what is opened where.
package struct PlonkShape<Element: ExtensionField>: Sendable {
    package let parameters: FRIParameters

    /// Constants and σ, wires, products, quotient chunks.
    package let columnCounts: [Int]

    package init(_ parameters: FRIParameters) {
        self.parameters = parameters
        columnCounts = [
            SelectorLayout.standard.columnCount + CircuitParameters.routedWireCount,
            CircuitParameters.wireCount,
            CircuitParameters.copyProductCount * Element.degree,
            CircuitParameters.quotientChunkCount * Element.degree,
        ]
    }

    package var degreeBits: Int { parameters.degreeBits }
    /// Of the rows: Z is opened at ζ times this, too.
    package var rowRoot: Goldilocks { Goldilocks.rootOfUnity(bits: degreeBits) }

    func openingPlan(at zeta: Element) -> OpeningPlan<Element> {
        OpeningPlan([
            OpeningBatch(
                point: zeta,
                selections: columnCounts.indices.map {
                    ColumnSelection(oracleIndex: $0, columns: 0..<columnCounts[$0])
                }),
            OpeningBatch(
                point: zeta * rowRoot,
                selections: [ColumnSelection(oracleIndex: 2, columns: 0..<Element.degree)]),
        ])
    }

    /// The number of openings of each batch.
    package var openingCounts: [Int] { [columnCounts.reduce(0, +), Element.degree] }
}

// MARK: - Bytes

extension PlonkProof {
    /// Caps, openings, FRI: field elements alone, since the shape follows from the key.
    func write(to writer: inout ProofWriter) {
        for cap in [wiresCap, productsCap, quotientCap] { writer.write(cap) }
        for values in openings { writer.write(values) }
        fri.write(to: &writer)
    }

    init(from reader: inout ProofReader, shape: PlonkShape<Element>) throws(CommitmentError) {
        let capHeight = shape.parameters.oracleCapHeight
        wiresCap = try reader.cap(height: capHeight)
        productsCap = try reader.cap(height: capHeight)
        quotientCap = try reader.cap(height: capHeight)
        openings = []
        for count in shape.openingCounts {
            openings.append(try reader.extensionElements(Element.self, count: count))
        }
        fri = try FRIProof(
            from: &reader, parameters: shape.parameters, columnCounts: shape.columnCounts)
    }
}
