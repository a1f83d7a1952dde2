internal import Messages

// The wire of gossipsub 1.0 to 1.2 (libp2p/specs pubsub/gossipsub), written by hand: this is the
// path of every message, and an RPC of 1 MiB must not become half a million objects before its
// elements are counted. Field numbers:
//
//     RPC             subscriptions 1, publish 2, control 3
//     SubOpts         subscribe 1, topicid 2
//     Message         from 1, data 2, seqno 3, topic 4, signature 5, key 6
//     ControlMessage  ihave 1, iwant 2, graft 3, prune 4, idontwant 5
//     ControlIHave    topicID 1, messageIDs 2        ControlIWant      messageIDs 1
//     ControlGraft    topicID 1                      ControlIDontWant  messageIDs 1
//     ControlPrune    topicID 1, peers 2, backoff 3
//
// Identifiers are bytes, whatever the specification's schema says. Unknown fields are skipped:
// py-libp2p puts a signed record into field 4 of every RPC.

/// Why an RPC is refused; reject in both cases.
package enum GossipRPCError: Error, Hashable, Sendable {
    case malformed
    case tooLarge
}

extension GossipRPC {
    /// Allocates at most a small multiple of `bytes`.
    package init(decoding bytes: [UInt8], limits: GossipLimits) throws(GossipRPCError) {
        guard bytes.count <= limits.rpcByteCount else { throw .tooLarge }
        self.init()
        var decoder = GossipRPCDecoder(limits: limits)
        var reader = WireReader(bytes[...])
        while let field = try GossipRPCDecoder.next(&reader) {
            guard let content = field.bytes else { continue }
            switch field.number {
            case 1: subscriptions.append(try decoder.subscription(content))
            case 2: publications.append(try decoder.publication(content))
            case 3: try decoder.control(content, into: &self)
            default: break
            }
        }
    }

    package func encoded() -> [UInt8] {
        var writer = WireWriter()
        for subscription in subscriptions {
            var option = WireWriter()
            if subscription.isSubscribing { option.write(1, 1) }
            option.write(2, subscription.topic.utf8)
            writer.write(1, option.bytes)
        }
        for publication in publications { writer.write(2, Self.encoded(publication)) }
        if hasControl { writer.write(3, encodedControl) }
        return writer.bytes
    }

    /// What a StrictSign signature covers: the prefix and the message's fields 1 to 4.
    package static func signedBytes(of publication: GossipPublication) -> [UInt8] {
        var unsigned = publication
        unsigned.signature = []
        unsigned.key = []
        return Array("libp2p-pubsub:".utf8) + encoded(unsigned)
    }

    private static func encoded(_ publication: GossipPublication) -> [UInt8] {
        var writer = WireWriter()
        let fields: [(UInt64, [UInt8])] = [
            (1, publication.from), (2, publication.data), (3, publication.sequenceNumber),
            (4, Array(publication.topic.utf8)), (5, publication.signature), (6, publication.key),
        ]
        for (number, content) in fields where !content.isEmpty { writer.write(number, content) }
        return writer.bytes
    }

    private var encodedControl: [UInt8] {
        var control = WireWriter()
        for announcement in announcements {
            var ihave = WireWriter()
            ihave.write(1, announcement.topic.utf8)
            for id in announcement.ids { ihave.write(2, id.bytes) }
            control.write(1, ihave.bytes)
        }
        if !wanted.isEmpty { control.write(2, Self.encoded(wanted)) }
        for topic in grafts {
            var graft = WireWriter()
            graft.write(1, topic.utf8)
            control.write(3, graft.bytes)
        }
        for prune in prunes {
            var item = WireWriter()
            item.write(1, prune.topic.utf8)
            if prune.backoffSeconds > 0 { item.write(3, prune.backoffSeconds) }
            control.write(4, item.bytes)
        }
        if !unwanted.isEmpty { control.write(5, Self.encoded(unwanted)) }
        return control.bytes
    }

    private static func encoded(_ ids: [GossipMessageID]) -> [UInt8] {
        var writer = WireWriter()
        for id in ids { writer.write(1, id.bytes) }
        return writer.bytes
    }
}
