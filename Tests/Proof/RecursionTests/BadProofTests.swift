import Circuit
import Commitment
import Field
import Foundation
import Hash
import IOP
import Payments
import PaymentsCircuit
import Primitives
import Recursion
import TestSupport
import Testing

/// Proofs that break one check each: every verifier refuses them, and by that check. Changes of a
/// good proof can't show as much: they draw other queries, whose paths fail first.
@Suite(.serialized) struct BadProofTests {
    private static let isWriting =
        ProcessInfo.processInfo.environment["GROVE_WRITE_VECTORS"] != nil
    private static let tiny = Result { try VectorBlock(.tiny) }
    private static let fast = Result { try VectorBlock(.fast) }

    private static func block(of bad: BadProof) throws -> VectorBlock {
        try (bad.profile.name == "tiny" ? tiny : fast).get()
    }

    private static func vector(of bad: BadProof) throws -> BadProof.Made {
        let entry = try #require(BadProofVectors.read().proofs.first { $0.file == bad.file })
        #expect(entry.breaks == bad.breaks)
        return BadProof.Made(
            key: entry.key, publicInputs: entry.publicInputs.map(\.element),
            bytes: try Array(VectorFile.data("proof-format/\(entry.file)")))
    }

    @Test func `this code makes the bad proofs byte for byte`() throws {
        let made = try BadProof.all.map { ($0, try $0.make(Self.block(of: $0))) }
        let vectors = BadProofVectors(
            source: "made by this repository's BadProofTests; see README.md",
            version: CircuitParameters.version, proofs: made.map { $0.entry($1) })
        if Self.isWriting {
            for (bad, proof) in made {
                try VectorFile.write(Data(proof.bytes), to: "proof-format/\(bad.file)")
            }
            try VectorFile.write(json: vectors, to: "proof-format/bad.json")
        }
        #expect(try BadProofVectors.read() == vectors)
        for (bad, proof) in made {
            #expect(
                try Array(VectorFile.data("proof-format/\(bad.file)")) == proof.bytes,
                "\(bad.file)")
        }
    }

    @Test(arguments: BadProof.all)
    func `a bad proof is refused by the check that it breaks`(bad: BadProof) throws {
        let (block, proof) = (try Self.block(of: bad), try Self.vector(of: bad))
        let verifier = block.merge.verifier
        let key = proof.key == .leaf ? verifier.leafKey : verifier.mergeKey
        if let refusal = bad.refusal {
            #expect(throws: refusal) { try proof.verify(key) }
            let statement = try #require(NodeStatement(publicInputs: proof.publicInputs))
            #expect(throws: RecursionError.circuit(refusal)) {
                try verifier.verify(proof.bytes, statement: statement)
            }
            return
        }
        // A node's own rules: under its key the proof is as good as any.
        try proof.verify(key)
        guard let statement = NodeStatement(publicInputs: proof.publicInputs) else {
            // There is no range for such leaves, so nobody can even ask.
            #expect(bad.breaks == .range)
            return
        }
        let refusal =
            bad.breaks == .count
            ? RecursionError.wrongKind(statement.range) : .unknownKey(statement.ownKey)
        #expect(throws: refusal) { try verifier.verify(proof.bytes, statement: statement) }
    }

    /// Other than in the range: that a merge whose children end beyond it ends there too is what
    /// whoever verifies the root sees.
    @Test(arguments: BadProof.all.filter { $0.refusal != nil })
    func `the merge circuit takes no bad proof for a child`(bad: BadProof) throws {
        let (block, proof) = (try Self.block(of: bad), try Self.vector(of: bad))
        let ownKey = block.merge.verifyingKey.digest
        let right = try block.child(1)
        let honest = block.input(try block.child(0), right, ownKey: ownKey)
        #expect(block.merge.firstViolation(honest) == nil)
        let left = try block.child(publicInputs: proof.publicInputs, bytes: proof.bytes)
        let forged = block.input(left, right, ownKey: ownKey)
        #expect(block.merge.firstViolation(forged) != nil)
    }

    @Test func `a leaf beyond the largest tree is no child, or its parent ends there too`() throws {
        let block = try Self.tiny.get()
        let ownKey = block.merge.verifyingKey.digest
        func isTaken(_ first: UInt64) throws -> Bool {
            let left = try block.child(0) { $0.firstLeaf = first }
            let right = try block.child(1) { $0.firstLeaf = (Goldilocks(first) + 1).canonical }
            let input = block.input(left, right, ownKey: ownKey)
            #expect(input.claim[4].canonical == first)
            return block.merge.firstViolation(input) == nil
        }
        #expect(try isTaken(0))
        #expect(try isTaken(1 << 16))
        #expect(try !isTaken(1 << 17))
        #expect(try !isTaken(Goldilocks.modulus - 1))
    }

    @Test func `a gate and a copy are all that the bad witnesses break`() throws {
        let block = try Self.tiny.get()
        let table = block.table.table
        let honest = try table.completing(block.table.witness(block.input(0)))
        #expect(table.firstViolation(honest) == nil)
        var broken = honest
        try BadProof.brokenGate(block)(&broken.wires)
        guard case .gate(_, .poseidon2, _) = table.firstViolation(broken) else {
            Issue.record("\(String(describing: table.firstViolation(broken)))")
            return
        }
        broken = honest
        BadProof.brokenCopy(block)(&broken.wires)
        guard case .copy = table.firstViolation(broken) else {
            Issue.record("\(String(describing: table.firstViolation(broken)))")
            return
        }
    }
}

extension BadProof.Made {
    fileprivate func verify(_ key: VerifyingKey) throws(CircuitError) {
        try CircuitVerifier.verify(proofBytes: bytes, publicInputs: publicInputs, key: key)
    }
}

extension BadProof {
    /// What `CircuitVerifier` says; nil where the proof is valid and its statement is no node's.
    fileprivate var refusal: CircuitError? {
        switch breaks {
        case .equation: .constraintsBroken
        case .firstRound: .commitment(.inconsistentFold(query: query, round: 0))
        case .secondRound: .commitment(.inconsistentFold(query: query, round: 1))
        case .finalPolynomial: .commitment(.wrongFinalValue(query: query))
        case .work:
            .commitment(.missingProofOfWork(required: profile.profile.fri.proofOfWorkBits))
        case .range, .count, .ownKey: nil
        }
    }
}

extension NodeStatement {
    /// Nil for a range that no tree has.
    fileprivate init?(publicInputs: [Goldilocks]) {
        let values = publicInputs.map(\.canonical)
        func digest(_ first: Int) -> FieldDigest? {
            FieldDigest(elements: Array(values[first..<first + 4]))
        }
        guard let first = Int(exactly: values[4]), let count = Int(exactly: values[5]),
            let range = LeafRange(first: first, count: count), let blockID = digest(0),
            let before = digest(6), let after = digest(10), let payments = digest(14),
            let prover = digest(18), let contribution = digest(22), let ownKey = digest(27)
        else { return nil }
        self.init(
            blockID: BlockID(blockID), range: range, stateBefore: before, stateAfter: after,
            paymentRoot: payments, proverID: prover, contribution: contribution,
            feeSum: Amount(units: values[26]), ownKey: ownKey)
    }
}
