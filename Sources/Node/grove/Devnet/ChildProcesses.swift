import Foundation
import Glibc

/// The processes that a devnet started: each writes its log to a file, and none outlives this one.
/// One that ends by itself, or is killed, is started again where that was asked for.
actor ChildProcesses {
    private struct Child {
        let name: String
        let arguments: [String]
        var process: Process
        var start: ContinuousClock.Instant
    }

    /// Before an ended child is started again; the longer one after a life of less than that, as of
    /// a child that finds its directory or port still in use.
    private static let restartPause = Duration.milliseconds(200)
    private static let longRestartPause = Duration.seconds(1)

    private var children: [Child] = []
    private let executable: URL
    private let logDirectory: URL
    private let restarts: Bool
    private var isStopping = false
    private nonisolated let ends: AsyncStream<ChildEnd>.Continuation
    /// Children that ended without having been stopped.
    nonisolated let unexpectedEnds: AsyncStream<ChildEnd>

    struct ChildEnd: Sendable {
        let name: String
        let status: Int32
        let logPath: String
        let isRestarted: Bool
    }

    init(logDirectory: URL, restarts: Bool) throws(CommandFailure) {
        guard let path = Bundle.main.executablePath else {
            throw CommandFailure(.internalError, "this process does not know its own executable")
        }
        executable = URL(filePath: path)
        self.logDirectory = logDirectory
        self.restarts = restarts
        (unexpectedEnds, ends) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    /// Starts `grove` with `arguments`.
    func start(_ name: String, _ arguments: [String]) throws {
        let process = try launch(name, arguments)
        children.append(
            Child(name: name, arguments: arguments, process: process, start: .now))
    }

    private func launch(_ name: String, _ arguments: [String]) throws -> Process {
        let log = logDirectory.appending(path: "\(name).log")
        let path = log.path(percentEncoded: false)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .environment, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let restarts = restarts
        process.terminationHandler = { process in
            let end = ChildEnd(
                name: name, status: process.terminationStatus, logPath: log.path(),
                isRestarted: restarts)
            Task { await self.ended(end) }
        }
        try process.run()
        return process
    }

    var identifiers: [(name: String, pid: Int32)] {
        children.map { ($0.name, $0.process.processIdentifier) }
    }

    /// Asks everybody to stop, waits, and kills who does not.
    func stopAll(within patience: Duration) async {
        isStopping = true
        for child in children where child.process.isRunning { child.process.terminate() }
        let deadline = ContinuousClock.now + patience
        while children.contains(where: \.process.isRunning), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(50))
        }
        for child in children where child.process.isRunning {
            kill(child.process.processIdentifier, SIGKILL)
        }
        for child in children { child.process.waitUntilExit() }
        ends.finish()
    }

    private func ended(_ end: ChildEnd) async {
        guard !isStopping else { return }
        ends.yield(end)
        guard restarts, let index = children.firstIndex(where: { $0.name == end.name }) else {
            return
        }
        let lifetime = children[index].start.duration(to: .now)
        let isShort = lifetime < Self.longRestartPause
        try? await Task.sleep(for: isShort ? Self.longRestartPause : Self.restartPause)
        guard !isStopping else { return }
        do {
            children[index].process = try launch(end.name, children[index].arguments)
            children[index].start = .now
        } catch {
            ends.yield(
                ChildEnd(
                    name: end.name, status: end.status, logPath: end.logPath, isRestarted: false))
        }
    }
}
