package import Primitives

/// One node of a block's tree, who was elected for it and whose proof the tree holds.
package struct ProverDuty: Hashable, Sendable {
    package let node: LeafRange
    package let assigned: OperatorKey
    package let contributor: OperatorKey

    package init(node: LeafRange, assigned: OperatorKey, contributor: OperatorKey) {
        self.node = node
        self.assigned = assigned
        self.contributor = contributor
    }

    /// A helper earns nothing: its gain is that the subtree which holds its own node is included.
    package var isPaid: Bool { contributor == assigned }
}

/// How the provers' share of one block was divided.
package struct ProverSplit: Hashable, Sendable {
    /// By ascending key, each once.
    package let payouts: [Payout]
    package let forfeited: Amount
}

/// Rewards by tree units: leaves and merges, weighted by their measured cost.
///
/// A unit pays its *assigned* prover if, and only if, that prover's own proof is in the tree.
/// Shares are floored, the remainder goes out one base unit each by largest remainder (Hamilton's
/// method), ties to the lower key; the forfeited share takes part in it as one more claimant that
/// loses ties.
package struct UnitReward: RewardPolicy {
    /// What becomes of the units whose assigned prover has no proof in the tree.
    package enum Forfeit: UInt8, Hashable, Sendable {
        case burn = 1
        /// Added to the provers' share of the next block that pays one.
        case nextBlock = 2
    }

    package let leafWeight: UInt32
    package let mergeWeight: UInt32
    package let forfeit: Forfeit

    /// Nil unless both weights are positive.
    package init?(leafWeight: UInt32, mergeWeight: UInt32, forfeit: Forfeit) {
        guard leafWeight > 0, mergeWeight > 0 else { return nil }
        self.leafWeight = leafWeight
        self.mergeWeight = mergeWeight
        self.forfeit = forfeit
    }

    package func weight(ofTreeWith leafCount: Int) -> UInt64 {
        guard leafCount > 0 else { return 0 }
        return UInt64(leafCount) * UInt64(leafWeight)
            + UInt64(leafCount - 1) * UInt64(mergeWeight)
    }

    package func split(_ pool: Amount, among duties: [ProverDuty]) -> ProverSplit {
        var claims = SortedMap<OperatorKey, Claim>()
        var forfeited = Claim(units: 0, weight: 0)
        for duty in duties {
            let weight = UInt64(duty.node.isLeaf ? leafWeight : mergeWeight)
            if duty.isPaid {
                claims[duty.assigned, default: Claim(units: 0, weight: 0)].add(weight)
            } else {
                forfeited.add(weight)
            }
        }
        let weights = claims.values.map(\.weight) + [forfeited.weight]
        let shares = LargestRemainder.split(pool, weights: weights)
        let payouts = zip(claims.elements, shares).map { claim, share in
            Payout(key: claim.key, role: .prover, units: claim.value.units, amount: share)
        }
        return ProverSplit(payouts: payouts, forfeited: shares[weights.count - 1])
    }

    private struct Claim: Hashable, Sendable {
        var units: Int
        var weight: UInt64

        mutating func add(_ weight: UInt64) {
            units += 1
            self.weight += weight
        }
    }
}

/// Divides money so that what is paid sums exactly.
package enum LargestRemainder {
    /// - Parameter weights: their sum fits a `UInt64`; all zero counts as all to the last.
    /// - Returns: `[index of weights]`; sums to `total`. Ties go to the lower index.
    package static func split(_ total: Amount, weights: [UInt64]) -> [Amount] {
        precondition(!weights.isEmpty, "money needs somebody to go to")
        let sum = UInt128(weights.reduce(0, +))
        guard sum > 0 else {
            return weights.indices.map { $0 == weights.count - 1 ? total : .zero }
        }
        let products = weights.map { UInt128(total.units) * UInt128($0) }
        var shares = products.map { UInt64($0 / sum) }
        let remainders = products.map { $0 % sum }
        let left = Int(total.units - shares.reduce(0, +))
        let order = weights.indices.sorted {
            remainders[$0] == remainders[$1] ? $0 < $1 : remainders[$0] > remainders[$1]
        }
        for index in order.prefix(left) { shares[index] += 1 }
        return shares.map { Amount(units: $0) }
    }
}
