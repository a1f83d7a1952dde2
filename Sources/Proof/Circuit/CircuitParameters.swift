/// The dimensions of the arithmetisation: security and format parameters of every circuit, part of
/// each verifying key's digest. They are plonky2's `standard_recursion_config` (its
/// `plonk/circuit_data.rs`), with one more degree for the gates.
package enum CircuitParameters {
    /// Names the gates' equations, the order of constraints and the proof's bytes.
    package static let version: UInt64 = 2
    /// Columns of the execution table.
    package static let wireCount = 135
    /// The first columns, which copy constraints may join: `0..<routedWireCount`.
    package static let routedWireCount = 80
    /// Constants that a row offers its gate; the selectors come on top.
    package static let constantsPerRow = 2
    /// The bound on a constraint, its selector filter included. A constraint of degree 9 over
    /// columns of degree below n leaves a quotient of degree below 8n: it fits the blow-up of 8.
    package static let maximumConstraintDegree = 9
    /// Degree of the quotient in units of the row count, and the number of its chunks.
    package static let quotientChunkCount = maximumConstraintDegree - 1
    /// Routed columns multiplied into one partial product.
    package static let copyChunkSize = quotientChunkCount
    /// Z and the partial products: extension-field columns of the copy argument.
    package static let copyProductCount =
        (routedWireCount + copyChunkSize - 1) / copyChunkSize
    /// Bits of a `BaseSum` row. 2⁶³ is below the modulus, so such a split is unique.
    package static let splitBitCount = 63
    /// The most public inputs of a circuit.
    package static let maximumPublicInputCount = 256
    /// The most rows of a circuit: 2 to this power.
    package static let maximumDegreeBits = 20
    /// Rows that one thread works on between two questions whether the proof is still wanted, and
    /// that threads share: a few milliseconds.
    package static let rowsPerPart = 1024
    /// Steps of the witness between two such questions.
    package static let stepsPerPart = 1024
}
