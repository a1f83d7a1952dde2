import Cryptography
import Payments
import Primitives

extension NodeProof {
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.statementByteCount(leafCount: range.count) + proof.count)
        bytes.append(bigEndian: UInt32(range.first))
        bytes.append(bigEndian: UInt32(range.count))
        bytes += paymentRoot.bytes
        bytes.append(bigEndian: feeSum.units)
        for state in states { bytes += state.bytes }
        for prover in leafProvers + mergeProvers { bytes += prover.bytes }
        return bytes + proof
    }

    /// Checks the shape of untrusted bytes and nothing of what they claim; every proof has
    /// `proofByteCount` bytes.
    init(decoding bytes: [UInt8], proofByteCount: Int) throws(NodeProofError) {
        guard bytes.count <= NodeProofParameters.maximumByteCount else {
            throw .tooLarge(limit: NodeProofParameters.maximumByteCount, found: bytes.count)
        }
        var reader = FixedReader(rest: bytes[...])
        let first = try reader.integer(byteCount: 4)
        let count = try reader.integer(byteCount: 4)
        guard let range = LeafRange(first: Int(first), count: Int(count)) else {
            throw .noSuchLeaves(first: first, count: count)
        }
        paymentRoot = try reader.digest()
        let fees = try reader.integer(byteCount: 8)
        guard fees < PaymentLimits.amountEnd else {
            throw .feesOutOfRange(end: PaymentLimits.amountEnd, found: fees)
        }
        // All that follows is as long as there are bytes for.
        let expected = (3 * range.count) * Bytes32.byteCount + proofByteCount
        guard reader.rest.count >= expected else {
            throw .truncated(neededByteCount: expected, found: reader.rest.count)
        }
        guard reader.rest.count == expected else {
            throw .trailingBytes(reader.rest.count - expected)
        }
        var states: [FieldDigest] = []
        for _ in 0...range.count { states.append(try reader.digest()) }
        var provers: [OperatorKey] = []
        for _ in 0..<2 * range.count - 1 { provers.append(try reader.key()) }
        self.range = range
        self.states = states
        feeSum = Amount(units: fees)
        leafProvers = Array(provers[..<range.count])
        mergeProvers = Array(provers[range.count...])
        proof = Array(reader.rest)
    }
}

private struct FixedReader {
    var rest: ArraySlice<UInt8>

    mutating func digest() throws(NodeProofError) -> FieldDigest {
        guard let digest = FieldDigest(bytes: try take(FieldDigest.byteCount)) else {
            throw .nonCanonicalDigest
        }
        return digest
    }

    mutating func key() throws(NodeProofError) -> OperatorKey {
        guard let key = OperatorKey(bytes: try take(Bytes32.byteCount)) else {
            preconditionFailure("took \(Bytes32.byteCount) bytes")
        }
        return key
    }

    mutating func integer(byteCount: Int) throws(NodeProofError) -> UInt64 {
        try take(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: Int) throws(NodeProofError) -> ArraySlice<UInt8> {
        guard rest.count >= count else {
            throw .truncated(neededByteCount: count, found: rest.count)
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
