internal import Cryptography
internal import FoundationEssentials
internal import Primitives
internal import VRF

extension BlockHeader: WireConvertible {
    init(wire: Grove_V1_BlockHeader) throws(DecodingError) {
        let leafCount = try WireField.bounded(
            wire.leafCount, "leaf_count", atMost: UInt64(LeafRange.maximumLeafCount))
        self.init(
            slot: Slot(wire.slot), round: wire.round,
            parent: try WireField.blockID(wire.parent, "parent"),
            stateBefore: try WireField.digest(wire.stateBefore, "state_before"),
            stateAfter: try WireField.digest(wire.stateAfter, "state_after"),
            paymentRoot: try WireField.digest(wire.paymentRoot, "payment_root"),
            leafCount: Int(leafCount), feeSum: Amount(units: wire.feeSum),
            bodyHash: try WireField.bytes32(wire.bodyHash, "body_hash"))
    }

    var wire: Grove_V1_BlockHeader {
        var wire = Grove_V1_BlockHeader()
        wire.slot = slot.number
        wire.round = round
        wire.parent = Data(parent.bytes)
        wire.stateBefore = Data(stateBefore.bytes)
        wire.stateAfter = Data(stateAfter.bytes)
        wire.paymentRoot = Data(paymentRoot.bytes)
        wire.leafCount = UInt64(leafCount)
        wire.feeSum = feeSum.units
        wire.bodyHash = Data(bodyHash.bytes)
        return wire
    }
}

extension BlockReveal: WireConvertible {
    init(wire: Grove_V1_BlockReveal) throws(DecodingError) {
        guard wire.hasHeader else { throw .missing(field: "header") }
        self.init(header: try BlockHeader(wire: wire.header), body: [UInt8](wire.body))
    }

    var wire: Grove_V1_BlockReveal {
        var wire = Grove_V1_BlockReveal()
        wire.header = header.wire
        wire.body = Data(body)
        return wire
    }
}

extension Election: WireConvertible {
    init(wire: Grove_V1_Election) throws(DecodingError) {
        self.init(
            slot: Slot(wire.slot), blockID: try WireField.blockID(wire.blockID, "block_id"),
            vrfProof: try WireField.vrfProof(wire.vrfProof, "vrf_proof"))
    }

    var wire: Grove_V1_Election {
        var wire = Grove_V1_Election()
        wire.slot = slot.number
        wire.blockID = Data(blockID.bytes)
        wire.vrfProof = Data(vrfProof.bytes)
        return wire
    }
}
