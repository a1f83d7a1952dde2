package import HTTPSupport

/// The limits of a node's API and of its client.
package enum NodeAPIParameters {
    static let service = HTTPService.Limits(
        maximumConnectionCount: 256, idleTimeout: .seconds(60), maximumShutdownDuration: .seconds(3)
    )
    /// Bytes of uploads in memory before they are payments.
    package static let maximumUploadByteCount = 4 << 20
    package static let maximumUploadDuration = Duration.seconds(10)
    /// A signed order, to leave or to send, has about 300 bytes.
    package static let maximumOrderByteCount = 1_024
    package static let maximumUploadCount = 64
    /// The oldest reader of `/events` is cut off for a new one; fewer than a node takes watchers.
    package static let maximumEventReaderCount = 48
    package static let door = HTTPDoor.Limits(
        maximumWaiting: 64, headTimeout: .seconds(10), stallTimeout: .seconds(10))
    /// Events that a slow reader of `/events` has not taken yet; older ones are dropped.
    static let eventBufferCount = 4_096
    /// A comment between events, so that either side notices a lost connection.
    static let eventHeartbeat = Duration.seconds(10)
    static let maximumEventSilence = Duration.seconds(30)
    /// A final block that pays 4,096 keys.
    static let maximumEventByteCount = 1 << 20
    /// Names that libraries may count under, and sets of labels of each.
    package static let maximumMetricFamilies = 128
    package static let maximumMetricLabelSets = 64
    package static let defaultEndedSlotCount = 20
    package static let maximumEndedSlotCount = 256

    /// A whole exchange of the client.
    package static let requestTimeout = Duration.seconds(15)
    /// The tree of the largest block: about 300 bytes for each of 131,071 nodes.
    package static let maximumAnswerByteCount = 64 << 20
}
