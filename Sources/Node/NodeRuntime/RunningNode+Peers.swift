package import Connection
internal import Gossip
internal import Ledger
internal import Logging
internal import Messages
internal import NetworkFile
internal import NodeCore
internal import Peering
internal import Primitives
internal import Storage
internal import TransportNIO

/// The protocols by which nodes ask each other for things.
package enum PeerProtocol: String, CaseIterable, Sendable {
    case blockBody = "/grove/1/block-body"
    case proof = "/grove/1/proof"
    case logBlocks = "/grove/1/log-blocks"
    case status = "/grove/1/status"

    /// As the host needs them: every request is small.
    package static var served: [RequestProtocol] {
        allCases.map {
            RequestProtocol(
                id: $0.rawValue,
                maximumRequestByteCount: MessagesParameters.maximumRequestByteCount)
        }
    }
}

extension RunningNode {
    /// Everything that the network brings, until the host ends.
    func followPeers() async {
        while let event = await host.events.next() { handle(event) }
    }

    private func handle(_ event: HostEvent) {
        switch event {
        case .peerConnected(let peer):
            logger.info("peer connected", metadata: ["peer": "\(peer)"])
            peerTraffic.connected(peer)
            if !offer({ await $0.greet(peer) }) { counters.count(.notGreeted) }
        case .peerDisconnected(let peer):
            logger.info("peer disconnected", metadata: ["peer": "\(peer)"])
            peerTraffic.disconnected(peer)
            // Its gossip stream went with it, unannounced.
            deliver(.peerDisconnected(GossipPeer(bytes: peer.bytes)))
        case .gossipOpened(let peer, let protocolID, let isOutbound):
            deliver(
                .peerConnected(
                    GossipPeer(bytes: peer.bytes), isOutbound: isOutbound,
                    understandsDontWant: protocolID == "/meshsub/1.2.0"))
        case .gossipLost(let peer):
            deliver(.peerDisconnected(GossipPeer(bytes: peer.bytes)))
        case .gossip(let peer, let rpcBytes):
            peerTraffic.received(rpcBytes.count, from: peer)
            deliver(.gossipReceived(from: GossipPeer(bytes: peer.bytes), rpcBytes: rpcBytes))
        case .request(let peer, let protocolID, let payload, let responder):
            answer(protocolID, payload, from: peer, responder)
        case .identified:
            break
        case .misbehaved(let peer, let fault):
            penalise(peer, .stream, "\(fault)")
        }
    }

    /// Counts a peer's fault; the last one that it may have bars it for a while.
    func penalise(_ peer: PeerID, _ kind: PeerFaultKind, _ detail: String) {
        counters.count(kind)
        logger.notice("peer at fault", metadata: ["peer": "\(peer)", "fault": "\(detail)"])
        host.countFault(kind, of: peer, detail: detail)
    }

    /// Nodes of another network, or with other rules, are left with that reason. Who does not answer
    /// is asked again: only whoever has answered is asked for peers and told about.
    private func greet(_ peer: PeerID) async {
        let mine = ownStatus
        var answer: [UInt8]?
        for _ in 0..<NodeRuntimeParameters.maximumStatusAttempts where answer == nil {
            guard host.isConnected(peer), !Task.isCancelled else { return }
            answer = try? await host.request(
                peer, protocolID: PeerProtocol.status.rawValue,
                payload: MessageCodec.encode(PeerRequest.status(mine)), limit: 1_024,
                timeout: NodeRuntimeParameters.statusTimeout)
        }
        guard let answer, case .status(let theirs) = try? MessageCodec.decodeResponse(answer)
        else { return counters.count(.statusNotTold) }
        guard theirs.networkID == mine.networkID, theirs.policyHash == mine.policyHash else {
            logger.warning(
                "a peer has other network rules",
                metadata: [
                    "peer": "\(peer)", "expected": "\(mine.policyHash)",
                    "found": "\(theirs.policyHash)",
                ])
            counters.count(.otherNetworkRules)
            return host.leaveForeign(peer, because: "other network rules")
        }
        host.approve(peer)
    }

    private var ownStatus: PeerStatus {
        let next = machine.ledger.nextHeight.number
        return PeerStatus(
            networkID: configuration.network.networkID,
            policyHash: configuration.network.policyHash,
            height: Height(next == 0 ? 0 : next - 1), ledgerRoot: machine.ledger.root)
    }

    private func answer(
        _ protocolID: String, _ payload: [UInt8], from peer: PeerID, _ responder: RequestResponder
    ) {
        guard let request = try? MessageCodec.decodeRequest(payload),
            PeerProtocol(rawValue: protocolID) == request.protocolID
        else {
            penalise(peer, .stream, "a request that does not parse")
            return responder.fail(.refused)
        }
        switch request {
        case .proof(let hash):
            guard let proof = proofs[hash] else { return responder.fail(.notFound) }
            serve(peer, responder) { _ in .proof(proof) }
        case .blockBody(let blockID):
            let reveal = machine.ledger.slot?.reveal
            respond(
                reveal.flatMap { $0.blockID == blockID ? .blockBody($0.body) : nil }, responder)
        case .status:
            respond(.status(ownStatus), responder)
        case .logBlocks(let height, let limit):
            serve(peer, responder) { try await $0.logBlocks(from: height, limit: limit) }
        }
    }

    /// Prepares a large answer beside this actor, so many at a time.
    private func serve(
        _ peer: PeerID, _ responder: RequestResponder,
        _ response: @escaping @Sendable (RunningNode) async throws -> PeerResponse?
    ) {
        guard gate.enter(peer) else {
            counters.count(.servingBusy)
            return responder.fail(.busy)
        }
        let isQueued = offer { node in
            do {
                try await Self.send(try await response(node), responder)
                await node.served(peer)
            } catch {
                responder.fail(.failed)
                await node.served(peer)
                throw error
            }
        }
        if !isQueued {
            gate.leave(peer)
            responder.fail(.busy)
        }
    }

    private func served(_ peer: PeerID) { gate.leave(peer) }

    @concurrent private static func send(
        _ response: PeerResponse?, _ responder: RequestResponder
    ) async throws {
        guard let response else { return responder.fail(.notFound) }
        responder.succeed(MessageCodec.encode(response))
    }

    private func logBlocks(from height: Height, limit: Int) async throws -> PeerResponse? {
        let eventLog = eventLog
        return try await diskPool.run {
            let stored = try eventLog.logBlocks(
                from: height, limit: min(limit, MessagesParameters.maximumLogBlocksPerResponse))
            let blocks = stored.compactMap { try? MessageCodec.decodeLogBlock($0.content) }
            return blocks.isEmpty ? nil : PeerResponse.logBlocks(fitting: blocks)
        }
    }

    private func respond(_ response: PeerResponse?, _ responder: RequestResponder) {
        guard let response else { return responder.fail(.notFound) }
        responder.succeed(MessageCodec.encode(response))
    }
}

extension PeerRequest {
    fileprivate var protocolID: PeerProtocol {
        switch self {
        case .blockBody: .blockBody
        case .proof: .proof
        case .logBlocks: .logBlocks
        case .status: .status
        }
    }
}

extension GossipFault {
    var kind: PeerFaultKind {
        switch self {
        case .graftDuringBackoff, .brokenPromise, .tooManySubscriptions: .gossip
        case .malformedRPC, .oversizedRPC, .oversizedMessage, .wrongSigningPolicy,
            .unidentifiableMessage, .invalidMessage:
            .invalidGossip
        }
    }
}
