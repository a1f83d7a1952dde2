import Connection
import Logging
import NIOCore
import Peering
import SansIO

/// Drives one `PeerSession` with a socket: bytes, deadlines and the node's wishes in, effects out.
/// It lives on its channel's event loop and decides nothing.
final class PeerChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let host: PeerHost
    private let dial: DialRecord?
    private var session: PeerSession?
    private var context: ChannelHandlerContext?
    private(set) var link: PeerLink?
    private var peer: PeerID?
    private var address = ""
    private var admission: Admission?
    private var timer: (task: Scheduled<Void>, due: Instant)?
    private var tickets: [UInt64: Ticket<Result<[UInt8], RequestError>>] = [:]
    private var isEnding = false

    /// `dial` is nil for an accepted socket.
    init(host: PeerHost, dial: DialRecord?) {
        self.host = host
        self.dial = dial
    }

    // MARK: The channel

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        address = context.remoteAddress.flatMap(Self.host(of:)) ?? "unknown"
        admission = host.admit(context.channel, of: address, isDialer: dial != nil)
        guard admission != nil else {
            isEnding = true
            dial?.end(.closedHere)
            context.close(promise: nil)
            return
        }
        link = PeerLink(
            self, channel: context.channel, isDialer: dial != nil, openedAt: .now)
        do {
            session = try host.makeSession(
                expecting: dial?.expecting, isDialer: dial != nil,
                observed: context.remoteAddress.flatMap(Multiaddress.init(observed:)))
        } catch {
            host.logger.error("no session", metadata: ["error": "\(error)"])
            context.close(promise: nil)
        }
        pump()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        step(.received([UInt8](buffer.readableBytesView)))
    }

    func channelReadComplete(context: ChannelHandlerContext) { pump() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { pump() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if link != nil { step(.disconnected) }
        if let admission { host.release(admission) }
        admission = nil
        timer?.task.cancel()
        timer = nil
        dial?.end(.disconnected)
        session = nil
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        host.logger.debug("socket error", metadata: ["error": "\(error)", "address": "\(address)"])
        context.close(promise: nil)
    }

    // MARK: The node's wishes

    func handle(_ event: PeerSession.Event) { handle([event]) }

    func handle(_ events: [PeerSession.Event]) {
        for event in events { step(event) }
        pump()
    }

    func start(
        _ request: OutboundRequest, _ ticket: Ticket<Result<[UInt8], RequestError>>
    ) {
        guard session != nil, !isEnding else { return ticket.settle(.failure(.disconnected)) }
        guard !ticket.isSettled else { return }
        tickets[request.id] = ticket
        handle(.sendRequest(request))
    }

    func cancel(_ id: UInt64) {
        guard tickets.removeValue(forKey: id) != nil else { return }
        handle(.cancelRequest(id))
    }

    // MARK: The session

    private func step(_ event: PeerSession.Event) {
        guard let effects = session?.handle(event, at: .now) else { return }
        for effect in effects { perform(effect) }
    }

    /// Writes while the socket takes it, then sets the timer.
    private func pump() {
        guard let context else { return }
        var wrote = false
        while context.channel.isWritable || isEnding {
            guard
                let bytes = session?.drainOutbound(
                    maximumByteCount: TransportParameters.writeByteCount), !bytes.isEmpty
            else { break }
            context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            wrote = true
            step(.drained)
        }
        if wrote { context.flush() }
        if isEnding {
            context.close(promise: nil)
        } else {
            setTimer(context)
        }
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        guard let due = session?.nextDeadline else { return }
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(
            deadline: .uptimeNanoseconds(due.nanosecondsSinceOrigin)
        ) {
            bound.value.timer = nil
            bound.value.handle(.deadline)
        }
        timer = (task, due)
    }

    private func perform(_ effect: PeerSession.Effect) {
        switch effect {
        case .connected(let peer): connected(peer)
        case .responded(let id, let outcome):
            tickets.removeValue(forKey: id)?.settle(outcome)
        case .dropped(let reason, _): host.drops.count(reason, peer: peer)
        case .closed(let reason): closed(reason)
        case .requested(let stream, let protocolID, let payload):
            guard let peer, let link else { return }
            let responder = RequestResponder(link: link, stream: stream)
            if protocolID == PeerExchange.protocolID {
                return host.answerPeers(peer, responder)
            }
            let event = HostEvent.request(
                from: peer, protocolID: protocolID, payload: payload, responder)
            if !deliver(event) { responder.fail(.busy) }
        case .identified(let message): identified(message)
        case .gossipOpened(let id):
            let isOutbound = dial != nil
            deliver { .gossipOpened($0, protocolID: id, isOutbound: isOutbound) }
        case .gossipLost: deliver { .gossipLost($0) }
        case .gossip(let bytes): deliver { .gossip(from: $0, rpcBytes: bytes) }
        case .misbehaved(let error): deliver { .misbehaved($0, error) }
        }
    }

    private func connected(_ peer: PeerID) {
        guard let link else { return }
        self.peer = peer
        dial?.connected(peer)
        if let refusal = host.register(link, of: peer, at: address, dial: dial?.id) {
            step(.close(refusal))
        } else {
            host.logger.info(
                "connected", metadata: ["peer": "\(peer.shortName)", "address": "\(address)"])
        }
    }

    /// The IP address; a socket for both families shows IPv4 ones as IPv6.
    private static func host(of address: SocketAddress) -> String? {
        guard let text = address.ipAddress else { return nil }
        let mapped = text.lowercased().hasPrefix("::ffff:") && text.contains(".")
        return mapped ? String(text.dropFirst("::ffff:".count)) : text
    }

    private func identified(_ message: IdentifyMessage) {
        guard let peer, let link, host.isRegistered(link, of: peer) else { return }
        host.tell(
            .identified(
                peer, agentVersion: message.agentVersion,
                signedPeerRecord: message.signedPeerRecord))
        deliver { .identified($0, message) }
    }

    private func closed(_ reason: ConnectionError) {
        isEnding = true
        dial?.end(reason)
        for (_, ticket) in tickets { ticket.settle(.failure(.disconnected)) }
        tickets = [:]
        if let peer, let link { host.unregister(link, of: peer) }
        host.logger.debug(
            "connection closed",
            metadata: [
                "reason": "\(reason)", "peer": "\(peer?.shortName ?? "unproved")",
                "address": "\(address)",
            ])
    }

    private func deliver(_ event: (PeerID) -> HostEvent) {
        guard let peer else { return }
        deliver(event(peer))
    }

    /// Only the connection that counts for its peer is heard.
    @discardableResult
    private func deliver(_ event: HostEvent) -> Bool {
        guard let peer, let link, host.isRegistered(link, of: peer) else { return false }
        return host.offer(event, from: peer)
    }
}

extension Instant {
    /// NIO's monotonic clock.
    static var now: Instant {
        Instant(nanosecondsSinceOrigin: NIODeadline.now().uptimeNanoseconds)
    }
}

extension Multiaddress {
    init?(observed address: SocketAddress) {
        guard let host = address.ipAddress, let port = address.port else { return nil }
        let family = host.contains(":") ? "ip6" : "ip4"
        guard let parsed = try? Multiaddress("/\(family)/\(host)/tcp/\(port)") else { return nil }
        self = parsed
    }
}
