import Foundation
import NIOCore
package import NIOHTTP1
import NIOPosix

/// A request and its answer over a connection of its own.
package struct HTTPExchange: Sendable {
    package struct Answer: Sendable {
        package let status: UInt
        package let body: [UInt8]
    }

    package enum Failure: Error {
        case answerTooLong(limitByteCount: Int)
        case connectionClosed
    }

    let host: String
    let port: Int
    let method: HTTPMethod
    let path: String
    let body: [UInt8]
    let maximumAnswerByteCount: Int

    /// - Parameters:
    ///   - path: with the query.
    ///   - body: protobuf, sent by `POST` alone.
    package init(
        host: String, port: Int, method: HTTPMethod, path: String, body: [UInt8],
        maximumAnswerByteCount: Int
    ) {
        self.host = host
        self.port = port
        self.method = method
        self.path = path
        self.body = body
        self.maximumAnswerByteCount = maximumAnswerByteCount
    }

    /// Throws what the network throws, or `Failure`.
    package func run() async throws -> Answer {
        let channel = try await connectForHTTP(host: host, port: port)
        return try await channel.executeThenClose { inbound, outbound in
            do {
                try await outbound.write(contentsOf: request)
            } catch {
                // Who refuses a long body answers, and closes, before all of it is there.
                guard let answer = try? await read(inbound) else { throw error }
                return answer
            }
            return try await read(inbound)
        }
    }

    /// Written in one go: a server that has heard the head of a request without a body answers, and
    /// closes, at once, and what is written after that fails.
    private var request: [HTTPClientRequestPart] {
        let content = body.isEmpty ? [] : [ByteBuffer(bytes: body)]
        return [.head(head)] + content.map { .body(.byteBuffer($0)) } + [.end(nil)]
    }

    /// An IPv6 address stands in brackets.
    static func hostField(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private var head: HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(name: "host", value: Self.hostField(host, port))
        headers.add(name: "connection", value: "close")
        if method == .POST {
            headers.add(name: "content-type", value: "application/x-protobuf")
            headers.add(name: "content-length", value: String(body.count))
        }
        return HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers)
    }

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> Answer {
        var status: UInt?
        var body: [UInt8] = []
        for try await part in inbound {
            switch part {
            case .head(let head): status = head.status.code
            case .body(let buffer):
                guard body.count + buffer.readableBytes <= maximumAnswerByteCount else {
                    throw Failure.answerTooLong(limitByteCount: maximumAnswerByteCount)
                }
                body += buffer.readableBytesView
            case .end:
                guard let status else { throw Failure.connectionClosed }
                return Answer(status: status, body: body)
            }
        }
        throw Failure.connectionClosed
    }
}

extension HTTPExchange {
    /// For people: the system's words where the system refused.
    package static func words(for error: any Error) -> String {
        let causes = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? []
        let cause = causes.first ?? error
        return switch cause {
        case let refusal as IOError: String(cString: strerror(refusal.errnoCode))
        case let unknown as SocketAddressError.UnknownHost: "no host has the name \(unknown.host)"
        case Failure.answerTooLong(let limit): "its answer is longer than \(limit) bytes"
        case Failure.connectionClosed, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed,
            ChannelError.inputClosed, ChannelError.outputClosed, ChannelError.eof:
            "it closed the connection before it answered"
        case ChannelError.connectTimeout(let limit):
            "no connection within \(limit.nanoseconds / 1_000_000_000) seconds"
        default: "\(cause)"
        }
    }
}
