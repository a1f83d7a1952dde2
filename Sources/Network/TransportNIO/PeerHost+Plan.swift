package import Connection
import Cryptography
import Foundation
import Logging
import NIOCore
package import Peering
import SansIO
import Synchronization

/// What the plan wants done, in tasks of the host.
enum Errand: Sendable {
    case dial(DialID, Multiaddress)
    case ask(PeerID)
}

// The shell of the dial plan: events in, effects performed.
extension PeerHost {
    func tell(_ event: PeeringEvent) {
        let now = Instant.now
        perform(state.withLock { $0.handle(event, at: now) })
    }

    /// Never in the register's lock.
    func perform(_ effects: [PeeringEffect]) {
        for effect in effects {
            switch effect {
            case .dial(let id, let address): errandsContinuation.yield(.dial(id, address))
            case .ask(let peer): errandsContinuation.yield(.ask(peer))
            case .answer(let ticket, let envelopes): answer(ticket, envelopes)
            case .disconnect(let peer, let reason): disconnect(peer, because: reason)
            case .unreachable(let peer): settleWaiters(for: peer, false)
            case .barred(let peer, let reason, let seconds, let detail):
                logger.warning(
                    "a peer is barred",
                    metadata: [
                        "peer": "\(peer)", "because": "\(reason.rawValue)", "detail": "\(detail)",
                        "seconds": "\(seconds)",
                    ])
            case .count(let drop, let peer): drops.count(drop, peer: peer)
            }
        }
    }

    func perform(_ errand: Errand) async {
        switch errand {
        case .dial(let id, let address):
            let outcome = await dial(id, address)
            if outcome.reason == .dialledSelf {
                logger.info("own address is not dialled again", metadata: ["at": "\(address)"])
            }
            tell(.dialEnded(id, outcome))
        case .ask(let peer):
            tell(.told(peer, await recordsTold(by: peer)))
        }
    }

    func meetDeadlines() async {
        while (try? await Task.sleep(for: TransportParameters.planResolution)) != nil {
            let due = state.withLock(\.planDeadline)
            if let due, due <= .now { tell(.deadline) }
        }
    }

    // MARK: The exchange

    /// Verified; nil where the peer does not answer, or not what was asked.
    private func recordsTold(by peer: PeerID) async -> [PeerRecord]? {
        let answer: [UInt8]
        do throws(RequestError) {
            answer = try await request(
                peer, protocolID: PeerExchange.protocolID, payload: [],
                limit: PeerExchange.maximumAnswerByteCount,
                timeout: PeeringParameters.askTimeout)
        } catch {
            return nil
        }
        do throws(ConnectionError) {
            var records: [PeerRecord] = []
            for envelope in try PeerExchange.decode(answer) {
                records.append(try PeerRecord(verifying: envelope))
            }
            return records
        } catch {
            drops.count(PeeringDrop.invalidPeerRecord, peer: peer)
            tell(.fault(peer, .peerRecord, detail: "\(error)"))
            return nil
        }
    }

    func answerPeers(_ peer: PeerID, _ responder: RequestResponder) {
        let now = Instant.now
        let effects = state.withLock { register in
            register.nextAsker += 1
            register.askers[register.nextAsker] = responder
            return register.handle(.asked(peer, ticket: register.nextAsker), at: now)
        }
        perform(effects)
    }

    private func answer(_ ticket: UInt64, _ envelopes: [[UInt8]]?) {
        guard let asker = state.withLock({ $0.askers.removeValue(forKey: ticket) }) else { return }
        guard let envelopes else { return asker.fail(.busy) }
        asker.succeed(PeerExchange.encode(envelopes))
    }

    // MARK: What the node finds out about peers

    /// `peer` is of this network.
    package func approve(_ peer: PeerID) { tell(.approved(peer)) }

    /// `peer` is of another one: it is left, and barred for a while.
    package func leaveForeign(_ peer: PeerID, because detail: String) {
        tell(.foreign(peer, detail: detail))
    }

    /// Counts a fault; the last one that it may have bars the peer for a while.
    package func countFault(_ kind: PeerFaultKind, of peer: PeerID, detail: String) {
        tell(.fault(peer, kind, detail: detail))
    }

    // MARK: Connecting on need

