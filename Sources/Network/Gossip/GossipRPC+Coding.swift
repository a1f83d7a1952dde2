internal import FoundationEssentials
internal import Messages
internal import SwiftProtobuf

/// Why an RPC is refused; reject in both cases.
package enum GossipRPCError: Error, Hashable, Sendable {
    case malformed
    case tooLarge
}

extension GossipRPC {
    package init(
        decoding bytes: [UInt8], limits: GossipLimits
    ) throws(GossipRPCError) {
        guard bytes.count <= limits.rpcByteCount else { throw .tooLarge }
        do {
            try WireShape.check(bytes, Self.fieldLimits(limits))
        } catch {
            guard case .tooMany = error else { throw .malformed }
            throw .tooLarge
        }
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = 4
        options.discardUnknownFields = true
        let wire: Gossipsub_RPC
        do {
            wire = try Gossipsub_RPC(serializedBytes: bytes, options: options)
        } catch {
            throw .malformed
        }
        try self.init(wire: wire, limits: limits)
    }

    package func encoded() -> [UInt8] {
        var rpc = Gossipsub_RPC()
        rpc.subscriptions = subscriptions.map {
            var option = Gossipsub_SubscriptionOption()
            option.subscribe = $0.isSubscribing
            option.topicID = Data($0.topic.utf8)
            return option
        }
        rpc.publish = publications.map(Self.wire)
        if hasControl { rpc.control = wireControl }
        return Self.serialised(rpc)
    }

    private init(wire: Gossipsub_RPC, limits: GossipLimits) throws(GossipRPCError) {
        for option in wire.subscriptions {
            let topic = try Self.topic(option.topicID, limits)
            subscriptions.append(Subscription(topic: topic, isSubscribing: option.subscribe))
        }
        for message in wire.publish {
            publications.append(
                GossipPublication(
                    topic: try Self.topic(message.topic, limits), data: [UInt8](message.data),
                    from: [UInt8](message.from), sequenceNumber: [UInt8](message.seqno),
                    signature: [UInt8](message.signature), key: [UInt8](message.key)))
        }
        for ihave in wire.control.ihave {
            announcements.append(
                Announcement(
                    topic: try Self.topic(ihave.topicID, limits),
                    ids: try Self.ids(ihave.messageIds, limits)))
        }
        for iwant in wire.control.iwant { wanted += try Self.ids(iwant.messageIds, limits) }
        for graft in wire.control.graft { grafts.append(try Self.topic(graft.topicID, limits)) }
        for prune in wire.control.prune {
            prunes.append(
                Prune(
                    topic: try Self.topic(prune.topicID, limits), backoffSeconds: prune.backoff,
                    offeredPeerCount: prune.peers.count))
        }
        for item in wire.control.idontwant { unwanted += try Self.ids(item.messageIds, limits) }
    }

    /// Counted over the whole RPC.
    private static func fieldLimits(_ limits: GossipLimits) -> [FieldLimit] {
        let ids = 2 * limits.announcedIDsPerHeartbeat
        let topics = 2 * limits.topicsPerPeer
        return [
            FieldLimit("subscriptions", field: 1, atMost: topics),
            FieldLimit("publish", field: 2, atMost: ids),
            FieldLimit(
                "control", field: 3, atMost: 1,
                nested: [
                    FieldLimit(
                        "ihave", field: 1, atMost: topics,
                        nested: [FieldLimit("ids", field: 2, atMost: ids)]),
                    FieldLimit(
                        "iwant", field: 2, atMost: topics,
                        nested: [FieldLimit("ids", field: 1, atMost: ids)]),
                    FieldLimit("graft", field: 3, atMost: topics),
                    FieldLimit(
                        "prune", field: 4, atMost: topics,
                        nested: [FieldLimit("peers", field: 2, atMost: 16 * topics)]),
                    FieldLimit(
                        "idontwant", field: 5, atMost: ids,
                        nested: [FieldLimit("ids", field: 1, atMost: ids)]),
                ]),
        ]
    }

    private static func topic(
        _ data: Data, _ limits: GossipLimits
    ) throws(GossipRPCError) -> String {
        guard data.count <= limits.topicByteCount else { throw .tooLarge }
        guard let topic = String(validating: data, as: UTF8.self) else { throw .malformed }
        return topic
    }

    private static func ids(
        _ all: [Data], _ limits: GossipLimits
    ) throws(GossipRPCError) -> [GossipMessageID] {
        guard all.allSatisfy({ $0.count <= limits.messageIDByteCount }) else { throw .tooLarge }
        return all.map { GossipMessageID(bytes: [UInt8]($0)) }
    }
}

extension GossipRPC {
    /// What a StrictSign signature covers: the prefix and the message's fields 1 to 4.
    package static func signedBytes(of publication: GossipPublication) -> [UInt8] {
        var unsigned = publication
        unsigned.signature = []
        unsigned.key = []
        return Array("libp2p-pubsub:".utf8) + serialised(wire(unsigned))
    }

    private static func wire(_ publication: GossipPublication) -> Gossipsub_PublishedMessage {
        var message = Gossipsub_PublishedMessage()
        message.from = Data(publication.from)
        message.data = Data(publication.data)
        message.seqno = Data(publication.sequenceNumber)
        message.topic = Data(publication.topic.utf8)
        message.signature = Data(publication.signature)
        message.key = Data(publication.key)
        return message
    }

    private var wireControl: Gossipsub_ControlMessage {
        var control = Gossipsub_ControlMessage()
        control.ihave = announcements.map {
            var ihave = Gossipsub_ControlIHave()
            ihave.topicID = Data($0.topic.utf8)
            ihave.messageIds = $0.ids.map { Data($0.bytes) }
            return ihave
        }
        if !wanted.isEmpty {
            var iwant = Gossipsub_ControlIWant()
            iwant.messageIds = wanted.map { Data($0.bytes) }
            control.iwant = [iwant]
        }
        control.graft = grafts.map {
            var graft = Gossipsub_ControlGraft()
            graft.topicID = Data($0.utf8)
            return graft
        }
        control.prune = prunes.map {
            var prune = Gossipsub_ControlPrune()
            prune.topicID = Data($0.topic.utf8)
            prune.backoff = $0.backoffSeconds
            return prune
        }
        if !unwanted.isEmpty {
            var item = Gossipsub_ControlIDontWant()
            item.messageIds = unwanted.map { Data($0.bytes) }
            control.idontwant = [item]
        }
        return control
    }

    private static func serialised(_ wire: some Message) -> [UInt8] {
        do {
            return try wire.serializedBytes()
        } catch {
            // Only a required field, an Any or two gigabytes can fail; the schema has none.
            preconditionFailure("an RPC of ours does not serialise: \(error)")
        }
    }
}
