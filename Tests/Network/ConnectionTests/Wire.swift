import Connection
import Cryptography
import SansIO

/// A node's identity made of one byte, for tests.
func testIdentity(_ name: UInt8) throws -> NoiseIdentity {
    let key = try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: name, count: 32)))
    return NoiseIdentity(signingKey: key, staticKey: try testKeyPair(name &+ 100))
}

func testKeyPair(_ name: UInt8) throws -> NoiseKeyPair {
    try NoiseKeyPair(secret: SecretBytes(copying: [UInt8](repeating: name, count: 32)))
}

func testMachine(
    _ name: UInt8, isDialer: Bool, expecting: PeerID? = nil, serving: [String] = []
) throws -> ConnectionMachine {
    try ConnectionMachine(
        isDialer: isDialer, identity: testIdentity(name), ephemeralKey: testKeyPair(name &+ 50),
        expecting: expecting, servedProtocols: serving, at: .origin)
}

/// Two machines and the bytes between them, which travel in random pieces.
final class Wire<Machine: StateMachine> {
    var left: Machine
    var right: Machine
    var now = Instant.origin
    private(set) var leftEffects: [Machine.Effect] = []
    private(set) var rightEffects: [Machine.Effect] = []
    private var generator: SeededGenerator
    private let drain: (inout Machine, Int) -> [UInt8]
    private let received: ([UInt8]) -> Machine.Event
    private let drained: Machine.Event
    /// Called for each effect, to answer at once.
    var onLeft: (Machine.Effect, inout Machine) -> Void = { _, _ in }
    var onRight: (Machine.Effect, inout Machine) -> Void = { _, _ in }

    init(
        _ left: Machine, _ right: Machine, seed: UInt64,
        drain: @escaping (inout Machine, Int) -> [UInt8],
        received: @escaping ([UInt8]) -> Machine.Event, drained: Machine.Event
    ) {
        self.left = left
        self.right = right
        generator = SeededGenerator(seed: seed)
        self.drain = drain
        self.received = received
        self.drained = drained
    }

    /// Carries bytes both ways until none move.
    func run() {
        while moveRight() || moveLeft() {}
    }

    private func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let longest = Bool.random(using: &generator) ? 7 : 9_000
            let piece = rest.prefix(Int.random(in: 1...longest, using: &generator))
            pieces.append([UInt8](piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    private func moveRight() -> Bool {
        let bytes = drain(&left, 40_000)
        takeLeft(left.handle(drained, at: now))
        for piece in pieces(bytes) { takeRight(right.handle(received(piece), at: now)) }
        return !bytes.isEmpty
    }

    private func moveLeft() -> Bool {
        let bytes = drain(&right, 40_000)
        takeRight(right.handle(drained, at: now))
        for piece in pieces(bytes) { takeLeft(left.handle(received(piece), at: now)) }
        return !bytes.isEmpty
    }

    func sendLeft(_ event: Machine.Event) { takeLeft(left.handle(event, at: now)) }
    func sendRight(_ event: Machine.Event) { takeRight(right.handle(event, at: now)) }

    private func takeLeft(_ effects: [Machine.Effect]) {
        leftEffects += effects
        for effect in effects { onLeft(effect, &left) }
    }

    private func takeRight(_ effects: [Machine.Effect]) {
        rightEffects += effects
        for effect in effects { onRight(effect, &right) }
    }

    func clear() {
        leftEffects = []
        rightEffects = []
    }
}

extension Wire where Machine == ConnectionMachine {
    convenience init(
        seed: UInt64, expecting: PeerID? = nil, rightName: UInt8 = 2, leftServes: [String] = [],
        rightServes: [String] = []
    ) throws {
        self.init(
            try testMachine(1, isDialer: true, expecting: expecting, serving: leftServes),
            try testMachine(rightName, isDialer: false, serving: rightServes), seed: seed,
            drain: { $0.drainOutbound(maximumByteCount: $1) }, received: { .received($0) },
            drained: .drained)
    }
}

extension Wire where Machine == PeerSession {
    convenience init(seed: UInt64, left: SessionSettings, right: SessionSettings) throws {
        self.init(
            PeerSession(
                settings: left,
                connection: try testMachine(1, isDialer: true, serving: left.servedProtocols)),
            PeerSession(
                settings: right,
                connection: try testMachine(2, isDialer: false, serving: right.servedProtocols)),
            seed: seed, drain: { $0.drainOutbound(maximumByteCount: $1) },
            received: { .received($0) }, drained: .drained)
    }
}
