package import Field

// The two shapes in which trees are hashed, many inputs of one length at a time: where proving
// spends most of its time, so that wide kernels belong here.

/// The digest of each row of `rows` under `domain`, in order: `hash(domain:_:)` row by row.
package func hashRows(domain: DomainTag, _ rows: FieldMatrix) -> [HashOutput] {
    rows.elements.withUnsafeBufferPointer { elements in
        (0..<rows.rowCount).map { row in
            let start = row * rows.columnCount
            return hash(
                domain: domain,
                UnsafeBufferPointer(rebasing: elements[start..<start + rows.columnCount]))
        }
    }
}

/// `compress` of each two neighbours: half as many digests; `digests.count` is even.
package func compressPairs(_ digests: [HashOutput]) -> [HashOutput] {
    stride(from: 0, to: digests.count, by: 2).map { compress(digests[$0], digests[$0 + 1]) }
}

extension Poseidon2 {
    /// The lowest canonical element which, put at `position` of `state`, makes the first output of the
    /// permutation zero in its low `bits` bits. Expected cost: 2^bits permutations.
    package static func lowestElement(
        at position: Int, of state: State, givingZeroBits bits: Int
    ) -> Goldilocks {
        let mask = UInt64(1) << UInt64(bits) - 1
        for candidate in 0..<Goldilocks.modulus {
            var trial = state
            trial[position] = Goldilocks(candidate)
            permute(&trial)
            if trial[0].canonical & mask == 0 { return Goldilocks(candidate) }
        }
        preconditionFailure("no element gives \(bits) zero bits")
    }
}
