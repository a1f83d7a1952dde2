import ArgumentParser
import Foundation
import Glibc

/// Runs `work` until it ends, or until SIGINT or SIGTERM, or until the process `parent` is gone,
/// which cancel it; a cancellation is a clean end. A second signal ends the process at once.
func untilStopped(
    withProcess parent: Int32? = nil, _ work: @escaping @Sendable () async throws -> Void
) async throws {
    let task = Task { try await work() }
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler {
            if task.isCancelled { _exit(130) }
            task.cancel()
        }
        source.resume()
        return source
    }
    // Its own parent is gone once it has another one: the id may live on as a zombie's.
    let isOwnParent = parent == getppid()
    let watch = parent.map { parent in
        Task {
            while isOwnParent ? getppid() == parent : kill(parent, 0) == 0 {
                try await Task.sleep(for: .milliseconds(250))
            }
            task.cancel()
        }
    }
    defer {
        for source in sources { source.cancel() }
        watch?.cancel()
    }
    do {
        try await task.value
    } catch  where task.isCancelled {
        return
    }
}

extension ArgumentHelp {
    /// For processes that another one starts.
    static let withProcess = ArgumentHelp(
        "Stop when this process does: for whoever starts grove and may be killed.",
        valueName: "pid")
}
