import Commitment
import Field
import Hash
import SansIO
import Testing

struct MerkleTreeTests {
    @Test(arguments: [1, 7, 8, 19]) func `rows are checked together as one by one`(count: Int) {
        var rows = FieldMatrix(rowCount: 64, columnCount: 5)
        for index in rows.elements.indices { rows.elements[index] = Goldilocks(UInt64(index)) }
        let tree = MerkleTree(rows: rows, capHeight: 2)
        let indices = (0..<count).map { $0 * 13 % 64 }
        let opened = indices.map { Array(rows.row($0)) }
        let paths = indices.map { tree.path(at: $0) }
        #expect(throws: Never.self) {
            try tree.cap.verify(rows: opened, at: indices, paths: paths)
        }
        for wrong in indices.indices {
            let error = CommitmentError.wrongMerklePath(index: indices[wrong])
            var changedRows = opened
            changedRows[wrong][4] += 1
            #expect(throws: error) {
                try tree.cap.verify(rows: changedRows, at: indices, paths: paths)
            }
            var changedPaths = paths
            changedPaths[wrong].siblings[3].fourth += 1
            #expect(throws: error) {
                try tree.cap.verify(rows: opened, at: indices, paths: changedPaths)
            }
            var changedIndices = indices
            changedIndices[wrong] ^= 1
            #expect(throws: CommitmentError.wrongMerklePath(index: changedIndices[wrong])) {
                try tree.cap.verify(rows: opened, at: changedIndices, paths: paths)
            }
        }
    }

    @Test func `a tree that nobody wants any more is not finished`() {
        let rows = FieldMatrix(rowCount: 8192, columnCount: 1)
        var questions = 0
        let cancelled = MerkleTree(
            rows: rows, capHeight: 2, workers: .alone,
            isCancelled: {
                questions += 1
                return questions == 3
            })
        #expect(cancelled == nil)
        #expect(questions >= 3)
        let finished = MerkleTree(
            rows: rows, capHeight: 2, workers: .alone, isCancelled: { false })
        #expect(finished?.cap == MerkleTree(rows: rows, capHeight: 2).cap)
    }

    private let rows: FieldMatrix = {
        var generator = SeededGenerator(seed: 5)
        return FieldMatrix(
            rowCount: 64, columnCount: 11,
            elements: (0..<64 * 11).map { _ in Goldilocks(generator.next()) })
    }()

    @Test(arguments: [0, 1, 4, 6, 9])
    func `every row opens against the cap`(capHeight: Int) throws {
        let tree = MerkleTree(rows: rows, capHeight: capHeight)
        #expect(tree.cap.digests.count == 1 << min(6, capHeight))
        for index in 0..<64 {
            let path = tree.path(at: index)
            #expect(
                path.siblings.count == MerkleTree.pathLength(leafBits: 6, capHeight: capHeight))
            try tree.cap.verify(row: Array(rows.row(index)), at: index, path: path)
        }
    }

    @Test func `a row of four elements is hashed too`() throws {
        let narrow = FieldMatrix(rowCount: 1, columnCount: 4, elements: [1, 2, 3, 4])
        let tree = MerkleTree(rows: narrow, capHeight: 0)
        #expect(tree.cap.digests == [hash(domain: .merkleLeaf, [1, 2, 3, 4])])
    }

    @Test func `another row or another index or another path is refused`() throws {
        let tree = MerkleTree(rows: rows, capHeight: 2)
        let row = Array(rows.row(9))
        let path = tree.path(at: 9)
        func refuses(_ row: [Goldilocks], _ index: Int, _ path: MerklePath) {
            #expect(throws: CommitmentError.wrongMerklePath(index: index)) {
                try tree.cap.verify(row: row, at: index, path: path)
            }
        }
        for column in row.indices {
            var changed = row
            changed[column] += .one
            refuses(changed, 9, path)
        }
        refuses(row + [.zero], 9, path)
        refuses(Array(row.dropLast()), 9, path)
        for index in [8, 25, 41, 64 + 9, -1, Int.max] { refuses(row, index, path) }
        for level in path.siblings.indices {
            var changed = path
            changed.siblings[level].third += .one
            refuses(row, 9, changed)
        }
        refuses(row, 9, MerklePath(siblings: Array(path.siblings.dropLast())))
        refuses(row, 9, MerklePath(siblings: path.siblings + [.zero]))
    }
}
