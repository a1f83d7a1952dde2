internal import Gossip
internal import SansIO

/// The switchboard: one stage's outcome becomes the next one's event, from top to bottom as a
/// payment travels.
extension NodeMachine {
    mutating func route(_ event: NodeEvent, at now: Instant) -> [NodeEffect] {
        switch event {
        // Bytes → gossip → validated messages.
        case .peerConnected(let peer, let isOutbound, let understandsDontWant):
            connected(
                peer, isOutbound: isOutbound, understandsDontWant: understandsDontWant, at: now)
        case .peerDisconnected(let peer):
            disconnected(peer, at: now)
        case .gossipReceived(let peer, let rpcBytes):
            gossip(.received(peer, rpc: rpcBytes), at: now)
        case .envelopeSigned(let envelope):
            publishSigned(envelope, at: now)
        case .deadline:
            heartbeat(at: now)

        // Payment → mempool.
        case .paymentOffered(let payment, let ticket):
            offer(payment, ticket: ticket)

        // Mempool → block → proposal → reveal.
        case .blockBuilt(let request, let block):
            built(request, block)
        case .leaveOrdered(let order):
            leaveOrdered(order)
        case .sending(let event):
            route(event)
        case .vrfProved(let request, let proof):
            proved(request, proof)
        case .submissionRefused(let duty, let reason):
            submissionRefused(duty, reason)

        // Log → ledger → duties.
        case .logHead(let height):
            sawLogHead(height)
        case .logBlock(let block):
            receive(block)
        case .logJudged(let height, let judgement):
            judged(height, judgement, at: now)

        // Task → proof → commitment → announcement → merge, again, → root.
        case .proven(let task, let proof):
            finished(task, proof)
        case .provingFailed(let task, let reason):
            failed(task, reason)
        case .proofsRecalled(let slot, let proofs):
            recalled(proofs, of: slot)
        case .proofObtained(let request, let availability):
            obtained(request, availability)
        }
    }
}
