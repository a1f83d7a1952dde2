import HTTPSupport
import NIOCore
import NIOHTTP1
import Testing

struct HTTPWordsTests {
    @Test(arguments: [
        (HTTPExchange.Failure.connectionClosed as any Error, "closed the connection"),
        (HTTPExchange.Failure.answerTooLong(limitByteCount: 5), "longer than 5 bytes"),
        (ChannelError.ioOnClosedChannel, "closed the connection"),
        (ChannelError.eof, "closed the connection"),
        (ChannelError.connectTimeout(.seconds(5)), "no connection within 5 seconds"),
        (IOError(errnoCode: 111, reason: "connect"), "Connection refused"),
    ])
    func `a failed exchange is told without the names of its machinery`(
        error: any Error, words: String
    ) {
        let told = HTTPExchange.words(for: error)
        #expect(told.contains(words))
        #expect(!told.contains("hannel"))
    }

    @Test func `of several attempts to connect the first one's reason is told`() async {
        // A port that nobody can listen on.
        let exchange = HTTPExchange(
            host: "127.0.0.1", port: 1, method: .GET, path: "/", body: [],
            maximumAnswerByteCount: 10)
        let error = await #expect(throws: (any Error).self) { _ = try await exchange.run() }
        #expect(error.map { HTTPExchange.words(for: $0) } == "Connection refused")
    }
}
