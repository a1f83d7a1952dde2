package import Circuit
package import Payments

/// The leaf circuit as its rows, before any proving: enough to check witnesses.
package struct LeafTable: Sendable {
    package let parameters: RollupParameters
    package let table: ExecutionTable
    private let targets: LeafTargets

    /// Throws `doesNotFit` where `leafCapacity` payments need more than `2^degreeBits` rows.
    package init(parameters: RollupParameters, degreeBits: Int) throws(CircuitError) {
        let constraints = LeafConstraints(parameters: parameters)
        self.parameters = parameters
        targets = constraints.targets
        table = try constraints.builder.buildTable(degreeBits: degreeBits)
    }

    package func witness(_ input: LeafInput) -> PartialWitness {
        targets.witness(input, parameters: parameters)
    }

    /// The rows that `parameters` need, padding to a power of two not counted.
    package static func rowCount(_ parameters: RollupParameters) -> Int {
        LeafConstraints(parameters: parameters).rowCount
    }
}
