import NIOCore
import NIOPosix
import Synchronization

/// A server that answers HTTP requests with whatever bytes a test wants, or not at all.
package final class ScriptedServer: Sendable {
    package enum Reply: Sendable {
        /// A whole answer.
        case answer(status: Int, [UInt8])
        /// These bytes as they are, then the end of the connection.
        case raw([UInt8])
        /// These bytes as they are, and then nothing, for ever.
        case silence(after: [UInt8])
        /// These bytes, again and again, until the other side has enough.
        case endless(head: [UInt8], [UInt8])
    }

    private let channel: any Channel
    package let port: Int
    private let counter: RequestCounter

    /// - Parameter script: from a request's first line, and how many came before it, to its reply.
    package init(
        _ script: @escaping @Sendable (_ request: String, _ number: Int) -> Reply
    ) async throws {
        let counter = RequestCounter()
        self.counter = counter
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ScriptHandler(script: script, counter: counter))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// Requests so far.
    package var requestCount: Int { counter.count }

    package func close() async throws { try await channel.close() }

    package static func head(status: Int, byteCount: Int) -> [UInt8] {
        Array("HTTP/1.1 \(status) A\r\ncontent-length: \(byteCount)\r\n\r\n".utf8)
    }
}

private final class RequestCounter: Sendable {
    private let value = Mutex(0)
    /// The count before this one.
    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
    var count: Int { value.withLock(\.self) }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: @Sendable (String, Int) -> ScriptedServer.Reply
    private let counter: RequestCounter
    private var received: [UInt8] = []
    private var piece: [UInt8]?
    private var hasReplied = false

    init(
        script: @escaping @Sendable (String, Int) -> ScriptedServer.Reply, counter: RequestCounter
    ) {
        self.script = script
        self.counter = counter
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        guard !hasReplied, let end = received.firstIndex(of: UInt8(ascii: "\r")) else { return }
        hasReplied = true
        let line = String(decoding: received[..<end], as: UTF8.self)
        switch script(line, counter.next()) {
        case .answer(let status, let body):
            write(ScriptedServer.head(status: status, byteCount: body.count) + body, context)
        case .raw(let bytes):
            write(bytes, context)
            context.close(promise: nil)
        case .silence(let bytes):
            write(bytes, context)
        case .endless(let head, let bytes):
            piece = bytes
            write(head, context)
            pour(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        pour(context)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func pour(_ context: ChannelHandlerContext) {
        guard let piece else { return }
        while context.channel.isActive, context.channel.isWritable { write(piece, context) }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
}
