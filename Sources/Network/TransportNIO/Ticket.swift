import Synchronization

/// Whoever waits for one outcome, which is settled exactly once, by whichever side comes first.
final class Ticket<Outcome: Sendable>: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
    }

    private let state = Mutex(State.idle)

    var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state -> Outcome? in
                if case .settled(let outcome) = state { return outcome }
                state = .waiting(continuation)
                return nil
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    func settle(_ outcome: Outcome) {
        let waiter = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            switch state {
            case .settled: return nil
            case .idle:
                state = .settled(outcome)
                return nil
            case .waiting(let continuation):
                state = .settled(outcome)
                return continuation
            }
        }
        waiter?.resume(returning: outcome)
    }
}
