package import Payments

/// What the leaves of a network take of a profile's rows, counted by laying out the circuit.
package struct LeafRoom: Hashable, Sendable {
    /// Rows of the network's leaf circuit that are in use, whatever a leaf holds.
    package let usedRowCount: Int
    /// What one payment adds, rounded up.
    package let rowsPerPayment: Int
    /// The largest leaf capacity that fits the rows; 0 where not one payment does.
    package let paymentLimit: Int

    /// Lays out some circuits, in a tenth of a second.
    package init(of parameters: RollupParameters, degreeBits: Int) {
        func rowCount(_ capacity: Int) -> Int {
            LeafConstraints(parameters: parameters.with(leafCapacity: capacity)).rowCount
        }
        let capacities = PaymentLimits.leafCapacityRange
        let least = rowCount(capacities.lowerBound)
        let sample = 8
        usedRowCount = rowCount(parameters.leafCapacity)
        rowsPerPayment = (rowCount(capacities.lowerBound + sample) - least + sample - 1) / sample
        // The first capacity that does not fit lies in low ..< high.
        var (low, high) = (capacities.lowerBound, capacities.upperBound + 1)
        while low < high {
            let middle = (low + high) / 2
            if rowCount(middle) <= 1 << degreeBits { low = middle + 1 } else { high = middle }
        }
        paymentLimit = low - 1
    }
}

extension RollupParameters {
    /// - Parameter leafCapacity: in `PaymentLimits.leafCapacityRange`.
    fileprivate func with(leafCapacity: Int) -> RollupParameters {
        guard
            let parameters = try? RollupParameters(
                networkID: networkID, accountTreeDepth: accountTreeDepth,
                keyTreeHeight: keyTreeHeight, leafCapacity: leafCapacity,
                maximumLeafCount: maximumLeafCount)
        else { preconditionFailure("leaves of \(leafCapacity) payments are out of range") }
        return parameters
    }
}
