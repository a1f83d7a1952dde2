import CGoldilocks
package import Field

// The shapes in which proving hashes, many inputs of one length at a time: here it spends most of
// its time, so the kernels take eight at once.

/// The digest of each row of `rows` under `domain`, in order: `hash(domain:_:)` row by row.
package func hashRows(
    domain: DomainTag, _ rows: FieldMatrix, instructions: InstructionSet = .best
) -> [HashOutput] {
    hashRows(domain: domain, rows, 0..<rows.rowCount, instructions: instructions)
}

/// As above, of some of the rows.
package func hashRows(
    domain: DomainTag, _ rows: FieldMatrix, _ range: Range<Int>,
    instructions: InstructionSet = .best
) -> [HashOutput] {
    let capacity = [domain.element, Goldilocks(UInt64(rows.columnCount)), .zero, .zero]
    let elements = range.lowerBound * rows.columnCount..<range.upperBound * rows.columnCount
    let digests = rows.elements.withUnsafeBufferPointer {
        hashRows(
            UnsafeBufferPointer(rebasing: $0[elements]), range.count, rows.columnCount, capacity,
            instructions)
    }
    let rest = range.lowerBound + digests.count..<range.upperBound
    return digests + rest.map { hash(domain: domain, rows.row($0)) }
}

/// `compress` of each two neighbours: half as many digests; `digests.count` is even.
package func compressPairs(
    _ digests: [HashOutput], instructions: InstructionSet = .best
) -> [HashOutput] {
    let capacity = [Goldilocks](repeating: .zero, count: Poseidon2.capacity)
    // A pair of digests is one full rate, the capacity zero.
    let parents = digests.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: Goldilocks.self) {
            hashRows($0, digests.count / 2, Poseidon2.rate, capacity, instructions)
        }
    }
    let rest = parents.count..<digests.count / 2
    return parents + rest.map { compress(digests[2 * $0], digests[2 * $0 + 1]) }
}

/// The digests of the rows that fill whole batches; the rest is left to the caller.
private func hashRows(
    _ rows: UnsafeBufferPointer<Goldilocks>, _ rowCount: Int, _ columnCount: Int,
    _ capacity: [Goldilocks], _ instructions: InstructionSet
) -> [HashOutput] {
    let count = rowCount - rowCount % Poseidon2.batchCount
    return [HashOutput](unsafeUninitializedCapacity: count) { digests, initialised in
        guard let source = rows.baseAddress, let target = digests.baseAddress, count > 0 else {
            return
        }
        Poseidon2.withConstants { constants in
            capacity.withUnsafeBytes { capacity in
                capacity.withMemoryRebound(to: UInt64.self) { capacity in
                    guard let capacity = capacity.baseAddress else { return }
                    poseidon2_hash_rows(
                        UnsafeRawPointer(source).assumingMemoryBound(to: UInt64.self), count,
                        columnCount, capacity,
                        UnsafeMutableRawPointer(target).assumingMemoryBound(to: UInt64.self),
                        constants, instructions.kernel)
                }
            }
        }
        initialised = count
    }
}

extension Poseidon2 {
    /// How many states a kernel takes at once.
    static let batchCount = 8

    /// The lowest canonical element which, put at `position` of `state`, makes the first output of
    /// the permutation zero in its low `bits` bits. Expected cost: 2^bits permutations.
    package static func lowestElement(
        at position: Int, of state: State, givingZeroBits bits: Int,
        instructions: InstructionSet = .best
    ) -> Goldilocks {
        let mask = UInt64(1) << UInt64(bits) - 1
        let words = (0..<width).map { state[$0].representative }
        return withConstants { constants in
            for first in stride(
                from: UInt64(0), to: Goldilocks.modulus - UInt64(batchCount),
                by: batchCount)
            {
                let found = poseidon2_try_nonces(
                    words, position, first, mask, constants, instructions.kernel)
                if found != 0 { return Goldilocks(first + UInt64(found.trailingZeroBitCount)) }
            }
            preconditionFailure("no element gives \(bits) zero bits")
        }
    }

    /// The round constants as the kernels take them, valid within `body`.
    static func withConstants<Result>(_ body: (Poseidon2Constants) -> Result) -> Result {
        externalConstants.withUnsafeBytes { external in
            internalConstants.withUnsafeBytes { partial in
                body(
                    Poseidon2Constants(
                        external: external.baseAddress?.assumingMemoryBound(to: UInt64.self),
                        internal: partial.baseAddress?.assumingMemoryBound(to: UInt64.self)))
            }
        }
    }
}
