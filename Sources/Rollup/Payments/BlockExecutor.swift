package import Cryptography
package import Hash
package import Primitives

/// Executes the payments of a block, leaf by leaf.
///
/// Leaf `j` holds the payments `[j·leafCapacity, …)`; the last leaf is filled up with padding, which
/// has the digest zero and does nothing.
package enum BlockExecutor {
    /// Checks and executes `payments` in their order. About 175 + 4·depth permutations for each.
    package static func execute(
        _ payments: [Payment], on state: RollupState
    ) throws(PaymentError) -> ExecutedBlock {
        try checkCount(payments.count, parameters: state.parameters)
        var verified: [VerifiedPayment] = []
        verified.reserveCapacity(payments.count)
        for (index, payment) in payments.enumerated() {
            do throws(PaymentError) {
                verified.append(
                    try VerifiedPayment(checking: payment, parameters: state.parameters))
            } catch {
                throw .inBlock(index: index, error)
            }
        }
        return try execute(verified, on: state)
    }

    /// Executes payments that were checked under the same parameters.
    package static func execute(
        _ payments: [VerifiedPayment], on state: RollupState
    ) throws(PaymentError) -> ExecutedBlock {
        try checkCount(payments.count, parameters: state.parameters)
        var current = state
        var leaves: [ExecutedLeaf] = []
        let capacity = state.parameters.leafCapacity
        for first in stride(from: 0, to: payments.count, by: capacity) {
            let chunk = payments[first..<min(first + capacity, payments.count)]
            leaves.append(try executeLeaf(chunk, index: first / capacity, on: &current))
        }
        return ExecutedBlock(leaves: leaves, before: state, after: current)
    }

    /// The candidates that can be executed one after the other, at most a block full, and the
    /// state after them: how a sequencer fills its block. A candidate that fails is left out.
    package static func select(
        from candidates: some Sequence<VerifiedPayment>, on state: RollupState
    ) -> [VerifiedPayment] {
        var current = state
        var chosen: [VerifiedPayment] = []
        for candidate in candidates {
            guard chosen.count < state.parameters.maximumPaymentCount else { break }
            if (try? current.apply(candidate)) != nil { chosen.append(candidate) }
        }
        return chosen
    }

    private static func executeLeaf(
        _ payments: ArraySlice<VerifiedPayment>, index: Int, on state: inout RollupState
    ) throws(PaymentError) -> ExecutedLeaf {
        let before = state
        var transitions: [PaymentTransition] = []
        for (position, payment) in zip(payments.indices, payments) {
            do throws(PaymentError) {
                transitions.append(try state.apply(payment))
            } catch {
                throw .inBlock(index: position, error)
            }
        }
        return ExecutedLeaf(
            index: index, transitions: transitions, before: before, stateAfter: state.root)
    }

    private static func checkCount(
        _ count: Int, parameters: RollupParameters
    ) throws(PaymentError) {
        guard count <= parameters.maximumPaymentCount else {
            throw .tooManyPayments(limit: parameters.maximumPaymentCount, found: count)
        }
    }
}

/// A block's effect, and everything that its provers need.
package struct ExecutedBlock: Sendable {
    /// Empty for a block without payments.
    package let leaves: [ExecutedLeaf]
    package let before: RollupState
    package let after: RollupState
    /// The fold of the leaves' payment commitments over the canonical tree; zero for an empty block.
    package let paymentRoot: FieldDigest
    package let feeSum: Amount

    fileprivate init(leaves: [ExecutedLeaf], before: RollupState, after: RollupState) {
        self.leaves = leaves
        self.before = before
        self.after = after
        // At most 2^22 fees below 2^40.
        feeSum = Amount(units: leaves.reduce(0) { $0 + $1.feeSum.units })
        paymentRoot = Self.paymentRoot(of: leaves.map(\.paymentCommitment))
    }

    /// The header of this block.
    package func header(
        slot: Slot, round: UInt64, parent: BlockID, bodyHash: Digest
    ) -> BlockHeader {
        BlockHeader(
            slot: slot, round: round, parent: parent, stateBefore: before.root,
            stateAfter: after.root, paymentRoot: paymentRoot, leafCount: leaves.count,
            feeSum: feeSum, bodyHash: bodyHash)
    }

    private static func paymentRoot(of commitments: [FieldDigest]) -> FieldDigest {
        guard !commitments.isEmpty else { return .zero }
        return CanonicalTree.fold(commitments.map { HashOutput($0) }) { left, right, _ in
            RollupHash.compress(left, right)
        }.digest
    }
}

/// A leaf's share of a block.
package struct ExecutedLeaf: Sendable {
    package let index: Int
    /// One for each payment, `1...leafCapacity` of them; the rest of the leaf is padding.
    package let transitions: [PaymentTransition]
    package let stateBefore: FieldDigest
    package let stateAfter: FieldDigest
    package let treeRootBefore: HashOutput
    package let nextIndexBefore: UInt64
    /// `H(leaf payments, digests)`, the digest of padding being zero.
    package let paymentCommitment: FieldDigest
    package let feeSum: Amount

    fileprivate init(
        index: Int, transitions: [PaymentTransition], before: RollupState, stateAfter: FieldDigest
    ) {
        self.index = index
        self.transitions = transitions
        stateBefore = before.root
        self.stateAfter = stateAfter
        treeRootBefore = before.treeRoot
        nextIndexBefore = before.nextIndex
        // At most 64 fees below 2^40.
        feeSum = Amount(
            units: transitions.reduce(0) { $0 + $1.verified.payment.fee.units })
        paymentCommitment = Self.commitment(
            to: transitions.map(\.verified.digest), capacity: before.parameters.leafCapacity)
    }

    package static func commitment(to digests: [FieldDigest], capacity: Int) -> FieldDigest {
        let padding = [FieldDigest](repeating: .zero, count: capacity - digests.count)
        return RollupHash.hash(
            .leafPayments, (digests + padding).flatMap(\.fieldElements)
        ).digest
    }
}
