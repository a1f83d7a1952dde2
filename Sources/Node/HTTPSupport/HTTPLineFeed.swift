import NIOCore
import NIOHTTP1

/// A `GET` whose answer goes on for ever, such as server-sent events: its lines as they come.
package struct HTTPLineFeed: Sendable {
    package enum Failure: Error {
        /// Anything but 200; the answer's beginning, as far as it came in one piece.
        case refused(status: UInt, body: [UInt8])
        case lineTooLong(limitByteCount: Int)
    }

    let host: String
    let port: Int
    let path: String
    let maximumLineByteCount: Int
    let maximumSilence: Duration

    /// - Parameter maximumSilence: after which the connection counts as lost.
    package init(
        host: String, port: Int, path: String, maximumLineByteCount: Int, maximumSilence: Duration
    ) {
        self.host = host
        self.port = port
        self.path = path
        self.maximumLineByteCount = maximumLineByteCount
        self.maximumSilence = maximumSilence
    }

    /// Returns when the server ends the answer or the connection is lost; throws what the network
    /// throws, or `Failure`, or what `take` throws.
    package func run(_ take: (String) async throws -> Void) async throws {
        let channel = try await connectForHTTP(
            host: host, port: port, closingAfter: maximumSilence)
        // The reader is this task's own: nothing here outlives it.
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(contentsOf: [.head(head), .end(nil)])
            var lines = LineSplitter(maximumByteCount: maximumLineByteCount)
            var status: UInt = 0
            for try await part in inbound {
                switch part {
                case .head(let head): status = head.status.code
                case .body(let buffer):
                    guard status == 200 else {
                        throw Failure.refused(status: status, body: Array(buffer.readableBytesView))
                    }
                    for line in try lines.add(buffer.readableBytesView) { try await take(line) }
                case .end:
                    guard status == 200 else { throw Failure.refused(status: status, body: []) }
                    return
                }
            }
        }
    }

    private var head: HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(name: "host", value: HTTPExchange.hostField(host, port))
        headers.add(name: "accept", value: "text/event-stream")
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
    }
}

/// Bytes as they come, cut at line feeds; a carriage return before one is dropped.
package struct LineSplitter: Sendable {
    private var rest: [UInt8] = []
    private let maximumByteCount: Int

    package init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    package mutating func add(
        _ bytes: some Sequence<UInt8>
    ) throws(HTTPLineFeed.Failure) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == 0x0A {
                if rest.last == 0x0D { rest.removeLast() }
                lines.append(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else {
                guard rest.count < maximumByteCount else {
                    throw .lineTooLong(limitByteCount: maximumByteCount)
                }
                rest.append(byte)
            }
        }
        return lines
    }
}
