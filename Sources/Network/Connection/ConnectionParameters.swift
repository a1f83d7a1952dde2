/// Every limit of a connection. Sizes are in bytes; none depends on what the peer asks for.
package enum ConnectionParameters {
    // Text and addresses.
    package static let maximumMultiaddressComponents = 8
    package static let maximumMultiaddressByteCount = 512
    /// RFC 1035 section 2.3.4.
    package static let maximumHostNameByteCount = 253

    // multistream-select 1.0.
    /// go-multistream's limit for one message, its newline included.
    package static let maximumMultistreamMessageByteCount = 1_024
    package static let maximumProposals = 16

    // The handshake; Noise has its own limits in `NoiseParameters`.
    package static let handshakeTimeout = Duration.seconds(10)

    // Yamux (docs/protocol/network.md).
    package static let yamuxReceiveWindowByteCount = 256 * 1_024
    package static let maximumYamuxFrameOutByteCount = 16 * 1_024
    package static let maximumYamuxFrameInByteCount = 64 * 1_024
    /// Credit beyond this is forgotten: py-libp2p inflates its windows to megabytes.
    package static let maximumSendWindowByteCount: UInt64 = 1 << 30
    package static let maximumStreams = 256
    /// Bytes accepted from our own writers that the stream's credit does not carry yet.
    package static let streamSendBufferByteCount = 256 * 1_024
    /// Frames are made of stream data only while less than this waits for the socket.
    package static let outboundHighWaterByteCount = 128 * 1_024
    /// Answers that the peer provokes and does not read: beyond this the connection fails.
    package static let outboundHardLimitByteCount = 1 << 20
    package static let pingInterval = Duration.seconds(30)

    // Streams.
    package static let streamNegotiationTimeout = Duration.seconds(10)

    // Identify: the limits of go-libp2p's p2p/protocol/identify.
    package static let maximumIdentifyByteCount = 8 * 1_024
    package static let maximumIdentifyListEntries = 128
    package static let maximumProtocolIDByteCount = 256
    package static let maximumAgentByteCount = 256
    package static let identifyTimeout = Duration.seconds(5)

    // Peer records and their exchange.
    package static let maximumPeerRecordByteCount = 2 * 1_024
    package static let maximumPeerRecordEntries = 64
    package static let maximumPeerRecordAddresses = 8
    package static let maximumExchangedRecords = 32

    // Gossip frames (go-libp2p-pubsub DefaultMaxMessageSize).
    package static let maximumGossipFrameByteCount = 1 << 20
    /// Whole frames waiting for the peer; the next one is dropped and counted.
    package static let gossipQueueByteCount = 4 << 20
    package static let gossipReopenDelay = Duration.seconds(1)
    package static let maximumGossipReopenDelay = Duration.seconds(60)

    // Requests and responses.
    package static let maximumOutboundRequests = 64
    package static let maximumInboundRequests = 32
    package static let inboundRequestTimeout = Duration.seconds(30)
    /// How long our own application may take, and the peer to read what it was answered.
    package static let responseTimeout = Duration.seconds(120)
    package static let maximumResponseByteCount = 64 << 20
    /// Responses that a peer has asked for and not read yet, beyond a single one.
    package static let maximumWaitingResponseByteCount = 32 << 20
    package static let pingPayloadByteCount = 32
}
