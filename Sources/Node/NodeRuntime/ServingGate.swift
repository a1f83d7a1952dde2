package import Connection

/// Who is being served what is large. A peer that asks for more at once, or one too many beside all
/// the others, is told to come back: serving must not keep a node from its own work.
package struct ServingGate: Sendable {
    private var counts: [PeerID: Int] = [:]
    private var total = 0

    package init() {}

    /// False where too much is being served already.
    package mutating func enter(_ peer: PeerID) -> Bool {
        guard total < NodeRuntimeParameters.maximumServings,
            counts[peer, default: 0] < NodeRuntimeParameters.maximumServingsPerPeer
        else { return false }
        counts[peer, default: 0] += 1
        total += 1
        return true
    }

    /// After each `enter` that returned true.
    package mutating func leave(_ peer: PeerID) {
        guard let count = counts[peer] else { return }
        counts[peer] = count > 1 ? count - 1 : nil
        total -= 1
    }
}
