package import Cryptography
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
    /// One more with each crash: what was on its way to the one before is lost.
    var incarnation = 0
    let signer: SimulatedKey
    let vrf: SimulatedVRFKey
    package internal(set) var disk = SimulatedDisk()
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

/// What a node's shell writes down before it says so: all that a crash leaves.
package struct SimulatedDisk: Sendable {
    package struct Place: Hashable, Sendable {
        package let block: Digest
        package let range: LeafRange
    }

    /// The first statement of each duty, in the order of signing.
    package internal(set) var statements: [(duty: Duty, envelope: GossipEnvelope)] = []
    package internal(set) var transactions: [(duty: Duty, transaction: LedgerTransaction)] = []
    var blocks: [Slot: BuiltBlock] = [:]
    /// Finished proofs, and how often each was made.
    var proofs: [Place: ProvenProof] = [:]
    /// Of proofs that were finished, in the order of their making.
    package internal(set) var made: [Place] = []

    func statement(of duty: Duty) -> GossipEnvelope? {
        statements.first { $0.duty == duty }?.envelope
    }

    func transaction(of duty: Duty) -> LedgerTransaction? {
        transactions.first { $0.duty == duty }?.transaction
    }
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
