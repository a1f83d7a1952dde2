package import Field
package import Hash

/// A binary tree over the rows of a matrix: leaf i is the digest of row i under
/// `DomainTag.merkleLeaf` whatever the row's length, an inner node the compression of its
/// children. It is cut off at its **cap**, the level of 2^capHeight nodes, which stands for the root and
/// saves every path its last steps. A smaller tree's cap is its leaves.
package struct MerkleTree: Sendable {
    /// `levels[level][index]`: the leaves' digests first, the cap last.
    private let levels: [[HashOutput]]

    /// `rows.rowCount` is a power of two. Cost: rowCount · (⌈columnCount / 8⌉ + 1) permutations.
    package init(rows: FieldMatrix, capHeight: Int) {
        guard
            let tree = MerkleTree(
                rows: rows, capHeight: capHeight, workers: .alone, isCancelled: { false })
        else { preconditionFailure("nobody cancelled the tree") }
        self = tree
    }

    /// Nil once `isCancelled` says so, which is asked every few milliseconds, on whatever thread works.
    package init?(
        rows: FieldMatrix, capHeight: Int, workers: Workers, isCancelled: () -> Bool
    ) {
        precondition(
            rows.rowCount > 0 && rows.rowCount & (rows.rowCount - 1) == 0,
            "no tree over \(rows.rowCount) rows")
        func level(
            _ count: Int, by size: Int,
            _ fill: (UnsafeMutableBufferPointer<HashOutput>, Range<Int>) -> Void
        ) -> [HashOutput]? {
            var isWanted = true
            let digests = [HashOutput](unsafeUninitializedCapacity: count) { digests, initialised in
                isWanted = workers.forEach(of: count, by: size, unless: isCancelled) {
                    fill(digests, $0)
                }
                initialised = isWanted ? count : 0
            }
            return isWanted ? digests : nil
        }
        guard
            let leaves = level(
                rows.rowCount, by: CommitmentParameters.rowsPerPart,
                { hashRows(domain: .merkleLeaf, rows, $1, into: $0) })
        else { return nil }
        var levels = [leaves]
        while levels[levels.count - 1].count > 1 << capHeight {
            let below = levels[levels.count - 1]
            guard
                let above = level(
                    below.count / 2, by: CommitmentParameters.pairsPerPart,
                    { compressPairs(below, $1, into: $0) })
            else { return nil }
            levels.append(above)
        }
        self.levels = levels
    }

    package var leafCount: Int { levels[0].count }
    package var cap: MerkleCap { MerkleCap(digests: levels[levels.count - 1]) }

    /// The siblings from leaf `index` up to, not including, the cap.
    package func path(at index: Int) -> MerklePath {
        MerklePath(
            siblings: levels.indices.dropLast().map { levels[$0][(index >> $0) ^ 1] })
    }

    /// The height of the cap of a tree with 2^`leafBits` leaves.
    package static func capHeight(leafBits: Int, capHeight: Int) -> Int {
        min(leafBits, capHeight)
    }

    /// The length of a path in a tree with 2^`leafBits` leaves.
    package static func pathLength(leafBits: Int, capHeight: Int) -> Int {
        max(0, leafBits - capHeight)
    }
}

/// What a tree commits with: a power of two of nodes, all of one level.
package struct MerkleCap: Hashable, Sendable {
    package var digests: [HashOutput]

    package init(digests: [HashOutput]) { self.digests = digests }

    /// All elements in order, as a transcript absorbs them.
    package var elements: [Goldilocks] { digests.flatMap(\.elements) }

    /// Checks that `row` is row `index` of a tree with this cap. The path decides how many
    /// leaves that is: check its length, and `index`, against the parameters before.
    package func verify(
        row: [Goldilocks], at index: Int, path: MerklePath
    ) throws(CommitmentError) {
        var node = Hash.hash(domain: .merkleLeaf, row)
        var position = index
        for sibling in path.siblings {
            node = position & 1 == 0 ? compress(node, sibling) : compress(sibling, node)
            position >>= 1
        }
        guard digests.indices.contains(position), digests[position] == node else {
            throw .wrongMerklePath(index: index)
        }
    }
}

extension MerkleCap {
    /// As above for row `indices[i]` at once, all rows of one length and all paths of another: the
    /// kernels hash eight for little more than one. Throws for the first that is wrong.
    package func verify(
        rows: [[Goldilocks]], at indices: [Int], paths: [MerklePath]
    ) throws(CommitmentError) {
        guard let columnCount = rows.first?.count, let height = paths.first?.siblings.count else {
            return
        }
        precondition(
            indices.count == rows.count && paths.count == rows.count
                && rows.allSatisfy { $0.count == columnCount }
                && paths.allSatisfy { $0.siblings.count == height },
            "rows or paths of different shapes")
        // Zeros fill the last batch.
        let count = (rows.count + 7) / 8 * 8
        let padding = [Goldilocks](repeating: .zero, count: (count - rows.count) * columnCount)
        var nodes = hashRows(
            domain: .merkleLeaf,
            FieldMatrix(
                rowCount: count, columnCount: columnCount, elements: rows.joined() + padding))
        for level in 0..<height {
            var pairs: [HashOutput] = []
            pairs.reserveCapacity(2 * count)
            for (number, node) in nodes.enumerated() {
                let isUsed = number < rows.count
                let sibling = isUsed ? paths[number].siblings[level] : .zero
                let isRight = isUsed && indices[number] >> level & 1 == 1
                pairs += isRight ? [sibling, node] : [node, sibling]
            }
            nodes = compressPairs(pairs)
        }
        for (number, index) in indices.enumerated() {
            let position = index >> height
            guard digests.indices.contains(position), digests[position] == nodes[number] else {
                throw .wrongMerklePath(index: index)
            }
        }
    }
}

/// The siblings on the way from a leaf to the cap, lowest first.
package struct MerklePath: Hashable, Sendable {
    package var siblings: [HashOutput]

    package init(siblings: [HashOutput]) { self.siblings = siblings }
}
