/// How far a peer has fallen: `−(w₄·invalid² + w₇·behaviour²)`, P4 and P7 of gossipsub-v1.1.md.
///
/// In integers: the counters are thousandths. Deviation: P1 to P3 and P5, P6 are absent. P3
/// punishes honest peers on quiet topics, P1 and P2 only reward; there is nothing to gain here,
/// so a peer that does no harm stands at zero.
struct PeerScore: Hashable, Sendable {
    /// A counter stops here: no sum overflows, and a culprit's way back is finite.
    private static let ceiling = 100_000
    /// Below it a counter is zero.
    private static let floor = 10

    private var invalid = 0
    private var behaviour = 0

    var isZero: Bool { invalid == 0 && behaviour == 0 }

    func points(_ parameters: ScoreParameters) -> Int {
        let sum =
            parameters.invalidMessageWeight * invalid * invalid
            + parameters.behaviourWeight * behaviour * behaviour
        return -(sum / 1_000_000)
    }

    mutating func countInvalidMessage() { invalid = min(invalid + 1_000, Self.ceiling) }

    mutating func countMisbehaviour() { behaviour = min(behaviour + 1_000, Self.ceiling) }

    mutating func decay(_ parameters: ScoreParameters) {
        invalid = Self.decayed(invalid, parameters.invalidDecayPermille)
        behaviour = Self.decayed(behaviour, parameters.behaviourDecayPermille)
    }

    private static func decayed(_ counter: Int, _ permille: Int) -> Int {
        let rest = counter * permille / 1_000
        return rest < floor ? 0 : rest
    }
}

/// The scores of all peers that did wrong lately, connected or not: leaving and coming back does
/// not clean a record.
struct ScoreTable: Sendable {
    private let parameters: ScoreParameters
    private let capacity: Int
    private var scores: [GossipPeer: PeerScore] = [:]

    init(parameters: ScoreParameters, capacity: Int) {
        self.parameters = parameters
        self.capacity = capacity
    }

    func points(_ peer: GossipPeer) -> Int { scores[peer]?.points(parameters) ?? 0 }

    /// What `fault` does to the score of `peer`. A full table forgets newcomers, who stay
    /// punishable by whoever acts on `penalise`.
    mutating func count(_ fault: GossipFault, of peer: GossipPeer) {
        guard scores[peer] != nil || scores.count < capacity else { return }
        switch fault {
        case .graftDuringBackoff, .brokenPromise, .tooManySubscriptions:
            scores[peer, default: PeerScore()].countMisbehaviour()
        case .malformedRPC, .oversizedRPC, .oversizedMessage, .wrongSigningPolicy,
            .unidentifiableMessage, .invalidMessage:
            scores[peer, default: PeerScore()].countInvalidMessage()
        }
    }

    mutating func decay() {
        for peer in scores.keys.sorted() {
            scores[peer]?.decay(parameters)
            if scores[peer]?.isZero == true { scores[peer] = nil }
        }
    }
}
