import Cryptography
import Primitives
import ProofSubmission
import Testing

@Suite struct CommitmentBookTests {
    let node = LeafRange(first: 0, count: 2)!
    let prover = OperatorKey(Bytes32(words: 1, 0, 0, 0))
    let thief = OperatorKey(Bytes32(words: 2, 0, 0, 0))
    let proofHash = Digest(Bytes32(words: 9, 9, 9, 9))

    func commitment(_ proofHash: Digest, by prover: OperatorKey) -> Digest {
        ProofCommitment.commitment(proofHash: proofHash, prover: prover)
    }

    @Test func `a commitment binds the proof and the prover`() {
        var book = CommitmentBook()
        let sealed = commitment(proofHash, by: prover)
        #expect(book.record(sealed, node: node, prover: prover, at: Height(3)) == .recorded)
        let found = book.commitment(to: proofHash, node: node, prover: prover)
        #expect(found?.height == Height(3))
        #expect(book.commitment(to: .zero, node: node, prover: prover) == nil)
        #expect(book.commitment(to: proofHash, node: node, prover: thief) == nil)
        #expect(
            book.commitment(to: proofHash, node: LeafRange(first: 0, count: 1)!, prover: prover)
                == nil)
    }

    @Test func `a copied commitment proves nothing for the copier`() {
        var book = CommitmentBook()
        let sealed = commitment(proofHash, by: prover)
        #expect(book.record(sealed, node: node, prover: thief, at: Height(3)) == .recorded)
        #expect(book.commitment(to: proofHash, node: node, prover: thief) == nil)
    }

    @Test func `the earliest commitment that matches counts`() {
        var book = CommitmentBook()
        let other = commitment(.zero, by: prover)
        let sealed = commitment(proofHash, by: prover)
        #expect(book.record(other, node: node, prover: prover, at: Height(3)) == .recorded)
        #expect(book.record(sealed, node: node, prover: prover, at: Height(4)) == .recorded)
        #expect(book.record(sealed, node: node, prover: prover, at: Height(5)) == .alreadyKnown)
        let found = book.commitment(to: proofHash, node: node, prover: prover)
        #expect(found?.height == Height(4))
        #expect(book.earliest(for: node)?.height == Height(3))
    }

    @Test func `a prover's commitments for one node are bounded`() {
        var book = CommitmentBook()
        for number in 0..<10 as Range<UInt64> {
            let sealed = Digest(Bytes32(words: number, 0, 0, 0))
            let expected: CommitmentBook.Recording =
                number < ProofSubmissionParameters.maximumCommitmentsPerDuty
                ? .recorded : .tooMany
            #expect(
                book.record(sealed, node: node, prover: prover, at: Height(number)) == expected)
        }
        let another = LeafRange(first: 2, count: 1)!
        #expect(book.record(.zero, node: another, prover: prover, at: Height(9)) == .recorded)
    }
}
