import Connection
import Cryptography
import SansIO

/// A dialler that keeps to the rules up to a stage, and then sends what the test wants, to a whole
/// session of ours. Virtual time, no sockets.
struct RawDialer {
    /// What an attacker has got to.
    enum Stage: CaseIterable {
        case security
        case noise
        case muxer
        case open
    }

    static let gossipID = "/meshsub/1.1.0"
    static let requestID = "/grove/1/status"

    var session: PeerSession
    private(set) var effects: [PeerSession.Effect] = []
    var now = Instant.origin
    private var noise: NoiseChannel
    /// What the session has sent, opened as far as the attacker could.
    private(set) var plain: [UInt8] = []
    private var hasHeader = false

    init() throws {
        let settings = SessionSettings(
            gossipProtocols: [Self.gossipID],
            requestProtocols: [
                RequestProtocol(id: Self.requestID, maximumRequestByteCount: 256)
            ], listenAddresses: [], observedAddress: nil, agentVersion: "test")
        session = PeerSession(
            settings: settings,
            connection: try testMachine(2, isDialer: false, serving: settings.servedProtocols))
        noise = try NoiseChannel(
            role: .initiator, identity: testIdentity(1), ephemeralKey: testKeyPair(51),
            expectedIdentity: nil)
    }

    /// Behaves until `stage` is reached.
    init(at stage: Stage) throws {
        try self.init()
        if stage == .security { return }
        sendRaw(MultistreamSelect.message("/multistream/1.0.0"))
        sendRaw(MultistreamSelect.message("/noise"))
        if stage == .noise { return }
        sendRaw(noise.drainOutbound())
        sendRaw(noise.drainOutbound())
        if stage == .muxer { return }
        send(MultistreamSelect.message("/multistream/1.0.0"))
        send(MultistreamSelect.message("/yamux/1.0.0"))
    }

    var closed: ConnectionError? {
        for case .closed(let reason) in effects { return reason }
        return nil
    }

    var misbehaviour: [ConnectionError] {
        effects.compactMap { if case .misbehaved(let error) = $0 { error } else { nil } }
    }

    /// Bytes on the socket.
    mutating func sendRaw(_ bytes: [UInt8]) {
        effects += session.handle(.received(bytes), at: now)
        drain()
    }

    /// Bytes inside Noise.
    mutating func send(_ bytes: [UInt8]) {
        do { try noise.send(bytes[...]) } catch { return }
        sendRaw(noise.drainOutbound())
    }

    /// A stream with its negotiation and first bytes.
    mutating func openStream(_ id: UInt32, _ protocolID: String, _ bytes: [UInt8] = []) {
        let body =
            MultistreamSelect.message("/multistream/1.0.0")
            + MultistreamSelect.message(protocolID) + bytes
        send(YamuxHeader(.data, .syn, stream: id, length: UInt32(body.count)).bytes + body)
    }

    mutating func sendData(_ id: UInt32, _ bytes: [UInt8]) {
        send(YamuxHeader(.data, [], stream: id, length: UInt32(bytes.count)).bytes + bytes)
    }

    mutating func pass(to instant: Instant) {
        now = instant
        effects += session.handle(.deadline, at: now)
        drain()
    }

    /// Reads everything that the session has to say.
    private mutating func drain() {
        while true {
            let bytes = session.drainOutbound(maximumByteCount: 1 << 16)
            if bytes.isEmpty { return }
            effects += session.handle(.drained, at: now)
            read(bytes)
        }
    }

    private mutating func read(_ bytes: [UInt8]) {
        var rest = bytes[...]
        if !hasHeader {
            // Header and answer of the first negotiation are not sealed.
            let greeting = MultistreamSelect.message("/multistream/1.0.0")
            let answer = MultistreamSelect.message("/noise")
            if rest.starts(with: greeting) { rest = rest.dropFirst(greeting.count) }
            if rest.starts(with: answer) {
                rest = rest.dropFirst(answer.count)
                hasHeader = true
            }
        }
        guard hasHeader, !rest.isEmpty, let outputs = try? noise.receive(rest) else { return }
        for case .plaintext(let bytes) in outputs { plain += bytes }
    }
}
