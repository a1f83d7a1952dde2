package import HTTPSupport

/// The limits of a node's API and of its client.
package enum NodeAPIParameters {
    package static let maximumConnectionCount = 256
    /// Bytes of uploads in memory before they are payments.
    package static let maximumUploadByteCount = 4 << 20
    package static let maximumUploadDuration = Duration.seconds(10)
    package static let maximumUploadCount = 64
    /// The oldest reader of `/events` is cut off for a new one; fewer than a node takes watchers.
    package static let maximumEventReaderCount = 48
    package static let idleTimeout = Duration.seconds(60)
    package static let door = HTTPDoor.Limits(
        maximumWaiting: 64, headTimeout: .seconds(10), stallTimeout: .seconds(10))
    /// For open requests to end, once the server is told to stop.
    package static let maximumShutdownDuration = Duration.seconds(3)
    /// Events that a slow reader of `/events` has not taken yet; older ones are dropped.
    static let eventBufferCount = 4_096
    package static let defaultEndedSlotCount = 20
    package static let maximumEndedSlotCount = 256

    /// A whole exchange of the client.
    package static let requestTimeout = Duration.seconds(15)
    /// The tree of the largest block: about 300 bytes for each of 131,071 nodes.
    package static let maximumAnswerByteCount = 64 << 20
}
