import Connection
import Peering
import Synchronization

/// What became of one dial.
final class DialRecord: Sendable {
    let id: DialID
    let expecting: PeerID?
    private let state = Mutex(DialOutcome(peer: nil, reason: nil))

    init(_ id: DialID, expecting: PeerID?) {
        self.id = id
        self.expecting = expecting
    }

    func connected(_ peer: PeerID) { state.withLock { $0.peer = peer } }

    /// The first reason counts.
    func end(_ reason: ConnectionError) {
        state.withLock { $0.reason = $0.reason ?? reason }
    }

    var outcome: DialOutcome { state.withLock { $0 } }
}
