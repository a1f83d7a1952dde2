internal import Cryptography
internal import FoundationEssentials
internal import Primitives

extension PeerStatus: WireConvertible {
    init(wire: Grove_V1_Status) throws(DecodingError) {
        self.init(
            networkID: try WireField.bytes32(wire.networkID, "network_id"),
            policyHash: try WireField.bytes32(wire.policyHash, "policy_hash"),
            height: Height(wire.height),
            ledgerRoot: try WireField.bytes32(wire.ledgerRoot, "ledger_root"))
    }

    var wire: Grove_V1_Status {
        var wire = Grove_V1_Status()
        wire.networkID = Data(networkID.bytes)
        wire.policyHash = Data(policyHash.bytes)
        wire.height = height.number
        wire.ledgerRoot = Data(ledgerRoot.bytes)
        return wire
    }
}

extension PeerRequest: WireConvertible {
    init(wire: Grove_V1_Request) throws(DecodingError) {
        switch wire.request {
        case .blockBody(let request):
            self = .blockBody(try WireField.blockID(request.blockID, "block_id"))
        case .proof(let request):
            self = .proof(try WireField.bytes32(request.proofHash, "proof_hash"))
        case .logBlocks(let request):
            let most = UInt64(MessagesParameters.maximumLogBlocksPerResponse)
            let limit = try WireField.bounded(UInt64(request.limit), "limit", atMost: most)
            guard limit > 0 else { throw .missing(field: "limit") }
            self = .logBlocks(from: Height(request.fromHeight), limit: Int(limit))
        case .status(let status): self = .status(try PeerStatus(wire: status))
        case nil: throw .missing(field: "request")
        }
    }

    var wire: Grove_V1_Request {
        var wire = Grove_V1_Request()
        switch self {
        case .blockBody(let blockID): wire.blockBody.blockID = Data(blockID.bytes)
        case .proof(let proofHash): wire.proof.proofHash = Data(proofHash.bytes)
        case .logBlocks(let height, let limit):
            let most = MessagesParameters.maximumLogBlocksPerResponse
            wire.logBlocks.fromHeight = height.number
            wire.logBlocks.limit = UInt32(min(max(limit, 1), most))
        case .status(let status): wire.status = status.wire
        }
        return wire
    }
}

extension PeerResponse: WireConvertible {
    init(wire: Grove_V1_Response) throws(DecodingError) {
        switch wire.response {
        case .blockBody(let body): self = .blockBody([UInt8](body))
        case .proof(let proof): self = .proof([UInt8](proof))
        case .logBlocks(let response): self = .logBlocks(try Self.blocks(response))
        case .status(let status): self = .status(try PeerStatus(wire: status))
        case .unavailable: self = .unavailable
        case nil: throw .missing(field: "response")
        }
    }

    var wire: Grove_V1_Response {
        var wire = Grove_V1_Response()
        switch self {
        case .blockBody(let body): wire.blockBody = Data(body)
        case .proof(let proof): wire.proof = Data(proof)
        case .logBlocks(let blocks):
            var response = Grove_V1_LogBlocks()
            response.blocks = blocks.map(\.wire)
            wire.logBlocks = response
        case .status(let status): wire.status = status.wire
        case .unavailable: wire.unavailable = Grove_V1_Unavailable()
        }
        return wire
    }

    private static func blocks(_ wire: Grove_V1_LogBlocks) throws(DecodingError) -> [LogBlock] {
        var blocks: [LogBlock] = []
        for block in wire.blocks { blocks.append(try LogBlock(wire: block)) }
        return blocks
    }
}
