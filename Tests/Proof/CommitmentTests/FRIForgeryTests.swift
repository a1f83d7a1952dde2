import Commitment
import Field
import Hash
import Testing

/// Every element of a proof matters, and every byte string is either a proof or an error.
struct FRIForgeryTests {
    private let example = OpeningExample<QuadraticExtension>(
        FRIParameters(
            degreeBits: 6, rateBits: 3, capHeight: 2, arityBits: 4, finalPolynomialBits: 3,
            queryCount: 2, proofOfWorkBits: 0))

    @Test func `a proof survives its bytes`() throws {
        let proof = example.prove()
        let bytes = example.bytes(of: proof)
        #expect(try example.read(bytes) == proof)
        #expect(
            bytes.count
                == 8
                * FRIProof<QuadraticExtension>.elementCount(
                    parameters: example.parameters, columnCounts: example.columnCounts))
    }

    @Test func `every changed element is refused`() throws {
        let bytes = example.bytes(of: example.prove())
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            var changed = bytes
            changed[offset] ^= 1
            let forged: FRIProof<QuadraticExtension>
            do {
                forged = try example.read(changed)
            } catch {
                #expect(error == .nonCanonicalElement(offset: offset))
                continue
            }
            #expect(throws: CommitmentError.self, "element at \(offset)") {
                try example.verify(forged)
            }
        }
    }

    @Test func `every truncation and every appended byte is refused`() {
        let bytes = example.bytes(of: example.prove())
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: CommitmentError.self) { try example.read(Array(bytes[..<length])) }
        }
        #expect(throws: CommitmentError.trailingBytes(count: 1)) {
            try example.read(bytes + [0])
        }
        #expect(throws: CommitmentError.trailingBytes(count: 8)) {
            try example.read(bytes + [UInt8](repeating: 0, count: 8))
        }
    }

    @Test func `an element not below the modulus is refused`() {
        let bytes = example.bytes(of: example.prove())
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            var changed = bytes
            changed.replaceSubrange(offset..<offset + 8, with: [1, 0, 0, 0, 255, 255, 255, 255])
            #expect(throws: CommitmentError.nonCanonicalElement(offset: offset)) {
                try example.read(changed)
            }
        }
    }

    @Test func `a proof of another shape is refused before any arithmetic`() {
        let proof = example.prove()
        func refuses(_ part: ProofPart, _ change: (inout FRIProof<QuadraticExtension>) -> Void) {
            var changed = proof
            change(&changed)
            do {
                try example.verify(changed)
                Issue.record("accepted a proof with another number of \(part)")
            } catch {
                guard case .wrongCount(of: part, _, _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
        refuses(.caps) { $0.roundCaps.removeLast() }
        refuses(.capDigests) { $0.roundCaps[0].digests.removeLast() }
        refuses(.finalCoefficients) { $0.finalPolynomial.append(.zero) }
        refuses(.queries) { $0.queries.removeLast() }
        refuses(.queries) { $0.queries.append($0.queries[0]) }
        refuses(.oracleRows) { $0.queries[1].oracleRows.removeLast() }
        refuses(.rowElements) { $0.queries[1].oracleRows[0].row.append(.zero) }
        refuses(.pathDigests) { $0.queries[1].oracleRows[1].path.siblings.removeLast() }
        refuses(.rounds) { $0.queries[0].rounds.removeAll() }
        refuses(.foldedValues) { $0.queries[0].rounds[0].values.removeLast() }
        refuses(.pathDigests) { $0.queries[0].rounds[0].path.siblings.append(.zero) }
    }

    @Test func `openings of another shape are refused`() {
        let proof = example.prove()
        let caps = example.oracles.map(\.cap)
        #expect(throws: CommitmentError.wrongCount(of: .openingBatches, expected: 2, found: 1)) {
            try example.verify(proof, openings: [example.openings[0]], caps: caps)
        }
        #expect(throws: CommitmentError.wrongCount(of: .openings, expected: 2, found: 1)) {
            try example.verify(
                proof, openings: [example.openings[0], [example.openings[1][0]]], caps: caps)
        }
        #expect(throws: CommitmentError.wrongCount(of: .caps, expected: 2, found: 1)) {
            try example.verify(proof, openings: example.openings, caps: [caps[0]])
        }
        #expect(throws: CommitmentError.wrongCount(of: .capDigests, expected: 4, found: 0)) {
            try example.verify(
                proof, openings: example.openings, caps: [caps[0], MerkleCap(digests: [])])
        }
    }

    @Test func `swapped caps and swapped queries are refused`() {
        let proof = example.prove()
        let caps = example.oracles.map(\.cap)
        #expect(throws: CommitmentError.self) {
            try example.verify(proof, openings: example.openings, caps: caps.reversed())
        }
        var swapped = proof
        swapped.queries.reverse()
        #expect(throws: CommitmentError.self) { try example.verify(swapped) }
    }

    @Test func `a polynomial that does not exist is refused`() {
        let plan = OpeningPlan([
            OpeningBatch(
                point: QuadraticExtension.generator,
                selections: [ColumnSelection(oracleIndex: 1, columns: 9..<11)])
        ])
        #expect(throws: CommitmentError.unknownPolynomial(oracle: 1, column: 10)) {
            try plan.check(openings: [[.zero, .zero]], columnCounts: example.columnCounts)
        }
    }

    @Test func `the lowest nonce is found and a nonce without its zeros is refused`() {
        let parameters = FRIParameters(
            degreeBits: 4, rateBits: 3, capHeight: 2, arityBits: 4, finalPolynomialBits: 3,
            queryCount: 2, proofOfWorkBits: 8)
        let example = OpeningExample<QuadraticExtension>(parameters)
        var proof = example.prove()
        #expect(throws: Never.self) { try example.verify(proof) }
        let nonce = proof.proofOfWorkNonce.canonical
        for candidate in 0..<nonce {
            proof.proofOfWorkNonce = Goldilocks(candidate)
            #expect(throws: CommitmentError.missingProofOfWork(required: 8)) {
                try example.verify(proof)
            }
        }
    }
}
