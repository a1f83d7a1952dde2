import SansIO

/// The first byte of a response.
package enum ResponseStatus: UInt8, Hashable, Sendable, CaseIterable {
    case ok = 0
    /// Not held here; ask another peer.
    case notFound = 1
    /// Ask again later.
    case busy = 2
    /// The request is malformed, or not for this peer to make.
    case refused = 3
    /// This side failed.
    case failed = 4
}

/// A request to the peer of a session.
package struct OutboundRequest: Hashable, Sendable {
    /// Chosen by the caller, unique in the session.
    package let id: UInt64
    package let protocolID: String
    package let payload: [UInt8]
    package let maximumResponseByteCount: Int
    package let timeout: Duration

    package init(
        id: UInt64, protocolID: String, payload: [UInt8], maximumResponseByteCount: Int,
        timeout: Duration
    ) {
        self.id = id
        self.protocolID = protocolID
        self.payload = payload
        self.maximumResponseByteCount = min(
            maximumResponseByteCount, ConnectionParameters.maximumResponseByteCount)
        self.timeout = timeout
    }
}

/// Why a request was not answered. Only `malformedResponse` and `responseTooLong` are the peer's
/// fault.
package enum RequestError: Error, Hashable, Sendable {
    case notConnected
    case tooManyRequests(limit: Int)
    case notServed
    case timeout
    case reset
    case disconnected
    case cancelled
    case malformedResponse
    case responseTooLong(limit: Int, found: UInt64)
    /// The peer answered, but not `ok`.
    case status(ResponseStatus)
}

/// Bytes on their way into a stream, which is finished behind them.
struct OutgoingBody: Sendable {
    var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }
}

/// A request of ours that waits for its response.
struct PendingRequest: Sendable {
    let id: UInt64
    let stream: UInt32
    let deadline: Instant
    let maximumByteCount: Int
    var status: ResponseStatus?
    /// Of the body, once known.
    var expectedByteCount: Int?
    /// Status and length before they are complete; then the body.
    var bytes: [UInt8] = []
}

/// A request of the peer.
struct ServedRequest: Sendable {
    let stream: UInt32
    let protocolID: String
    /// For the rest of the request, then for our answer to be read.
    var deadline: Instant
    var isHandedOn = false
}
