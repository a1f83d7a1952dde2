internal import Messages

/// Decodes the parts of one RPC and counts them.
struct GossipRPCDecoder {
    private let limits: GossipLimits
    /// Subscriptions, and all parts of the control message but ids: what names a topic.
    private var topicCount = 0
    private var publicationCount = 0
    private var idCount = 0

    init(limits: GossipLimits) { self.limits = limits }

    mutating func subscription(
        _ bytes: ArraySlice<UInt8>
    ) throws(GossipRPCError) -> GossipRPC.Subscription {
        try countTopic()
        var subscription = GossipRPC.Subscription(topic: "", isSubscribing: false)
        try walk(bytes) { field throws(GossipRPCError) in
            switch (field.number, field.value) {
            case (1, .integer(let flag)): subscription.isSubscribing = flag != 0
            case (2, .bytes(let name)): subscription.topic = try topic(name)
            default: break
            }
        }
        return subscription
    }

    mutating func publication(
        _ bytes: ArraySlice<UInt8>
    ) throws(GossipRPCError) -> GossipPublication {
        publicationCount += 1
        guard publicationCount <= limits.publicationsPerRPC else { throw .tooLarge }
        var publication = GossipPublication(topic: "", data: [])
        try walk(bytes) { field throws(GossipRPCError) in
            guard let content = field.bytes else { return }
            switch field.number {
            case 1: publication.from = [UInt8](content)
            case 2: publication.data = [UInt8](content)
            case 3: publication.sequenceNumber = [UInt8](content)
            case 4: publication.topic = try topic(content)
            case 5: publication.signature = [UInt8](content)
            case 6: publication.key = [UInt8](content)
            default: break
            }
        }
        return publication
    }

    mutating func control(
        _ bytes: ArraySlice<UInt8>, into rpc: inout GossipRPC
    ) throws(GossipRPCError) {
        var reader = WireReader(bytes)
        while let field = try Self.next(&reader) {
            guard let content = field.bytes else { continue }
            switch field.number {
            case 1: rpc.announcements.append(try announcement(content))
            case 2: rpc.wanted += try ids(content, field: 1)
            case 3: rpc.grafts.append(try graft(content))
            case 4: rpc.prunes.append(try prune(content))
            case 5: rpc.unwanted += try ids(content, field: 1)
            default: break
            }
        }
    }

    private mutating func announcement(
        _ bytes: ArraySlice<UInt8>
    ) throws(GossipRPCError) -> GossipRPC.Announcement {
        try countTopic()
        return GossipRPC.Announcement(
            topic: try topic(field: 1, of: bytes), ids: try ids(bytes, field: 2))
    }

    private mutating func graft(_ bytes: ArraySlice<UInt8>) throws(GossipRPCError) -> String {
        try countTopic()
        return try topic(field: 1, of: bytes)
    }

    private mutating func prune(
        _ bytes: ArraySlice<UInt8>
    ) throws(GossipRPCError) -> GossipRPC.Prune {
        try countTopic()
        var prune = GossipRPC.Prune(topic: "", backoffSeconds: 0, offeredPeerCount: 0)
        try walk(bytes) { field throws(GossipRPCError) in
            switch (field.number, field.value) {
            case (1, .bytes(let name)): prune.topic = try topic(name)
            case (2, .bytes): prune.offeredPeerCount += 1
            case (3, .integer(let seconds)): prune.backoffSeconds = seconds
            default: break
            }
        }
        return prune
    }

    private mutating func ids(
        _ bytes: ArraySlice<UInt8>, field number: UInt64
    ) throws(GossipRPCError) -> [GossipMessageID] {
        var found: [GossipMessageID] = []
        var reader = WireReader(bytes)
        while let field = try Self.next(&reader) {
            guard field.number == number, let content = field.bytes else { continue }
            idCount += 1
            guard idCount <= limits.idsPerRPC, content.count <= limits.messageIDByteCount else {
                throw .tooLarge
            }
            found.append(GossipMessageID(bytes: [UInt8](content)))
        }
        return found
    }

    private mutating func countTopic() throws(GossipRPCError) {
        topicCount += 1
        guard topicCount <= limits.topicsPerRPC else { throw .tooLarge }
    }

    /// The last field of that number, as protobuf has it.
    private func topic(
        field number: UInt64, of bytes: ArraySlice<UInt8>
    ) throws(GossipRPCError) -> String {
        var name = ""
        try walk(bytes) { field throws(GossipRPCError) in
            if field.number == number, let content = field.bytes { name = try topic(content) }
        }
        return name
    }

    private func topic(_ bytes: ArraySlice<UInt8>) throws(GossipRPCError) -> String {
        guard bytes.count <= limits.topicByteCount else { throw .tooLarge }
        guard let name = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        return name
    }

    private func walk(
        _ bytes: ArraySlice<UInt8>,
        _ body: (WireReader.Field) throws(GossipRPCError) -> Void
    ) throws(GossipRPCError) {
        var reader = WireReader(bytes)
        while let field = try Self.next(&reader) { try body(field) }
    }

    static func next(_ reader: inout WireReader) throws(GossipRPCError) -> WireReader.Field? {
        do {
            return try reader.next()
        } catch {
            throw .malformed
        }
    }
}
