import Foundation
import NodeAPI

/// Follows a node: a page drawn over itself where a person looks on, else a line for each event.
/// A node that goes away is waited for and followed again.
struct StatusWatch: Sendable {
    let client: NodeAPIClient
    let asJSON: Bool

    private static let pause = Duration.seconds(1)
    /// Events come in bunches.
    private static let shortestPause = Duration.milliseconds(150)

    /// Until cancelled.
    func run() async throws {
        if !asJSON, let terminal = Terminal() {
            defer { terminal.close() }
            try await redraw(on: terminal)
        } else {
            try await printEvents()
        }
    }
}

// MARK: - A page

extension StatusWatch {
    /// Draws after each event, and each second so that times go on.
    private func redraw(on terminal: Terminal) async throws {
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let client = client
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    // Why it ended is told by the next question for the status.
                    try? await client.followEvents { _ in wake.yield() }
                    try await Task.sleep(for: Self.pause)
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.pause)
                    wake.yield()
                }
            }
            group.addTask { try await draw(on: terminal, wakes) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func draw(on terminal: Terminal, _ wakes: AsyncStream<Void>) async throws {
        let palette = Palette.ofStandardOutput
        var page: StatusPage?
        var lostAt: ContinuousClock.Instant?
        let asking = "asking \(client.address.url) …"
        terminal.draw { columns, _ in [StatusLayout.clip(asking, columns: columns)] }
        for await _ in wakes {
            do {
                let fresh = StatusPage(try await client.status(), palette: palette)
                page = fresh
                lostAt = nil
                terminal.draw(fresh.lines(columns:rows:))
            } catch {
                try Task.checkCancellation()
                let since = lostAt ?? .now
                lostAt = since
                let seconds = Int(since.duration(to: .now).components.seconds)
                let notes = [
                    "no answer for \(Shown.time(seconds: seconds)): asking \(client.address.url) "
                        + "each second",
                    "This is what it said last:",
                ].map { palette.paint($0, .bad) }
                terminal.draw { columns, rows in
                    notes.map { StatusLayout.clip($0, columns: columns) }
                        + (page?.lines(columns: columns, rows: max(0, rows - 2)) ?? [])
                }
            }
            try await Task.sleep(for: Self.shortestPause)
        }
    }
}

// MARK: - Lines

extension StatusWatch {
    private func printEvents() async throws {
        var isLost = false
        while true {
            do {
                try await client.followEvents {
                    if isLost { Output.error("\(client.address.url) answers again") }
                    isLost = false
                } _: { event in
                    if asJSON { try Output.json(event) } else { Output.line(EventLine.text(event)) }
                }
                if !isLost { Output.error("the node ended its events; asking again each second") }
            } catch let error as CommandFailure {
                throw error
            } catch {
                try Task.checkCancellation()
                if !isLost { Output.error("\(error); asking again each second") }
            }
            isLost = true
            try await Task.sleep(for: Self.pause)
        }
    }
}
