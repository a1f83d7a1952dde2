import Connection
import SansIO
import Synchronization

/// What became of one dial.
final class DialRecord: Sendable {
    struct Outcome {
        var peer: PeerID?
        var connectedAt: Instant?
        var endedAt: Instant?
        var reason: ConnectionError?
    }

    let expecting: PeerID?
    private let state = Mutex(Outcome())

    init(expecting: PeerID?) { self.expecting = expecting }

    func connected(_ peer: PeerID) {
        state.withLock {
            $0.peer = peer
            $0.connectedAt = .now
        }
    }

    /// The first reason counts.
    func end(_ reason: ConnectionError) {
        state.withLock {
            guard $0.reason == nil else { return }
            $0.reason = reason
            $0.endedAt = .now
        }
    }

    var outcome: Outcome { state.withLock { $0 } }
}
