import CGoldilocks
package import Field

// The shapes in which proving hashes, many inputs of one length at a time: here it spends most of
// its time, so the kernels take eight at once.

/// The digest of each row of `rows` under `domain`, in order: `hash(domain:_:)` row by row.
package func hashRows(
    domain: DomainTag, _ rows: FieldMatrix, instructions: InstructionSet = .inUse
) -> [HashOutput] {
    [HashOutput](unsafeUninitializedCapacity: rows.rowCount) { digests, initialised in
        hashRows(domain: domain, rows, 0..<rows.rowCount, into: digests, instructions: instructions)
        initialised = rows.rowCount
    }
}

/// As above of some of the rows: sets the digests of `range` among those of all rows.
package func hashRows(
    domain: DomainTag, _ rows: FieldMatrix, _ range: Range<Int>,
    into digests: UnsafeMutableBufferPointer<HashOutput>,
    instructions: InstructionSet = .inUse
) {
    precondition(
        range.lowerBound >= 0 && range.upperBound <= rows.rowCount
            && range.upperBound <= digests.count, "no rows \(range) of \(rows.rowCount)")
    let capacity = [domain.element, Goldilocks(UInt64(rows.columnCount)), .zero, .zero]
    let elements = range.lowerBound * rows.columnCount..<range.upperBound * rows.columnCount
    let batched = rows.elements.withUnsafeBufferPointer {
        hashBatches(
            UnsafeBufferPointer(rebasing: $0[elements]), range.count, rows.columnCount, capacity,
            into: UnsafeMutableBufferPointer(rebasing: digests[range]), instructions)
    }
    for row in range.lowerBound + batched..<range.upperBound {
        digests.initializeElement(at: row, to: hash(domain: domain, rows.row(row)))
    }
}

/// `compress` of each two neighbours: half as many digests; `digests.count` is even.
package func compressPairs(
    _ digests: [HashOutput], instructions: InstructionSet = .inUse
) -> [HashOutput] {
    [HashOutput](unsafeUninitializedCapacity: digests.count / 2) { parents, initialised in
        compressPairs(digests, 0..<digests.count / 2, into: parents, instructions: instructions)
        initialised = digests.count / 2
    }
}

/// As above, of some of the pairs: sets the parents of `range` among all.
package func compressPairs(
    _ digests: [HashOutput], _ range: Range<Int>,
    into parents: UnsafeMutableBufferPointer<HashOutput>,
    instructions: InstructionSet = .inUse
) {
    precondition(
        range.lowerBound >= 0 && 2 * range.upperBound <= digests.count
            && range.upperBound <= parents.count, "no pairs \(range) of \(digests.count) digests")
    let capacity = [Goldilocks](repeating: .zero, count: Poseidon2.capacity)
    // A pair of digests is one full rate, the capacity zero.
    let batched = digests.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: Goldilocks.self) { elements in
            let pairs = range.lowerBound * Poseidon2.rate..<range.upperBound * Poseidon2.rate
            return hashBatches(
                UnsafeBufferPointer(rebasing: elements[pairs]), range.count, Poseidon2.rate,
                capacity, into: UnsafeMutableBufferPointer(rebasing: parents[range]), instructions)
        }
    }
    for pair in range.lowerBound + batched..<range.upperBound {
        parents.initializeElement(
            at: pair, to: compress(digests[2 * pair], digests[2 * pair + 1]))
    }
}

/// The digests of the rows that fill whole batches, and how many those are; the rest is left to the
/// caller.
private func hashBatches(
    _ rows: UnsafeBufferPointer<Goldilocks>, _ rowCount: Int, _ columnCount: Int,
    _ capacity: [Goldilocks], into digests: UnsafeMutableBufferPointer<HashOutput>,
    _ instructions: InstructionSet
) -> Int {
    let count = rowCount - rowCount % Poseidon2.batchCount
    guard let source = rows.baseAddress, let target = digests.baseAddress, count > 0 else {
        return 0
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
    return count
}

extension Poseidon2 {
    /// How many states a kernel takes at once.
    static let batchCount = 8

    /// Elements tried by one part of the search, and parts between two looks at what was found: what
    /// is tried in vain beyond the lowest takes a millisecond at most.
    private static let elementsPerPart: UInt64 = 256
    private static let partCount = 8

    /// The lowest canonical element which, put at `position` of `state`, makes the first output of
    /// the permutation zero in its low `bits` bits; nil once `isCancelled` says so. Expected cost:
    /// 2^bits permutations.
    package static func lowestElement(
        at position: Int, of state: State, givingZeroBits bits: Int,
        instructions: InstructionSet = .inUse, workers: Workers = .alone,
        isCancelled: () -> Bool = { false }
    ) -> Goldilocks? {
        let search = ElementSearch(
            words: (0..<width).map { state[$0].representative }, position: position,
            mask: UInt64(1) << UInt64(bits) - 1, instructions: instructions)
        let step = elementsPerPart * UInt64(partCount)
        var found = [UInt64?](repeating: nil, count: partCount)
        for first in stride(from: UInt64(0), to: Goldilocks.modulus - step, by: Int(step)) {
            let isWanted = found.withUnsafeMutableBufferPointer { found in
                workers.forEach(partCount, unless: isCancelled) { part in
                    let start = first + UInt64(part) * elementsPerPart
                    found[part] = search.lowest(in: start..<start + elementsPerPart)
                }
            }
            guard isWanted else { return nil }
            if let lowest = found.lazy.compactMap(\.self).first { return Goldilocks(lowest) }
        }
        preconditionFailure("no element gives \(bits) zero bits")
    }

    private struct ElementSearch {
        let words: [UInt64]
        let position: Int
        let mask: UInt64
        let instructions: InstructionSet

        func lowest(in range: Range<UInt64>) -> UInt64? {
            withConstants { constants in
                for first in stride(
                    from: range.lowerBound, to: range.upperBound, by: Int(POSEIDON2_NONCE_COUNT))
                {
                    let found = poseidon2_try_nonces(
                        words, position, first, mask, constants, instructions.kernel)
                    if found != 0 { return first + UInt64(found.trailingZeroBitCount) }
                }
                return nil
            }
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
