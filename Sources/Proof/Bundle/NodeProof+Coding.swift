import Cryptography
import Payments
import Primitives

extension NodeProof {
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .leaf(let leaf):
            bytes += leaf.encoded
        case .merge(let merge):
            bytes.append(Kind.merge.rawValue)
            bytes += merge.prover.bytes
            bytes += merge.signature.bytes
            merge.left.append(to: &bytes)
            merge.right.append(to: &bytes)
        }
    }

    /// Checks the shape of untrusted bytes and nothing of what they claim.
    package init(decoding bytes: [UInt8]) throws(BundleError) {
        guard bytes.count <= BundleParameters.maximumByteCount else {
            throw .tooLarge(limit: BundleParameters.maximumByteCount, found: bytes.count)
        }
        var reader = Reader(rest: bytes[...])
        self = try reader.node(depth: 0)
        guard reader.rest.isEmpty else { throw .trailingBytes(reader.rest.count) }
    }
}

extension BundledLeaf {
    /// Its index and the length of its proof are our own or were decoded, so they fit.
    var encoded: [UInt8] {
        var bytes: [UInt8] = [Kind.leaf.rawValue]
        bytes.reserveCapacity(proof.count + 180)
        bytes.append(bigEndian: UInt32(index))
        bytes += stateBefore.bytes + stateAfter.bytes + paymentRoot.bytes + prover.bytes
        bytes.append(bigEndian: feeSum.units)
        bytes.append(bigEndian: UInt32(proof.count))
        bytes += proof
        return bytes
    }
}

private enum Kind: UInt8 {
    case leaf = 1
    case merge = 2
}

private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func node(depth: Int) throws(BundleError) -> NodeProof {
        let byte = try integer(byteCount: 1)
        switch Kind(rawValue: UInt8(byte)) {
        case .leaf: return .leaf(try leaf())
        case .merge: return .merge(try merge(depth: depth))
        case nil: throw .unknownKind(UInt8(byte))
        }
    }

    private mutating func merge(depth: Int) throws(BundleError) -> BundledMerge {
        guard depth < BundleParameters.maximumDepth else {
            throw .tooDeep(limit: BundleParameters.maximumDepth)
        }
        let prover = try key()
        guard let signature = Signature(try take(Signature.byteCount)) else {
            preconditionFailure("took \(Signature.byteCount) bytes")
        }
        let left = try node(depth: depth + 1)
        let right = try node(depth: depth + 1)
        return BundledMerge(left: left, right: right, prover: prover, signature: signature)
    }

    private mutating func leaf() throws(BundleError) -> BundledLeaf {
        let index = try integer(byteCount: 4)
        guard index < LeafRange.maximumLeafCount else { throw .noSuchLeaf(index) }
        let stateBefore = try digest()
        let stateAfter = try digest()
        let paymentRoot = try digest()
        let prover = try key()
        let fees = try integer(byteCount: 8)
        guard fees < PaymentLimits.amountEnd else {
            throw .feesOutOfRange(end: PaymentLimits.amountEnd, found: fees)
        }
        let count = Int(try integer(byteCount: 4))
        guard count <= BundleParameters.maximumLeafProofByteCount else {
            throw .tooLarge(limit: BundleParameters.maximumLeafProofByteCount, found: count)
        }
        return BundledLeaf(
            index: Int(index), stateBefore: stateBefore, stateAfter: stateAfter,
            paymentRoot: paymentRoot, prover: prover, feeSum: Amount(units: fees),
            proof: Array(try take(count)))
    }

    private mutating func digest() throws(BundleError) -> FieldDigest {
        guard let digest = FieldDigest(bytes: try take(FieldDigest.byteCount)) else {
            throw .nonCanonicalDigest
        }
        return digest
    }

    private mutating func key() throws(BundleError) -> OperatorKey {
        guard let key = OperatorKey(bytes: try take(Bytes32.byteCount)) else {
            preconditionFailure("took \(Bytes32.byteCount) bytes")
        }
        return key
    }

    private mutating func integer(byteCount: Int) throws(BundleError) -> UInt64 {
        try take(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: Int) throws(BundleError) -> ArraySlice<UInt8> {
        guard rest.count >= count else {
            throw .truncated(neededByteCount: count, found: rest.count)
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
