import ArgumentParser
import Foundation
import Glibc
import Synchronization

/// Runs `work` until it ends, or until SIGINT or SIGTERM, or until the process `parent` is gone,
/// which cancel it; a cancellation is a clean end. Work that takes a while begins in here, so that no
/// signal finds the process without a handler. A second signal ends the process at once, with 128 and
/// its number: 130 for Ctrl-C.
///
/// - Parameter onStop: called at once where the work is cancelled.
/// - Returns: whether it was.
@discardableResult
func untilStopped(
    withProcess parent: Int32? = nil, onStop: @escaping @Sendable () -> Void = {},
    work: @escaping @Sendable () async throws -> Void
) async throws -> Bool {
    let stop = Stop(onStop: onStop)
    let sources = stop.listen(to: [SIGINT, SIGTERM])
    let task = Task { try await work() }
    stop.cancels { task.cancel() }
    // Its own parent is gone once it has another one: the id may live on as a zombie's.
    let isOwnParent = parent == getppid()
    let watch = parent.map { parent in
        Task {
            while isOwnParent ? getppid() == parent : kill(parent, 0) == 0 {
                try await Task.sleep(for: .milliseconds(250))
            }
            _ = stop.stop()
        }
    }
    defer {
        for source in sources { source.cancel() }
        watch?.cancel()
    }
    do {
        try await task.value
    } catch  where task.isCancelled {
        return true
    }
    return task.isCancelled
}

/// The first word to stop, and whom it reaches.
private final class Stop: Sendable {
    private let state = Mutex<(isStopped: Bool, cancel: (@Sendable () -> Void)?)>((false, nil))
    private let onStop: @Sendable () -> Void

    init(onStop: @escaping @Sendable () -> Void) { self.onStop = onStop }

    /// Returns once the signals are heard. They are until the sources are cancelled.
    func listen(to signals: [Int32]) -> [any DispatchSourceSignal] {
        signals.map { number in
            signal(number, SIG_IGN)
            let isHeard = DispatchSemaphore(value: 0)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setRegistrationHandler { isHeard.signal() }
            source.setEventHandler {
                if !self.stop() { _exit(128 + number) }
            }
            source.resume()
            isHeard.wait()
            return source
        }
    }

    /// False where it was said before.
    func stop() -> Bool {
        let (isFirst, cancel) = state.withLock { state in
            defer { state.isStopped = true }
            return (!state.isStopped, state.cancel)
        }
        guard isFirst else { return false }
        onStop()
        cancel?()
        return true
    }

    func cancels(_ cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.isStopped
        }
        if isLate { cancel() }
    }
}

extension ArgumentHelp {
    /// For processes that another one starts.
    static let withProcess = ArgumentHelp(
        "Stop when this process does: for whoever starts grove and may be killed.",
        valueName: "pid")
}
