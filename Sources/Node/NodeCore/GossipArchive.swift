internal import Gossip
internal import Messages
internal import Primitives
internal import SansIO

/// What a peer is told that subscribes late. Gossip says everything once, so that whoever was
/// restarted, or cut off, in the middle of a slot would otherwise never hear who has proven what,
/// nor of the payments that wait.
///
/// Only messages that passed every check. Bounds: `maximumArchivedProofMessages` of the open slot,
/// the newest `maximumArchivedPayments`.
struct GossipArchive: Sendable {
    private struct WaitingPayment: Sendable {
        let place: PaymentPlace
        let publication: GossipPublication
    }

    /// Of the open slot, in the order in which they were accepted: a commitment comes before its
    /// announcement.
    private var proofs: [GossipPublication] = []
    private var payments: [WaitingPayment] = []
    /// What a peer was told on its present connection: once, however often it subscribes.
    private var told: [GossipPeer: [Topic]] = [:]

    mutating func note(_ message: GossipMessage, _ publication: GossipPublication) {
        switch message {
        case .proofCommitment, .proofAnnouncement:
            guard proofs.count < NodeParameters.maximumArchivedProofMessages else { return }
            proofs.append(publication)
        case .payment(let payment):
            payments.append(
                WaitingPayment(place: PaymentPlace(of: payment), publication: publication))
            if payments.count > NodeParameters.maximumArchivedPayments { payments.removeFirst() }
        default:
            break
        }
    }

    mutating func endSlot() { proofs = [] }

    mutating func dropPayments(where isPast: (PaymentPlace) -> Bool) {
        payments.removeAll { isPast($0.place) }
    }

    /// The peer's connection is another one, or gone.
    mutating func forget(_ peer: GossipPeer) { told[peer] = nil }

    /// In the order in which `peer` should hear them; empty where it was told.
    mutating func publications(on topic: Topic, for peer: GossipPeer) -> [GossipPublication] {
        guard told[peer]?.contains(topic) != true else { return [] }
        told[peer, default: []].append(topic)
        return switch topic {
        case .proof: proofs
        case .payment: payments.map(\.publication)
        default: []
        }
    }
}

extension NodeMachine {
    /// A peer listens to a topic from now on.
    mutating func greet(_ peer: GossipPeer, on topicName: String, at now: Instant) -> [NodeEffect] {
        guard let topic = Topic(wireName: topicName, networkID: identity.networkID) else {
            return []
        }
        let publications = archive.publications(on: topic, for: peer)
        return publications.isEmpty ? [] : gossip(.tell(peer, publications), at: now)
    }
}
