import Connection
import Cryptography
import Gossip
import Ledger
import Logging
import Messages
import NetworkFile
import NodeCore
import NodeProofs
import NodeRuntime
import Payments
import Peering
import Primitives
import ProverElection
import Synchronization
import TransportNIO

/// A prover with a genesis key that commits to, announces and serves what is no proof.
final class LyingProver: Sendable {
    /// What it does with a proof that it has announced.
    enum Lie: CaseIterable {
        /// Bytes of the announced hash that prove nothing.
        case garbage
        /// Other bytes than it announced.
        case otherBytes
        /// It says that it has none.
        case nothing
        /// Twice the bytes that it announced.
        case tooMuch
        /// It never answers.
        case stall
        /// A true proof, but of another leaf.
        case otherRange
        /// A true proof of the same payments in another slot's block.
        case otherBlock
        /// A true proof of this leaf in another prover's name.
        case otherProver
        /// A true proof with one bit changed.
        case damaged

        static let withoutProofs: [Lie] = [.garbage, .otherBytes, .nothing, .tooMuch]

        /// Whether the bytes are those that were announced, and prove something else or nothing.
        var isInvalidProof: Bool {
            switch self {
            case .garbage, .otherRange, .otherBlock, .otherProver, .damaged: true
            case .otherBytes, .nothing, .tooMuch, .stall: false
            }
        }

        /// What is counted against it.
        var faults: [String] {
            switch self {
            case .garbage, .otherRange, .otherBlock, .otherProver, .damaged:
                ["fault.invalidProof"]
            case .otherBytes: ["fault.wrongBytes"]
            case .stall: ["proofServerStalled"]
            case .nothing, .tooMuch: []
            }
        }
    }

    /// What true proofs are about.
    struct Block: Sendable {
        let header: BlockHeader
        let executed: ExecutedBlock
        /// Another prover of it.
        let honest: OperatorKey
    }

    let host: PeerHost
    private let network: SmallNetwork
    private let secrets: NodeSecrets
    private let served = Mutex<[Digest: [UInt8]?]>([:])
    private let stalled = Mutex<Set<Digest>>([])
    /// Who is never answered.
    private let waiting = Mutex<[RequestResponder]>([])

    init(_ network: SmallNetwork, member: Int, peers: [Multiaddress]) throws {
        self.network = network
        secrets = try SmallNetwork.secrets(member)
        let configuration = try network.configuration(member, settlementPort: 1, peers: peers)
        host = try RunningNode.makeHost(configuration, secrets: secrets)
    }

    var key: OperatorKey { secrets.key }

    /// Answers requests until cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.host.run() }
            group.addTask {
                while let event = await self.host.events.next() {
                    guard case .request(_, let id, let payload, let responder) = event else {
                        continue
                    }
                    self.answer(id, payload, responder)
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func answer(_ id: String, _ payload: [UInt8], _ responder: RequestResponder) {
        switch try? MessageCodec.decodeRequest(payload) {
        case .proof(let hash) where stalled.withLock({ $0.contains(hash) }):
            waiting.withLock { $0.append(responder) }
        case .proof(let hash):
            guard let bytes = served.withLock({ $0[hash] }) ?? nil else {
                return responder.fail(.notFound)
            }
            responder.succeed(MessageCodec.encode(PeerResponse.proof(bytes)))
        case .status(let status):
            responder.succeed(MessageCodec.encode(PeerResponse.status(status)))
        default:
            responder.fail(.refused)
        }
    }

    /// Lies about `range` to `listener`.
    ///
    /// - Parameter block: where lies with true proofs are told.
    func lie(
        _ lies: [Lie], about range: LeafRange, of slot: Slot, in block: Block? = nil,
        to listener: PeerID
    ) throws {
        for (number, lie) in lies.enumerated() {
            // As long as a proof: another length would give it away unasked.
            let byteCount = network.circuits.verifier.byteCount(leafCount: range.count)
            let name = Array("\(slot)/\(range)/\(number)".utf8)
            let plain = name + [UInt8](repeating: 0, count: byteCount - name.count)
            let announced = try block.flatMap { try trueProof(for: lie, range, in: $0) } ?? plain
            let hash = SHA256.hash(announced)
            let bytes: [UInt8]? =
                switch lie {
                case .otherBytes: Array(announced.reversed())
                case .nothing, .stall: nil
                case .tooMuch: announced + [UInt8](repeating: 1, count: 1 << 20)
                default: announced
                }
            served.withLock { $0[hash] = .some(bytes) }
            if lie == .stall { _ = stalled.withLock { $0.insert(hash) } }
            let commitment = ProofCommitment(
                slot: slot, range: range,
                commitment: ProofCommitment.commitment(proofHash: hash, prover: key))
            let announcement = ProofAnnouncement(
                slot: slot, range: range, proofHash: hash, byteCount: UInt64(announced.count),
                server: host.localPeer.bytes)
            say(.proofCommitment(commitment), to: listener)
            say(.proofAnnouncement(announcement), to: listener)
        }
    }

    /// Nil for lies without one.
    private func trueProof(
        for lie: Lie, _ range: LeafRange, in block: Block
    ) throws -> [UInt8]? {
        let own = network.core(as: key)
        let leaf = block.executed.leaves[range.first]
        let header = block.header
        switch lie {
        case .otherRange:
            let other = block.executed.leaves[range.first == 0 ? 1 : 0]
            return try own.proveLeaf(other, of: header, control: .unattended)
        case .otherBlock:
            let other = block.executed.header(
                slot: header.slot.advanced(by: 1), round: 0, parent: header.parent,
                bodyHash: header.bodyHash)
            return try own.proveLeaf(leaf, of: other, control: .unattended)
        case .otherProver:
            return try network.core(as: block.honest).proveLeaf(
                leaf, of: header, control: .unattended)
        case .damaged:
            var proof = try own.proveLeaf(leaf, of: header, control: .unattended)
            proof[proof.count / 2] ^= 1
            return proof
        case .garbage, .otherBytes, .nothing, .tooMuch, .stall:
            return nil
        }
    }

    private func say(_ message: GossipMessage, to listener: PeerID) {
        let networkID = network.description.networkID
        let envelope = MessageCodec.envelope(message, networkID: networkID, key: key) {
            self.secrets.sign($0)
        }
        var rpc = GossipRPC()
        rpc.publications = [
            GossipPublication(
                topic: message.topic.wireName(networkID: networkID),
                data: MessageCodec.encode(envelope))
        ]
        host.sendGossip(rpc.encoded(), to: listener)
    }
}
