import NIOCore
import NIOPosix
import Synchronization

/// A TCP client that sends what it likes and notes what comes back.
package final class RawClient: Sendable {
    private let channel: any Channel
    private let heard = Mutex<[UInt8]>([])

    /// - Parameter reads: false for a client that never takes an answer.
    package init(port: Int, reads: Bool = true) async throws {
        let sink = Sink()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelOption(.socketOption(.so_rcvbuf), value: 8_192)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NoteHandler(sink))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        sink.client.withLock { $0 = self }
    }

    package func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Sends without waiting; what a closed socket does not take is lost.
    package func push(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Everything that came until the other side closed.
    package func untilClosed() async throws -> String {
        try await channel.closeFuture.get()
        return text
    }

    package var text: String { heard.withLock { String(decoding: $0, as: UTF8.self) } }
    package var isOpen: Bool { channel.isActive }

    package func close() { channel.close(promise: nil) }

    fileprivate func note(_ bytes: some Sequence<UInt8>) {
        heard.withLock { $0 += bytes }
    }
}

/// Holds what comes before the client is made.
private final class Sink: Sendable {
    let client = Mutex<RawClient?>(nil)
    private let early = Mutex<[UInt8]>([])

    func note(_ bytes: [UInt8]) {
        guard let client = client.withLock(\.self) else {
            return early.withLock { $0 += bytes }
        }
        client.note(
            early.withLock { early in
                defer { early = [] }
                return early
            })
        client.note(bytes)
    }

    func end() { client.withLock { $0 = nil } }
}

private final class NoteHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let sink: Sink

    init(_ sink: Sink) { self.sink = sink }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sink.note([UInt8](unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) {
        sink.note([])
        sink.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
