/// Thrown where work took too long.
package struct DeadlineExceeded: Error {
    package let limit: Duration
}

/// Runs `work`, cancels it and throws `DeadlineExceeded` after `limit`.
package func withDeadline<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await ContinuousClock().sleep(for: limit)
            throw DeadlineExceeded(limit: limit)
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw CancellationError() }
        return first
    }
}

/// Thrown where work lost its place to somebody else's.
package struct Displaced: Error {
    package init() {}
}

/// Like `withDeadline`, and throws `Displaced` as soon as its place in `roster` is needed.
package func withDeadline<Value: Sendable>(
    _ limit: Duration, placeIn roster: Roster,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let (needed, isNeeded) = AsyncStream<Void>.makeStream()
    let place = roster.enter { isNeeded.finish() }
    defer { roster.leave(place) }
    return try await withDeadline(limit) {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in needed {}
                try Task.checkCancellation()
                throw Displaced()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
