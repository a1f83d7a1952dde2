internal import Gossip

/// How many payments each peer has brought since the last heartbeat that were not taken. Checking
/// one costs a third of a millisecond: a peer with too many is not heard until the next heartbeat.
struct RefusedPayments: Sendable {
    private var counts: [GossipPeer: Int] = [:]

    func mayBring(_ peer: GossipPeer) -> Bool {
        counts[peer, default: 0] < NodeParameters.maximumRefusedPaymentsPerPeer
    }

    /// Bounded by the connected peers, which alone can send.
    mutating func note(_ peer: GossipPeer) { counts[peer, default: 0] += 1 }

    mutating func heartbeat() { counts = [:] }
}
