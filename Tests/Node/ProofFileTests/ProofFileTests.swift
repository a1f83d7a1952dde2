import Cryptography
import NodeProofs
import Payments
import Primitives
import ProofFile
import ProofFixtures
import Testing

/// A file proves exactly what it says, and every byte of it counts.
@Suite struct ProofFileTests {
    @Test func `what was exported is read back, in the same bytes`() throws {
        let block = try ProvenBlock(leafCount: 3)
        for range in block.nodes {
            let exported = try block.export(range)
            let read = try ExportedProof(decoding: exported.encoded)
            #expect(read == exported)
            #expect(read.encoded == exported.encoded)
        }
    }

    @Test func `leaf, merge and root are accepted as what they are`() throws {
        let block = try ProvenBlock(leafCount: 3)
        for range in block.nodes {
            let node = try block.export(range).verify(
                demanding: block.demand(range), verifier: block.verifier)
            #expect(node.statement.range == range)
            #expect(node.statement.blockID == block.blockID)
        }
    }

    @Test func `no byte of a file can be changed`() throws {
        let block = try ProvenBlock(leafCount: 2)
        let bytes = try block.export(block.root).encoded
        let demand = ProofDemand(
            networkID: ProvenBlock.networkID, slot: nil, blockID: nil, range: nil, prover: nil)
        for index in bytes.indices {
            // Of the line every bit but one in four is tried; of the proof, which the line names
            // by its hash, one byte in a hundred.
            let isLine = index < ProofFileParameters.maximumHeaderByteCount
            for mask in [UInt8(0x01), 0x20, 0x80] where isLine || index % 101 == 0 {
                var changed = bytes
                changed[index] ^= mask
                #expect(throws: ProofFileError.self, "byte \(index), mask \(mask)") {
                    _ = try ExportedProof(decoding: changed).verify(
                        demanding: demand, verifier: block.verifier)
                }
            }
        }
    }

    @Test func `no byte can be missing or added`() throws {
        let block = try ProvenBlock(leafCount: 2)
        let bytes = try block.export(block.root).encoded
        for count in bytes.indices where count < 4_096 || count % 101 == 0 {
            #expect(throws: ProofFileError.self) {
                _ = try ExportedProof(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: ProofFileError.self) { _ = try ExportedProof(decoding: bytes + [0]) }
    }

    @Test func `a claim whose hash was made to fit is refused by the proof`() throws {
        let block = try ProvenBlock(leafCount: 2)
        let root = try block.export(block.root)
        let leaf = try block.export(LeafRange(first: 0, count: 1)!)
        // Every claim of the root, and another node's proof, its hash and length corrected.
        let rootLine = String(
            decoding: root.encoded.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let claims = rootLine.prefix(upTo: rootLine.range(of: "\"proofByteCount\"").lowerBound)
        let line =
            claims + "\"proofByteCount\":\(leaf.proof.count),"
            + "\"proofHash\":\"\(SHA256.hash(leaf.proof).hex)\"}\n"
        let forged = try ExportedProof(decoding: Array(line.utf8) + leaf.proof)
        #expect(throws: ProofFileError.proof(.wrongLeafCount(expected: 2, found: 1))) {
            _ = try forged.verify(
                demanding: block.demand(block.root), verifier: block.verifier)
        }
    }

    @Test func `a proof of another network, slot, block, range or prover is not the one`() throws {
        let block = try ProvenBlock(leafCount: 2)
        let proof = try block.export(block.root)
        let right = block.demand(block.root)
        var wrong: [(String, ProofDemand)] = []
        func add(_ name: String, _ change: (inout ProofDemand) -> Void) {
            var demand = right
            change(&demand)
            wrong.append((name, demand))
        }
        add("network") { $0.networkID = NetworkID(genesisNonce: [9]) }
        add("slot") { $0.slot = Slot(8) }
        add("block") { $0.blockID = BlockID(.zero) }
        add("range") { $0.range = LeafRange(first: 0, count: 1) }
        add("prover") { $0.prover = OperatorKey(.zero) }
        for (name, demand) in wrong {
            let error = #expect(throws: ProofFileError.self) {
                _ = try proof.verify(demanding: demand, verifier: block.verifier)
            }
            guard case .mismatch(name, _, _) = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `a header is refused at its bound, before it is parsed`() {
        let long = [UInt8](repeating: UInt8(ascii: "{"), count: 10_000)
        #expect(throws: ProofFileError.malformed(at: "its start", expected: "one line of JSON")) {
            _ = try ExportedProof(decoding: long)
        }
    }

    @Test func `a proof whose hash in the line was made to fit is refused by the verifier`() throws
    {
        let block = try ProvenBlock(leafCount: 2)
        for range in block.nodes {
            var proof = try block.export(range).proof
            proof[proof.count - 1] ^= 1
            let forged = try block.export(range, proof: proof)
            #expect(throws: ProofFileError.self) {
                _ = try forged.verify(demanding: block.demand(range), verifier: block.verifier)
            }
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index> {
        guard let range = ranges(of: text).first else { return endIndex..<endIndex }
        return range
    }
}
