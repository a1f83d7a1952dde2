internal import Cryptography
internal import FoundationEssentials
internal import Primitives

extension LeafRange: WireConvertible {
    init(wire: Grove_V1_LeafRange) throws(DecodingError) {
        guard let range = LeafRange(first: Int(wire.first), count: Int(wire.count)) else {
            throw .outOfRange(
                field: "range", limit: UInt64(LeafRange.maximumLeafCount),
                found: UInt64(wire.first) + UInt64(wire.count))
        }
        self = range
    }

    var wire: Grove_V1_LeafRange {
        var wire = Grove_V1_LeafRange()
        wire.first = UInt32(first)
        wire.count = UInt32(count)
        return wire
    }
}

extension ProofCommitment: WireConvertible {
    init(wire: Grove_V1_ProofCommitment) throws(DecodingError) {
        guard wire.hasRange else { throw .missing(field: "range") }
        self.init(
            slot: Slot(wire.slot), range: try LeafRange(wire: wire.range),
            commitment: try WireField.bytes32(wire.commitment, "commitment"))
    }

    var wire: Grove_V1_ProofCommitment {
        var wire = Grove_V1_ProofCommitment()
        wire.slot = slot.number
        wire.range = range.wire
        wire.commitment = Data(commitment.bytes)
        return wire
    }
}

extension ProofAnnouncement: WireConvertible {
    init(wire: Grove_V1_ProofAnnouncement) throws(DecodingError) {
        guard wire.hasRange else { throw .missing(field: "range") }
        let server = [UInt8](wire.server)
        guard (1...Self.maximumServerByteCount).contains(server.count) else {
            throw .outOfRange(
                field: "server", limit: UInt64(Self.maximumServerByteCount),
                found: UInt64(server.count))
        }
        self.init(
            slot: Slot(wire.slot), range: try LeafRange(wire: wire.range),
            proofHash: try WireField.bytes32(wire.proofHash, "proof_hash"),
            byteCount: try WireField.bounded(
                wire.byteCount, "byte_count",
                atMost: UInt64(MessagesParameters.maximumProofByteCount)),
            server: server)
    }

    var wire: Grove_V1_ProofAnnouncement {
        var wire = Grove_V1_ProofAnnouncement()
        wire.slot = slot.number
        wire.range = range.wire
        wire.proofHash = Data(proofHash.bytes)
        wire.byteCount = byteCount
        wire.server = Data(server)
        return wire
    }
}

extension RootProof: WireConvertible {
    init(wire: Grove_V1_RootProof) throws(DecodingError) {
        self.init(
            slot: Slot(wire.slot), blockID: try WireField.blockID(wire.blockID, "block_id"),
            proof: [UInt8](wire.proof),
            contributions: Contributions(
                leaves: try Self.leaves(wire.leafContributions),
                merges: try Self.merges(wire.mergeContributions)))
    }

    var wire: Grove_V1_RootProof {
        var wire = Grove_V1_RootProof()
        wire.slot = slot.number
        wire.blockID = Data(blockID.bytes)
        wire.proof = Data(proof)
        wire.leafContributions = Data(
            contributions.leaves.flatMap {
                $0.prover.bytes + $0.stateBefore.bytes + $0.stateAfter.bytes
            })
        wire.mergeContributions = Data(contributions.merges.flatMap(\.bytes))
        return wire
    }

    private static func leaves(_ data: Data) throws(DecodingError) -> [Contributions.Leaf] {
        let field = "leaf_contributions"
        var leaves: [Contributions.Leaf] = []
        let parts = try WireField.parts(
            data, field, of: 96, atMost: LeafRange.maximumLeafCount)
        for part in parts {
            leaves.append(
                Contributions.Leaf(
                    prover: try WireField.bytes32(Data(part.prefix(32)), field),
                    stateBefore: try WireField.digest(part.dropFirst(32).prefix(32), field),
                    stateAfter: try WireField.digest(part.suffix(32), field)))
        }
        return leaves
    }

    private static func merges(_ data: Data) throws(DecodingError) -> [OperatorKey] {
        let field = "merge_contributions"
        var merges: [OperatorKey] = []
        let parts = try WireField.parts(
            data, field, of: 32, atMost: LeafRange.maximumLeafCount - 1)
        for part in parts { merges.append(try WireField.bytes32(Data(part), field)) }
        return merges
    }
}
