import Cryptography
import Primitives

extension ExportedProof {
    package var encoded: [UInt8] { Array((header + "\n").utf8) + proof }

    private var header: String {
        "{" + networkAndBlock + #","node":{"# + nodeFields + "},"
            + #""proofByteCount":\#(proof.count),"proofHash":"\#(SHA256.hash(proof).hex)"}"#
    }

    private var networkAndBlock: String {
        #""format":"\#(HeaderReader.format)","networkId":"\#(networkID.hex)","#
            + #""slot":\#(block.slot),"round":\#(block.round),"parent":"\#(block.parent.hex)","#
            + #""stateBefore":"\#(block.stateBefore.hex)","#
            + #""stateAfter":"\#(block.stateAfter.hex)","#
            + #""paymentRoot":"\#(block.paymentRoot.hex)","leafCount":\#(block.leafCount),"#
            + #""blockId":"\#(blockID.hex)""#
    }

    private var nodeFields: String {
        #""firstLeaf":\#(node.range.first),"leafCount":\#(node.range.count),"#
            + #""prover":"\#(node.prover.hex)","stateBefore":"\#(node.stateBefore.hex)","#
            + #""stateAfter":"\#(node.stateAfter.hex)","#
            + #""paymentRoot":"\#(node.paymentRoot.hex)","feeSum":\#(node.feeSum.units)"#
    }

    /// Reads untrusted bytes: their shape, and that block id, length and hash are those of the
    /// rest. What they claim is for `verify` to judge.
    package init(decoding bytes: [UInt8]) throws(ProofFileError) {
        guard bytes.count <= ProofFileParameters.maximumByteCount else {
            throw .tooLarge(
                limitByteCount: ProofFileParameters.maximumByteCount, found: bytes.count)
        }
        let start = bytes.prefix(ProofFileParameters.maximumHeaderByteCount)
        guard let end = start.firstIndex(of: UInt8(ascii: "\n")) else {
            throw .malformed(at: "its start", expected: "one line of JSON")
        }
        var reader = HeaderReader(rest: bytes[..<end])
        try reader.open()
        try reader.requireFormat()
        let networkID = NetworkID(try reader.bytes32("networkId"))
        let block = try reader.block()
        let blockID = BlockID(try reader.digest("blockId"))
        try reader.open("node")
        let node = try reader.node()
        try reader.close()
        let byteCount = try reader.integer("proofByteCount", atMost: UInt64(Int.max))
        let hash = Digest(try reader.bytes32("proofHash"))
        try reader.close()
        try reader.requireEnd()
        self.init(
            networkID: networkID, block: block, node: node, proof: Array(bytes[(end + 1)...]))
        try Self.require(blockID, isThe: self.blockID, of: "blockId")
        try Self.require(Int(byteCount), isThe: proof.count, of: "proofByteCount")
        try Self.require(hash, isThe: SHA256.hash(proof), of: "proofHash")
    }

    private static func require<Value: Equatable & CustomStringConvertible>(
        _ written: Value, isThe found: Value, of name: String
    ) throws(ProofFileError) {
        guard written == found else {
            throw .mismatch(name, expected: "\(written)", found: "\(found)")
        }
    }
}

extension HeaderReader {
    fileprivate mutating func block() throws(ProofFileError) -> ExportedBlock {
        ExportedBlock(
            slot: Slot(try integer("slot", atMost: .max)),
            round: try integer("round", atMost: .max),
            parent: BlockID(try digest("parent")), stateBefore: try digest("stateBefore"),
            stateAfter: try digest("stateAfter"), paymentRoot: try digest("paymentRoot"),
            leafCount: Int(
                try integer("leafCount", atMost: UInt64(LeafRange.maximumLeafCount))))
    }

    fileprivate mutating func node() throws(ProofFileError) -> ExportedNode {
        let limit = UInt64(LeafRange.maximumLeafCount)
        let first = try integer("firstLeaf", atMost: limit)
        let count = try integer("leafCount", atMost: limit)
        guard let range = LeafRange(first: Int(first), count: Int(count)) else {
            throw .malformed(
                at: "node", expected: "a range of leaves, found \(count) from \(first)")
        }
        return ExportedNode(
            range: range, prover: OperatorKey(try bytes32("prover")),
            stateBefore: try digest("stateBefore"), stateAfter: try digest("stateAfter"),
            paymentRoot: try digest("paymentRoot"),
            feeSum: Amount(units: try integer("feeSum", atMost: .max)))
    }
}
