internal import Messages
package import Primitives

extension GossipRouter {
    /// The id rule of Grove's own topics: the id of the envelope that the data is, nil where it is
    /// none or belongs to another network or topic.
    package static func groveIdentify(networkID: NetworkID) -> Identify {
        { publication in
            guard let envelope = try? MessageCodec.decodeEnvelope(publication.data),
                envelope.networkID == networkID,
                envelope.topic.wireName(networkID: networkID) == publication.topic
            else { return nil }
            return GossipMessageID(bytes: envelope.messageID)
        }
    }
}