    /// True once `peer` is connected; false when none of its known addresses answers, none is
    /// known, or `limit` has passed.
    package func connect(to peer: PeerID, within limit: Duration) async -> Bool {
        let ticket = Ticket<Bool>()
        let answer = state.withLock { register -> Bool? in
            if register.links[peer] != nil { return true }
            let count = register.waiters.reduce(0) { $0 + $1.value.count }
            guard !register.isClosed, count < TransportParameters.maximumWaiters else {
                return false
            }
            register.waiters[peer, default: []].append(ticket)
            return nil
        }
        if let answer { return answer }
        let timer = group.any().scheduleTask(in: TimeAmount(limit)) { ticket.settle(false) }
        tell(.wanted(peer))
        let isConnected = await withTaskCancellationHandler {
            await ticket.wait()
        } onCancel: {
            ticket.settle(false)
        }
        timer.cancel()
        state.withLock { register in
            register.waiters[peer]?.removeAll { $0 === ticket }
            if register.waiters[peer]?.isEmpty == true { register.waiters[peer] = nil }
        }
        return isConnected
    }

    func settleWaiters(for peer: PeerID, _ isConnected: Bool) {
        let waiters = state.withLock { $0.waiters.removeValue(forKey: peer) } ?? []
        for waiter in waiters { waiter.settle(isConnected) }
    }

    // MARK: For the disk and for people

    package var overview: PeeringOverview {
        let now = Instant.now
        return state.withLock { $0.plan.overview(at: now) }
    }

    /// What is known of peers, to be kept; nil where nothing changed since `revision`.
    package func knowledge(since revision: Int) -> (bytes: [UInt8], revision: Int)? {
        let now = Instant.now
        return state.withLock { register in
            guard register.plan.revision != revision else { return nil }
            return (register.plan.encodedKnowledge(at: now), register.plan.revision)
        }
    }
}

// What peers are told about this node.
extension PeerHost {
    /// Where others can dial this node: what the configuration says, else where it listens.
    package var toldAddresses: [Multiaddress] { state.withLock { $0.toldAddresses } }

    /// Once the ports are bound: the addresses to tell, and our signed record of them.
    func makeRecord() {
        let told = addressesToTell()
        let now = Instant.now
        let sequence = state.withLock { $0.plan.nextRecordSequence(at: now) }
        let record = try? PeerRecord(
            of: localPeer, sequence: sequence, addresses: told, sign: signingKey.sign)
        state.withLock { register in
            register.toldAddresses = told
            register.signedRecord = told.isEmpty ? nil : record?.envelope
        }
        guard !configuration.listenAddresses.isEmpty else { return }
        if told.isEmpty {
            logger.warning("no address of this host can be told: others cannot dial this node")
        } else {
            logger.info(
                "peers are told", metadata: ["addresses": "\(told.map(\.description))"])
        }
    }

    /// At most as many as a record holds.
    private func addressesToTell() -> [Multiaddress] {
        let bound = state.withLock(\.boundAddresses)
        let advertised = configuration.advertisedAddresses
        let concrete =
            advertised.isEmpty
            ? bound.flatMap { $0.isWildcard ? interfaceAddresses(of: $0) : [$0] } : advertised
        let told = concrete.compactMap { try? $0.naming(localPeer) }
            .filter { $0.scope > .nowhere }
        return Array(told.prefix(ConnectionParameters.maximumPeerRecordAddresses))
    }

    /// A wildcard stands for every interface: those that others can reach, else the machine's own.
    private func interfaceAddresses(of wildcard: Multiaddress) -> [Multiaddress] {
        guard let port = wildcard.endpoint?.port, case .ip4 = wildcard.components.first else {
            return interfaceAddresses { $0.components.first.map(Self.isIPv6) ?? false }
                .compactMap { $0.with(port: wildcard.endpoint?.port ?? 0) }
        }
        return interfaceAddresses { !($0.components.first.map(Self.isIPv6) ?? true) }
            .compactMap { $0.with(port: port) }
    }

    private static func isIPv6(_ component: Multiaddress.Component) -> Bool {
        if case .ip6 = component { true } else { false }
    }

    private func interfaceAddresses(where isOfFamily: (Multiaddress) -> Bool) -> [Multiaddress] {
        let devices = (try? System.enumerateDevices()) ?? []
        let all = devices.compactMap { $0.address.flatMap(Multiaddress.init(observed:)) }
            .filter { isOfFamily($0) && $0.hostScope > .nowhere }
        let reachable = all.filter { $0.hostScope > .machine }
        return reachable.isEmpty ? all : reachable
    }
}

extension Multiaddress {
    fileprivate func with(port: UInt16) -> Multiaddress? {
        components.first.flatMap { try? Multiaddress([$0, .tcp(port)]) }
    }
}

extension UnixClock {
    /// The wall clock, read once.
    static var now: UnixClock {
        UnixClock(unixSeconds: UInt64(max(0, Date().timeIntervalSince1970)), at: Instant.now)
    }
}
