internal import Cryptography
package import Gossip
package import NodeCore
package import Primitives
internal import SansIO
internal import VRF

/// A node machine with the keys and the memory that its shell would hold.
package struct SimulatedNode: Sendable {
    package internal(set) var machine: NodeMachine
    package let key: OperatorKey
    package let peer: GossipPeer
    package internal(set) var isDown = false
    let signer: SimulatedKey
    let vrf: SimulatedVRFKey
    /// The first statement of each duty, as the shell keeps it.
    var statements: [Duty: GossipEnvelope] = [:]
    var nonces = NonceCounter(lastSigned: 0)
    var scheduledDeadline: Instant?

    init(machine: NodeMachine, signer: SimulatedKey, vrf: SimulatedVRFKey) {
        self.machine = machine
        key = machine.identity.key
        peer = machine.identity.peer
        self.signer = signer
        self.vrf = vrf
    }

    mutating func start(at now: Instant) -> [NodeEffect] { machine.subscribe(at: now) }
}

/// A signing key that a value can hold: simulated keys guard nothing.
struct SimulatedKey: Sendable {
    private let seed: [UInt8]
    let publicKey: OperatorKey

    init(name: String, number: Int) throws {
        seed = taggedHash("simulated-key", .text(name), .integer(UInt64(number))).bytes
        publicKey = OperatorKey(try SigningKey(seed: SecretBytes(copying: seed)).publicKey)
    }

    func sign(_ message: [UInt8]) -> Signature {
        do {
            return try SigningKey(seed: SecretBytes(copying: seed)).sign(message)
        } catch {
            preconditionFailure("a seed of \(seed.count) bytes makes no key: \(error)")
        }
    }
}

struct SimulatedVRFKey: Sendable {
    private let seed: [UInt8]
    let publicKey: VRFPublicKey

    init(name: String, number: Int) throws {
        seed = taggedHash("simulated-vrf", .text(name), .integer(UInt64(number))).bytes
        publicKey = try VRFSecretKey(seed: SecretBytes(copying: seed)).publicKey
    }

    func prove(_ input: [UInt8]) -> VRFProof {
        do {
            return try VRFSecretKey(seed: SecretBytes(copying: seed)).prove(input).proof
        } catch {
            preconditionFailure("a seed of \(seed.count) bytes makes no key: \(error)")
        }
    }
}
