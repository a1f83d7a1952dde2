import HTTPSupport
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

/// A server that answers, and closes, as soon as anything has come.
struct HastyServerTests {
    private final class Haste: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            context.writeAndFlush(NIOAny(answer), promise: nil)
            context.close(promise: nil)
        }
    }

    @Test func `a server that closes with its answer has answered, every time`() async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Haste())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        for _ in 0..<1_000 {
            let exchange = HTTPExchange(
                host: "127.0.0.1", port: port, method: .GET, path: "/", body: [],
                maximumAnswerByteCount: 10)
            let answer = try await exchange.run()
            #expect(answer.status == 200 && answer.body == Array("ok".utf8))
        }
        try await server.close()
    }
}
