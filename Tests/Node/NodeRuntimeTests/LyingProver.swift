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
    }

    let host: PeerHost
    private let network: SmallNetwork
    private let secrets: NodeSecrets
    private let served = Mutex<[Digest: [UInt8]?]>([:])

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

    /// Lies in every way about `range` to `listener`.
    func lie(about range: LeafRange, of slot: Slot, to listener: PeerID) {
        for (number, lie) in Lie.allCases.enumerated() {
            // As long as a proof: another length would give it away unasked.
            let byteCount = network.circuits.verifier.byteCount(leafCount: range.count)
            let name = Array("\(slot)/\(range)/\(number)".utf8)
            let announced = name + [UInt8](repeating: 0, count: byteCount - name.count)
            let hash = SHA256.hash(announced)
            let bytes: [UInt8]? =
                switch lie {
                case .garbage: announced
                case .otherBytes: Array(announced.reversed())
                case .nothing: nil
                case .tooMuch: announced + [UInt8](repeating: 1, count: 1 << 20)
                }
            served.withLock { $0[hash] = .some(bytes) }
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
