package import Connection
import Glibc
import Logging
import NIOCore
import NIOPosix
import Peering
import SansIO
import Synchronization

// Listening and dialling.
extension PeerHost {
    /// Binds the configured addresses and returns them with their ports and our peer id; a second
    /// call only returns them.
    package func listen() async throws(TransportError) -> [Multiaddress] {
        let isFirst = state.withLock { register in
            defer { register.isListening = true }
            return !register.isListening
        }
        guard isFirst else { return listenAddresses }
        for address in configuration.listenAddresses {
            guard let (host, port) = address.endpoint else { throw .notDialable(address) }
            do {
                let channel = try await serverBootstrap.bind(host: host, port: Int(port)).get()
                let bound = channel.localAddress.flatMap(Multiaddress.init(observed:)) ?? address
                let named = try bound.naming(localPeer)
                state.withLock { register in
                    register.listeners.append(channel)
                    register.boundAddresses.append(named)
                }
                logger.info("listening", metadata: ["address": "\(named)"])
            } catch {
                let refusal = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
                throw .cannotListen(address, reason: refusal ?? "\(error)")
            }
        }
        makeRecord()
        return listenAddresses
    }

    private var serverBootstrap: ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(TransportParameters.listenBacklog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: Self.waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    self.keep(channel)
                    try channel.pipeline.syncOperations.addHandler(
                        PeerChannelHandler(host: self, dial: nil))
                }
            }
    }

    private static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
        low: TransportParameters.lowWaterByteCount,
        high: TransportParameters.highWaterByteCount)

    /// One dial; returns when its connection has ended.
    func dial(_ id: DialID, _ address: Multiaddress) async -> DialOutcome {
        let record = DialRecord(id, expecting: address.peerID)
        guard let (host, port) = address.endpoint else { return record.outcome }
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(TimeAmount(TransportParameters.connectTimeout))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.writeBufferWaterMark, value: Self.waterMark)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        self.keep(channel)
                        try channel.pipeline.syncOperations.addHandler(
                            PeerChannelHandler(host: self, dial: record))
                    }
                }
                .connect(host: host, port: Int(port)).get()
            try await channel.closeFuture.get()
        } catch {
            logger.debug("cannot dial", metadata: ["address": "\(address)", "error": "\(error)"])
        }
        return record.outcome
    }
}
