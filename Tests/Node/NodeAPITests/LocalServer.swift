import NIOCore
import NIOPosix
import NodeAPI

/// Serves `node` at a port of the loopback interface while `work` runs, then stops the server.
func serving(
    _ node: any NodeSource, _ work: @escaping @Sendable (Int) async throws -> Void
) async throws {
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = Task {
        defer { found.finish() }
        try await NodeAPIServer(node: node, host: "127.0.0.1", port: 0).run { found.yield($0) }
    }
    let result: Result<Void, any Error>
    if let port = await ports.first(where: { _ in true }) {
        do {
            result = .success(try await work(port))
        } catch {
            result = .failure(error)
        }
    } else {
        result = .failure(ServerEnded())
    }
    server.cancel()
    _ = await server.result
    try result.get()
}

struct ServerEnded: Error {}

/// Sends bytes and reads until `isDone`, or until the other side closes.
func raw(
    port: Int, _ text: String, until isDone: @Sendable (String) -> Bool = { _ in false }
) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel)
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: text))
        var answer = ""
        for try await buffer in inbound {
            answer += String(buffer: buffer)
            if isDone(answer) { break }
        }
        return answer
    }
}

/// Answers whatever is sent with `text` and closes, or with nothing and stays.
func answering(
    _ text: String?, _ work: @escaping @Sendable (Int) async throws -> Void
) async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                    wrappingChannelSynchronously: channel)
            }
        }
    let port = server.channel.localAddress?.port ?? 0
    let answering = Task {
        try await server.executeThenClose { connections in
            for try await connection in connections {
                try await connection.executeThenClose { inbound, outbound in
                    for try await _ in inbound {
                        guard let text else { continue }
                        try await outbound.write(ByteBuffer(string: text))
                        break
                    }
                }
            }
        }
    }
    defer { answering.cancel() }
    try await work(port)
}
